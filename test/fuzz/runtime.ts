import { randomBytes } from 'node:crypto';
import { runtimeOn } from '../../cloudfunctions/_shared/cloud/runtime.ts';

export const KEY = 'fuzz0fuzz1fuzz2fuzz3fuzz4fuzz5fu';
export const PREVIOUS_KEY = 'older0older1older2older3older4ol';
export const MERCHANT = { appid: 'wxd930ea5d5a258f4f', mch_id: '1900000109' } as const;

export const NOW = new Date('2027-01-15T02:30:00Z');

/** What a function lives on in this process, and what it did there. */
export function fuzzedRuntime(openid?: string) {
  const lines: string[] = [];
  let opened = 0;
  const environment = JSON.stringify({ WX_OPENID: openid, WX_APPID: MERCHANT.appid, TCB_ENV: 'fuzz' });
  const world = runtimeOn({
    clock: { now: () => NOW },
    // Nothing here waits for anything, so no time limit is ever reached.
    timers: { after: () => () => {} },
    random: randomBytes,
    chance: Math.random,
    variables: {
      WECHAT_PAY_MCH_ID: MERCHANT.mch_id,
      WECHAT_PAY_API_KEY: KEY,
      WECHAT_PAY_API_KEY_PREVIOUS: PREVIOUS_KEY,
      WECHAT_PAY_NOTIFY_URL: 'https://pay.example.com/payNotify',
    },
    write: (line) => lines.push(line),
    loadSdk: () => {
      opened++;
      return Promise.reject(new Error('There is no database here.'));
    },
    connect: () => () => Promise.reject(new Error('There is no WeChat Pay here.')),
    connectWeixin: () => () => Promise.reject(new Error('There is no api.weixin.qq.com here.')),
    connectRobot: () => () => Promise.reject(new Error('There is no robot here.')),
  });
  return {
    world,
    context: { environment },
    /** What was written, and how often the database was opened, since this was asked last. */
    trail() {
      const trail = { lines: lines.splice(0), opened };
      opened = 0;
      return trail;
    },
  };
}
