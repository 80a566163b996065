import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { afterEach, describe, expect, test } from 'vitest';
import { WorldClock } from '../../scripts/local/clock.ts';
import { Trace } from '../../scripts/local/trace.ts';
import { serveWeChatPay } from '../../scripts/local/wechatpay/server.ts';
import type { SignType } from '../../scripts/local/wechatpay/sign.ts';
import { createWeChatPay } from '../../scripts/local/wechatpay/wechatpay.ts';

const MERCHANT = {
  appid: 'wxd930ea5d5a258f4f',
  mch_id: '1900000109',
  api_key: '8934e7d15453e97507ef794cf7b0519d',
};
const PAYER = { openid: 'oUpF8uMEb4qRXf22hE3X68TekukE', appid: MERCHANT.appid };
const SIX_MINUTES_MS = 6 * 60_000;

const PACKAGES = ['tenpay', 'wechatpay-axios-plugin'] as const;
const missing = PACKAGES.filter((name) => !existsSync(new URL(`node_modules/${name}`, import.meta.url)));
const HOW = `${missing.join(' and ')} not installed: npm ci --prefix test/third-party`;
const required = process.env.CI !== undefined;
if (missing.length > 0)
  console.warn(
    `The tests of third-party SDKs against WeChat Pay ${required ? 'FAIL' : 'are skipped'}. ${HOW}`,
  );

const skipped = missing.length > 0 && !required;

test.skipIf(skipped)('third-party SDKs are installed', () => {
  expect(missing, HOW).toEqual([]);
});

const toEnd: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of toEnd.splice(0)) await end();
});

// tenpay learns from a notice's sign_type that it is HMAC-SHA256, and takes it for MD5 without.
const ROWS: [(typeof PACKAGES)[number], SignType, boolean][] = [
  ['tenpay', 'MD5', false],
  ['tenpay', 'MD5', true],
  ['tenpay', 'HMAC-SHA256', true],
  ['wechatpay-axios-plugin', 'MD5', false],
  ['wechatpay-axios-plugin', 'HMAC-SHA256', false],
  ['wechatpay-axios-plugin', 'HMAC-SHA256', true],
];

describe.skipIf(missing.length > 0)('unmodified, it orders, receives notices, queries and closes', () => {
  test.each(ROWS)('%s, %s, sign_type in notices: %s', async (name, sign_type, noticeSignType) => {
    const clock = new WorldClock();
    toEnd.push(() => clock.dispose());
    const { api_key, mch_id, appid } = MERCHANT;
    const wechatpay = createWeChatPay({
      clock,
      random: Math.random,
      trace: new Trace(() => clock.now()),
      merchants: [{ mch_id, api_key, appids: [appid] }],
      shoppers: [PAYER],
      noticeSignType,
    });
    const server = await serveWeChatPay(wechatpay);
    toEnd.push(() => server.close());
    const program = fork(fileURLToPath(new URL(`${name}.cjs`, import.meta.url)));
    toEnd.push(() => program.kill());

    program.send({ ...MERCHANT, sign_type, openid: PAYER.openid, gateway: server.url });
    const { payment } = v.parse(
      v.object({ payment: v.record(v.string(), v.string()) }),
      await received(program),
    );
    await wechatpay.forgeNotice(mch_id, 'third-party-1', 'wrong sign');
    await wechatpay.forgeNotice(mch_id, 'third-party-1', 'changed amount');
    expect(wechatpay.cashier.pay(payment, PAYER)).toEqual({ kind: 'done', errMsg: 'requestPayment:ok' });
    await clock.advance(SIX_MINUTES_MS);
    await wechatpay.noticesSettled();
    expect(wechatpay.order(mch_id, 'third-party-1')?.notices).toMatchObject([{ outcome: 'SUCCESS' }]);

    program.send('paid');
    expect(await received(program)).toEqual({
      notices: [false, false, true],
      refused: expect.stringMatching(/INVALID_REQUEST|result_code's value is FAIL/),
      paid: 'SUCCESS',
      total_fee: '3200',
      closed: 'CLOSED',
    });
  });
});

async function received(program: ChildProcess): Promise<unknown> {
  const ended = once(program, 'exit').then(([code]) => {
    throw new Error(`The third-party program ended with ${code}; its words are above`);
  });
  const [message] = await Promise.race([once(program, 'message'), ended]);
  return message;
}
