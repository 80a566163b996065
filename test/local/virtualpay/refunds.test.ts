import { expect, test } from 'vitest';
import vectors from '../../vectors/virtual-payment.json' with { type: 'json' };
import { createWorld, DAY_MS, IPHONE, MINUTE_MS, NUMBER, OPENID } from './world.ts';

const REFUND = 'R20261127abcdef';
type World = ReturnType<typeof createWorld>;

async function paidWorld(phone?: typeof IPHONE): Promise<World> {
  const world = createWorld();
  await world.pay({}, phone);
  await world.clock.advance(0);
  return world;
}

const orderOf = async (world: World, order_id = NUMBER) => (await world.query({ order_id })).order;

test('a refund is accepted, done after a while, and told by an event', async () => {
  const world = await paidWorld();
  expect(await world.refund()).toMatchObject({ errcode: 0, refund_order_id: REFUND, pay_order_id: NUMBER });
  expect(await orderOf(world, REFUND)).toMatchObject({ order_type: 1, status: 1, refund_fee: 0 });
  expect(await orderOf(world)).toMatchObject({ status: 4, left_fee: 990 });
  await world.clock.advance(MINUTE_MS);
  expect(await orderOf(world, REFUND)).toMatchObject({ status: 8, refund_fee: 990 });
  expect(await orderOf(world)).toMatchObject({ status: 5, left_fee: 0, refund_fee: 990 });
  const event = world.pushed.at(-1)?.event;
  const sample = vectors.events.find(({ id }) => id === 'refund-ok')?.body;
  expect(Object.keys(Object(event)).sort()).toEqual(Object.keys(Object(sample)).sort());
  expect(event).toMatchObject({ MchOrderId: NUMBER, MchRefundId: REFUND, RefundFee: 990, RetCode: 0 });
});

test('after a part of it the order says refunded, and later what it said before', async () => {
  const world = await paidWorld();
  await world.refund({ refund_fee: 300 });
  await world.clock.advance(MINUTE_MS);
  expect(await orderOf(world)).toMatchObject({ status: 5, left_fee: 690 });
  await world.clock.advance(30 * MINUTE_MS);
  expect(await orderOf(world)).toMatchObject({ status: 4, left_fee: 690, refund_fee: 300 });
  expect(
    await world.refund({ refund_order_id: 'R-second-0001', left_fee: 690, refund_fee: 690 }),
  ).toMatchObject({
    errcode: 0,
  });
  await world.clock.advance(MINUTE_MS);
  expect(await orderOf(world)).toMatchObject({ status: 5, left_fee: 0 });
});

test.each([
  ['left_fee that is not so', { left_fee: 989 }, 268490016],
  ['more than is left', { refund_fee: 991 }, 268490002],
  ['nothing', { refund_fee: 0 }, 268490002],
  ['a short number', { refund_order_id: 'R1' }, 268490002],
  ['a reason as a number', { refund_reason: 3 }, 268490002],
  ['req_from 4', { req_from: '4' }, 268490002],
  ['our number as wx_order_id', { order_id: undefined, wx_order_id: NUMBER }, 268490002],
  ['the number of an order', { refund_order_id: NUMBER }, 268490002],
])('a refund with %s is refused', async (_, fields, errcode) => {
  const world = await paidWorld();
  expect(await world.refund(fields)).toMatchObject({ errcode });
  expect(world.virtualpay.order(0, NUMBER)?.refunds).toEqual([]);
});

test('the same again is the same answer; another under its number, or beside it, is refused', async () => {
  const world = await paidWorld();
  const first = await world.refund({ refund_fee: 300 });
  expect(await world.refund({ refund_fee: 300 })).toEqual(first);
  expect(await world.refund({ refund_fee: 200 })).toMatchObject({ errcode: 268490002 });
  expect(await world.refund({ refund_order_id: 'R-second-0001' })).toMatchObject({ errcode: 268490014 });
  expect(world.virtualpay.order(0, NUMBER)?.refunds).toHaveLength(1);
});

test('nothing goes back of an unpaid order, or after a year', async () => {
  const world = createWorld();
  await world.open();
  expect(await world.refund()).toMatchObject({ errcode: 268490002 });
  const paid = await paidWorld();
  await paid.clock.advance(366 * DAY_MS);
  expect(await paid.refund()).toMatchObject({ errcode: 268490002 });
});

test('a refund that fails leaves the money, and says so', async () => {
  const world = await paidWorld();
  world.virtualpay.faults.add({ kind: 'fail-refund' });
  await world.refund();
  await world.clock.advance(MINUTE_MS);
  expect(await orderOf(world, REFUND)).toMatchObject({ status: 7 });
  expect(await orderOf(world)).toMatchObject({ status: 7, left_fee: 990 });
  expect(world.pushed.at(-1)?.event).toMatchObject({ RetCode: 1, RefundSuccTimestamp: 0 });
});

test('a refund that is done may be shown as under way once more', async () => {
  const world = await paidWorld();
  await world.refund();
  await world.clock.advance(MINUTE_MS);
  world.virtualpay.faults.add({ kind: 'hide-refund', out_trade_no: NUMBER });
  expect(await orderOf(world, REFUND)).toMatchObject({ order_type: 1, status: 1, refund_fee: 0 });
  expect(await orderOf(world, REFUND)).toMatchObject({ status: 8, refund_fee: 990 });
});

test('by hand in the console it has a number that nobody asked for', async () => {
  const world = await paidWorld();
  world.virtualpay.refundByHand(0, NUMBER);
  await world.clock.advance(MINUTE_MS);
  expect(await orderOf(world)).toMatchObject({ status: 5, left_fee: 0 });
});

test('only Apple gives back what Apple was paid', async () => {
  const world = await paidWorld(IPHONE);
  expect(await world.refund()).toMatchObject({
    errmsg: expect.stringContaining('IOS订单不支持开发者发起退款'),
  });
});

test.each([
  ['agrees', { result_code: 0, result_info: 'agree', evidence: '' }, 'agree', 1, true],
  ['refuses', { result_code: 1, result_info: 'used', evidence: '' }, 'refuse', 1, false],
  ['answers an event', { ErrCode: 0, ErrMsg: 'success' }, 'undecided', 3, true],
])("a function that %s to Apple's question", async (_, reply, answer, asked, isRefunded) => {
  const world = await paidWorld(IPHONE);
  world.answering(async () => reply);
  expect(await world.virtualpay.askApple(NUMBER)).toEqual({ answer, asked, isRefunded });
  const sample = vectors.events.find(({ id }) => id === 'ios-refund-question')?.body;
  const question = world.pushed.at(-1);
  expect(Object.keys(Object(question?.event)).sort()).toEqual(Object.keys(Object(sample)).sort());
  expect(question?.timeout_ms).toBe(3000);
  await world.clock.advance(MINUTE_MS);
  expect(await orderOf(world)).toMatchObject(isRefunded ? { status: 5 } : { status: 4 });
  if (isRefunded) expect(world.pushed.at(-1)?.event).toMatchObject({ OpenId: OPENID, Attach: 'city.1' });
});
