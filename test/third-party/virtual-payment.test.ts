import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { afterEach, expect, test } from 'vitest';
import { signVirtualPayment } from '../../cloudfunctions/_shared/virtualpay/payment.ts';
import { WorldClock } from '../../scripts/local/clock.ts';
import { Trace } from '../../scripts/local/trace.ts';
import { createVirtualPay } from '../../scripts/local/virtualpay/virtualpay.ts';
import { serveWeixin } from '../../scripts/local/weixin/server.ts';
import { createWeixin } from '../../scripts/local/weixin/weixin.ts';

const APP = { appid: 'wxd930ea5d5a258f4f', secret: 'secretsecretsecretsecretsecret00' };
const ACCOUNT = {
  offer_id: '1450000000',
  app_keys: { 0: 'demo-live-appkey-0123456789abcdef', 1: 'sandbox' },
};
const OPENID = 'oUrsfxxxxxxxxxx';
const MINUTE_MS = 60_000;
const ITEM = {
  ...{ id: 'vip_1m_1800', name: '会员 1 个月', price: 1800, remark: '<全部内容> & 更多' },
  item_url: 'https://example.com/vip.png',
};
const ORDER = {
  outTradeNo: 'M20261127abcdef0123456789',
  productId: ITEM.id,
  goodsPrice: ITEM.price,
  attach: '会员😀',
};

const Signed = v.object({
  signData: v.string(),
  mode: v.string(),
  paySig: v.string(),
  signature: v.string(),
});
const Session = v.object({ openid: v.string(), session_key: v.string() });
const Message = v.object({ answer: v.optional(v.unknown()), error: v.optional(v.string()) });

const toEnd: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

/** No package on npm signs virtual payment, so this one was written from WeChat's pages alone. */
test('a merchant who knows only the documents sells, asks, delivers and refunds', async () => {
  const clock = new WorldClock();
  toEnd.push(() => clock.dispose());
  const base = { clock, random: Math.random, trace: new Trace(() => clock.now()) };
  const weixin = createWeixin({ ...base, app: APP });
  const virtualpay = createVirtualPay({
    ...base,
    weixin,
    account: ACCOUNT,
    deliver: async () => ({ ErrCode: 1 }),
  });
  const server = await serveWeixin(weixin);
  toEnd.push(() => server.close());
  const merchant = await startMerchant(server.url);

  const session = v.parse(Session, await merchant.ask('login', { js_code: weixin.login(OPENID) }));
  expect(session.openid).toBe(OPENID);
  expect(await merchant.ask('token')).toEqual({ expires_in: 7200 });
  expect(await merchant.ask('upload', { item: ITEM })).toMatchObject({ errcode: 0 });
  await clock.advance(MINUTE_MS);
  expect(await merchant.ask('publish', { id: ITEM.id })).toMatchObject({ errcode: 0 });
  await clock.advance(15 * MINUTE_MS);

  const signed = v.parse(Signed, await merchant.ask('sign', ORDER));
  const { outTradeNo: out_trade_no, productId: item_id, goodsPrice: price, attach } = ORDER;
  const ours = { offer_id: ACCOUNT.offer_id, env: 0, item_id, price, out_trade_no, attach } as const;
  const keys = { app_key: ACCOUNT.app_keys[0], session_key: session.session_key };
  expect(signed, 'the functions sign the same').toEqual(signVirtualPayment(ours, keys));
  const shown = virtualpay.cashDesk.open(signed, { openid: OPENID, platform: 'android' });
  if (shown.kind !== 'shown') throw new Error(shown.why);
  expect(await merchant.ask('query', { order_id: ORDER.outTradeNo })).toMatchObject({ order: { status: 1 } });
  virtualpay.cashDesk.pay(shown.id);
  expect(await merchant.ask('provide', { order_id: ORDER.outTradeNo })).toMatchObject({ errcode: 0 });
  expect(await merchant.ask('query', { order_id: ORDER.outTradeNo })).toMatchObject({
    order: { status: 4, left_fee: 1800 },
  });
  const refund = { order_id: ORDER.outTradeNo, refund_order_id: 'R20261127abcdef', fee: 1800 };
  expect(await merchant.ask('refund', refund)).toMatchObject({ errcode: 0 });
  await clock.advance(2 * MINUTE_MS);
  expect(await merchant.ask('query', { order_id: refund.refund_order_id })).toMatchObject({
    order: { status: 8 },
  });
  expect(await merchant.ask('query', { order_id: ORDER.outTradeNo })).toMatchObject({ order: { status: 5 } });
});

interface Merchant {
  ask(deed: string, fields?: object): Promise<unknown>;
}

async function startMerchant(ORIGIN: string): Promise<Merchant> {
  const { appid: APPID, secret: SECRET } = APP;
  const env = { ORIGIN, APPID, SECRET, OFFER_ID: ACCOUNT.offer_id, APP_KEY: ACCOUNT.app_keys[0] };
  const program = fileURLToPath(new URL('virtual-merchant.cjs', import.meta.url));
  const child = fork(program, { env, execArgv: [] });
  toEnd.push(() => child.kill());
  await next(child);
  return {
    async ask(deed, fields = {}) {
      const answered = next(child);
      child.send({ deed, ...fields });
      return answered;
    },
  };
}

async function next(child: ChildProcess): Promise<unknown> {
  const [message] = await once(child, 'message');
  const { answer, error } = v.parse(Message, message);
  if (error !== undefined) throw new Error(error);
  return answer;
}
