import type { TestContext } from 'vitest';
import { WorldClock } from '../../scripts/local/clock.ts';
import { Trace } from '../../scripts/local/trace.ts';
import { createVirtualPay } from '../../scripts/local/virtualpay/virtualpay.ts';
import { serveWeixin } from '../../scripts/local/weixin/server.ts';
import { createWeixin } from '../../scripts/local/weixin/weixin.ts';
import { VARIABLES } from './project.ts';

export const APPID = 'wx0123456789abcdef';

const SECRET = '0123456789abcdef0123456789abcdef';
const APP_KEY = 'live-app-key-0123456789abcdef012';

/** The local api.weixin.qq.com with virtual payment, for a deployment that runs by the same clock. */
export async function openWeixin({ onTestFinished }: TestContext) {
  const clock = new WorldClock({ source: () => Date.UTC(2026, 10, 27, 10) });
  const world = { clock, random: Math.random, trace: new Trace(() => clock.now()) };
  const weixin = createWeixin({ ...world, app: { appid: APPID, secret: SECRET } });
  const app_keys = { 0: APP_KEY, 1: 'sandbox-app-key-0123456789abcdef' };
  const account = { offer_id: '1450000000', app_keys };
  const deliver = () => Promise.reject(new Error('nobody buys here'));
  const virtualpay = createVirtualPay({ ...world, weixin, account, deliver });
  const server = await serveWeixin(weixin);
  onTestFinished(async () => {
    clock.dispose();
    await server.close();
  });
  return {
    clock,
    weixin,
    virtualpay,
    /** `.env` of a shop whose products are paid by virtual payment. */
    variables: {
      ...VARIABLES,
      WEIXIN_API_ORIGIN: server.url,
      WEIXIN_APP_SECRET: SECRET,
      VIRTUAL_PAY_OFFER_ID: '1450000000',
      VIRTUAL_PAY_APP_KEY: APP_KEY,
      VIRTUAL_PAY_ITEM_URL: 'https://shop.example/item.png',
      // The shim lets time limits of up to five seconds pass at once.
      WECHAT_PAY_TIMEOUT_MS: '6000',
    },
  };
}

export type WeixinDesk = Awaited<ReturnType<typeof openWeixin>>;
