import { expect, test } from 'vitest';
import { sign } from '../../../scripts/local/wechatpay/sign.ts';
import { spellTime } from '../../../scripts/local/wechatpay/spelling.ts';
import {
  BIRTH,
  createWorld,
  DAY_MS,
  HOUR_MS,
  MERCHANT,
  MINUTE_MS,
  OTHER,
  OUT_TRADE_NO,
  PAYER,
} from './world.ts';

/** An order that lives longer than its prepay_id. */
const LONG = { time_expire: spellTime(new Date(BIRTH + 5 * HOUR_MS)) };

async function ordered(parameters = {}) {
  const world = createWorld();
  return { ...world, prepaid: await world.order(parameters) };
}

test('the same parameters again give the same prepay_id, whatever nonce_str', async () => {
  const { order, prepaid } = await ordered();
  expect((await order({ nonce_str: 'another', sign_type: 'MD5', attach: '' })).prepay_id).toBe(
    prepaid.prepay_id,
  );
});

test('after two hours they give a new one', async () => {
  const { clock, order, prepaid } = await ordered(LONG);
  await clock.advance(2 * HOUR_MS);
  const again = await order(LONG);
  expect(again.result_code).toBe('SUCCESS');
  expect(again.prepay_id).not.toBe(prepaid.prepay_id);
});

test('a world where every repeat gives a new prepay_id', async () => {
  const world = createWorld({ freshPrepayId: true });
  const ids = [await world.order(), await world.order()].map(({ prepay_id }) => prepay_id);
  expect(new Set(ids).size).toBe(2);
  expect(world.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.prepays).toHaveLength(2);
});

test.each([
  ['total_fee', { total_fee: '1' }],
  ['body', { body: 'x' }],
  ['openid', { openid: 'oSomebodyElse' }],
  ['notify_url', { notify_url: 'http://127.0.0.1:8080/other' }],
  ['spbill_create_ip', { spbill_create_ip: '127.0.0.2' }],
  ['time_expire', LONG],
  ['sign_type', { sign_type: 'HMAC-SHA256' }],
  ['a parameter more', { attach: 'x' }],
])('another %s under the same number is refused', async (_name, changed) => {
  const { order } = await ordered();
  const answer = await order(changed);
  expect(answer).toMatchObject({
    return_code: 'SUCCESS',
    err_code: 'INVALID_REQUEST',
    err_code_des: '201 商户订单号重复',
  });
  expect(answer.sign).toMatch(/^[0-9A-F]{32,64}$/);
});

test('numbers are the merchant’s own: another merchant may use the same', async () => {
  const { ask, order, query } = await ordered();
  const theirs = { mch_id: OTHER.mch_id, appid: 'wx2421b1c4370ec43b', out_trade_no: OUT_TRADE_NO };
  expect((await ask('orderquery', theirs, OTHER.api_key)).err_code).toBe('ORDERNOTEXIST');
  expect((await order()).result_code).toBe('SUCCESS');
  expect((await query()).trade_state).toBe('NOTPAY');
});

test('ordering again is refused once paid or closed', async () => {
  const { order, wechatpay, clock, close } = await ordered();
  await clock.advance(6 * MINUTE_MS);
  await close();
  expect(await order()).toMatchObject({ err_code: 'ORDERCLOSED', err_code_des: '订单已关闭' });
  wechatpay.force(MERCHANT.mch_id, OUT_TRADE_NO, 'SUCCESS');
  await clock.advance(HOUR_MS);
  expect(await order()).toMatchObject({ err_code: 'ORDERPAID', err_code_des: '该订单已支付' });
});

test('an order that is over by its time_expire cannot be ordered again, and stays NOTPAY', async () => {
  const { order, clock, query } = await ordered();
  await clock.advance(30 * MINUTE_MS);
  expect((await order()).return_msg).toContain('time_expire');
  expect((await query()).trade_state).toBe('NOTPAY');
});

test('in its last five minutes it still can', async () => {
  const { order, clock } = await ordered();
  await clock.advance(29.5 * MINUTE_MS);
  expect((await order()).result_code).toBe('SUCCESS');
});

test('a world after the later documents wants one minute to time_expire', async () => {
  const world = createWorld({ time_expire_min_minutes: 1 });
  expect((await world.order({ time_expire: '20270115120100' })).return_msg).toContain('其他5分钟');
  expect((await world.order({ time_expire: '20270115120101' })).result_code).toBe('SUCCESS');
});

test('the five minutes are counted from when the order arrives, not from time_start', async () => {
  const world = createWorld();
  await world.clock.advance(1000);
  expect((await world.order({ time_expire: '20270115120501' })).return_msg).toContain('time_expire');
  expect((await world.order({ time_expire: '20270115120502' })).result_code).toBe('SUCCESS');
});

test('unpaid, it is closed after seven days', async () => {
  const { clock, query, close, order } = await ordered();
  await clock.advance(7 * DAY_MS - 1);
  expect((await query()).trade_state).toBe('NOTPAY');
  await clock.advance(1);
  expect((await query()).trade_state).toBe('CLOSED');
  expect((await close()).err_code).toBe('ORDERCLOSED');
  expect((await order()).err_code).toBe('ORDERCLOSED');
});

test('closing: not within five minutes of the last unifiedorder, then once', async () => {
  const { clock, order, close, query } = await ordered();
  await clock.advance(4 * MINUTE_MS);
  await order();
  await clock.advance(5 * MINUTE_MS - 1);
  expect(await close()).toMatchObject({ result_code: 'FAIL', err_code: 'TRADE_STATE_ERROR' });
  await clock.advance(1);
  expect(await close()).toMatchObject({ return_code: 'SUCCESS', result_code: 'SUCCESS', result_msg: 'OK' });
  expect(await close()).toMatchObject({ result_code: 'FAIL', err_code: 'ORDERCLOSED' });
  expect(await query()).toMatchObject({ trade_state: 'CLOSED', trade_state_desc: '订单已关闭', attach: '' });
});

test('what was never ordered exists for nobody', async () => {
  const { query, close } = createWorld();
  expect(await query()).toMatchObject({ err_code: 'ORDERNOTEXIST', err_code_des: 'order not exist' });
  expect(await close()).toMatchObject({ err_code: 'ORDERNOTEXIST' });
});

test('an order belongs to the app it was made for, not to every app of the merchant', async () => {
  const second = 'wx8888888888888888';
  const world = createWorld({ merchants: [{ ...MERCHANT, appids: [PAYER.appid, second] }] });
  await world.order();
  await world.clock.advance(6 * MINUTE_MS);
  const theirs = { appid: second, out_trade_no: OUT_TRADE_NO };
  expect((await world.query(theirs)).err_code).toBe('ORDERNOTEXIST');
  expect((await world.close(theirs)).err_code).toBe('ORDERNOTEXIST');
});

test('a question about nothing lacks a parameter', async () => {
  expect((await createWorld().query({})).return_msg).toBe('缺少参数');
});

test('an unpaid order reports only what is known, signed', async () => {
  const { query } = await ordered();
  const { nonce_str, sign: signature, ...report } = await query();
  expect(report).toEqual({
    return_code: 'SUCCESS',
    return_msg: 'OK',
    appid: PAYER.appid,
    mch_id: MERCHANT.mch_id,
    result_code: 'SUCCESS',
    device_info: '',
    total_fee: '4800',
    out_trade_no: OUT_TRADE_NO,
    trade_state: 'NOTPAY',
    trade_state_desc: '订单未支付',
  });
  expect(signature).toBe(sign({ ...report, nonce_str: nonce_str ?? '' }, MERCHANT.api_key, 'MD5'));
});

test('an answer is signed by the algorithm of its request', async () => {
  const { query } = await ordered();
  const report = await query({ out_trade_no: OUT_TRADE_NO, sign_type: 'HMAC-SHA256' });
  expect(report.sign).toBe(sign(report, MERCHANT.api_key, 'HMAC-SHA256'));
});

test.each([
  ['NOTPAY', false],
  ['USERPAYING', false],
  ['PAYERROR', false],
  ['CLOSED', false],
  ['REVOKED', false],
  ['ACCEPT', false],
  ['SUCCESS', true],
  ['REFUND', true],
] as const)('%s is reported, with a payment: %s', async (trade_state, paid) => {
  const { wechatpay, query } = await ordered();
  wechatpay.force(MERCHANT.mch_id, OUT_TRADE_NO, trade_state);
  const report = await query();
  expect(report).toMatchObject({ result_code: 'SUCCESS', out_trade_no: OUT_TRADE_NO, trade_state });
  expect('transaction_id' in report && 'time_end' in report && 'openid' in report).toBe(paid);
});

test('a paid order is found by its transaction_id, which counts before out_trade_no', async () => {
  const { wechatpay, query, order } = await ordered();
  wechatpay.force(MERCHANT.mch_id, OUT_TRADE_NO, 'SUCCESS');
  await order({ out_trade_no: 'order-0002' });
  const { transaction_id } = await query();
  expect((await query({ transaction_id, out_trade_no: 'order-0002' })).out_trade_no).toBe(OUT_TRADE_NO);
  expect((await query({ transaction_id: '4200000000202701150000000000' })).err_code).toBe('ORDERNOTEXIST');
});

test('a snapshot is a copy', async () => {
  const { wechatpay } = await ordered();
  const [snapshot] = wechatpay.orders();
  if (snapshot) Object.assign(snapshot, { trade_state: 'SUCCESS' });
  expect(wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.trade_state).toBe('NOTPAY');
});
