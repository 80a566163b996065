import { expect, test } from 'vitest';
import vectors from '../../vectors/virtual-payment.json' with { type: 'json' };
import {
  ACCOUNT,
  ANDROID,
  createWorld,
  DAY_MS,
  HOUR_MS,
  IPHONE,
  MINUTE_MS,
  NO,
  NUMBER,
  OPENID,
  SECOND_MS,
  SOMEBODY_ELSE,
} from './world.ts';

test.each(vectors.negative_server)(
  'pay_sig: $id is refused with $errcode',
  async ({ body, wrong_value, errcode }) => {
    const world = createWorld();
    const access_token = String((await world.token()).access_token);
    const query = new URLSearchParams({ access_token, pay_sig: wrong_value });
    const answer = await world.ask('POST', `/xpay/query_order?${query}`, body);
    expect(answer).toMatchObject({ errcode, errmsg: expect.stringMatching(/ rid: [0-9a-f-]{26}$/) });
  },
);

/** Everything is wrong, and is put right one after the other. */
test('the checks come in the order in which they were seen', async () => {
  const world = createWorld();
  const bad = { openid: 'oInvented', env: 0, order_id: NUMBER, extra: 1 };
  const errcodes = async () => [
    (await world.ask('GET', '/xpay/query_order')).errcode,
    (await world.ask('POST', '/xpay/query_order', '{}')).errcode,
    (await world.xpay('query_order', bad, { access_token: 'invented', pay_sig: 'x' })).errcode,
    (await world.xpay('query_order', bad, { pay_sig: 'x' })).errcode,
    (await world.xpay('query_order', bad)).errcode,
    (await world.xpay('query_order', { ...bad, openid: OPENID })).errcode,
    (await world.query()).errcode,
  ];
  expect(await errcodes()).toEqual([43002, 41001, 40001, 268490003, 268490001, 268490002, 268490002]);
  world.virtualpay.account.isOpened = false;
  expect((await errcodes()).slice(2)).toEqual([40001, 48001, 48001, 48001, 48001]);
});

test('there are two ways to say that there is no such order', async () => {
  const world = createWorld();
  expect(await world.query()).toEqual({
    errcode: 268490002,
    errmsg: expect.stringMatching(/^数据不存在 rid: /),
    order: null,
  });
  world.virtualpay.faults.add({ kind: 'null-order' });
  expect(await world.query()).toEqual({ errcode: 0, errmsg: null, order: null });
});

test.each([
  ['another openid', { openid: SOMEBODY_ELSE }],
  ['another env', { env: 1 }],
  ['both numbers', { wx_order_id: 'VPO1' }],
  ['neither number', { order_id: undefined }],
])('an order is not there for %s', async (_, fields) => {
  const world = createWorld();
  await world.pay();
  expect(await world.query(fields)).toMatchObject({ errcode: 268490002, order: null });
});

test('an order walks from created over paid and delivering to delivered', async () => {
  const world = createWorld();
  const status = async () => Object((await world.query()).order).status;
  const shown = await world.open();
  if (shown.kind !== 'shown') throw new Error(shown.why);
  expect(await status()).toBe(1);
  let answer = () => {};
  world.answering(() => new Promise((resolve) => (answer = () => resolve({ ErrCode: 0 }))));
  world.virtualpay.cashDesk.pay(shown.id);
  expect(await status()).toBe(2);
  const advanced = world.clock.advance(0);
  await new Promise(setImmediate);
  expect(await status()).toBe(3);
  answer();
  await advanced;
  await world.virtualpay.eventsSettled();
  expect(await status()).toBe(4);
});

test('a paid order has the fields of the live sample, and env_type counts from 1', async () => {
  const world = createWorld();
  await world.pay();
  await world.clock.advance(0);
  const { order } = await world.query();
  const sample = vectors.answers.find(({ id }) => id === 'query-paid-delivered')?.body.order;
  expect(Object.keys(Object(order)).sort()).toEqual(Object.keys(Object(sample)).sort());
  expect(order).toMatchObject({
    ...{
      order_id: NUMBER,
      env_type: 1,
      order_type: 0,
      status: 4,
      order_fee: 990,
      paid_fee: 990,
      left_fee: 990,
    },
    biz_meta: '{"attach":"city.1"}',
  });
});

test('a payment may be hidden for a while, and left_fee may be missing', async () => {
  const world = createWorld();
  world.virtualpay.faults.add({ kind: 'hide-payment', ms: 2 * MINUTE_MS });
  await world.pay();
  expect((await world.query()).order).toMatchObject({ status: 1, paid_fee: 0 });
  await world.clock.advance(2 * MINUTE_MS);
  world.virtualpay.faults.add({ kind: 'null-left-fee' });
  expect((await world.query()).order).toMatchObject({ status: 4, left_fee: null });
});

test('an unpaid order is closed after two hours', async () => {
  const world = createWorld();
  await world.open();
  await world.clock.advance(2 * HOUR_MS);
  expect((await world.query()).order).toMatchObject({ status: 6 });
});

test('notify_provide_goods makes a paid order delivered, with or without pay_sig', async () => {
  const world = createWorld();
  world.answering(async () => NO);
  const provide = () => world.xpay('notify_provide_goods', { order_id: NUMBER, env: 0 });
  expect(await provide()).toMatchObject({ errcode: 268490002 });
  await world.pay();
  expect(await provide()).toEqual({ errcode: 0, errmsg: 'OK' });
  expect((await world.query()).order).toMatchObject({ status: 4 });
  world.virtualpay.faults.add({ kind: 'empty-provide' });
  expect(await provide()).toEqual({});
  const access_token = String((await world.token()).access_token);
  const url = `/xpay/notify_provide_goods?access_token=${access_token}`;
  expect(await world.ask('POST', url, JSON.stringify({ order_id: NUMBER, env: 0 }))).toMatchObject({
    errcode: 0,
  });
});

test('the rest of a run goes on in the next one', async () => {
  const world = createWorld();
  world.answering(async () => NO);
  await world.pay();
  await world.clock.advance(SECOND_MS);
  const saved = JSON.parse(
    JSON.stringify({ orders: world.virtualpay.orders(), items: world.virtualpay.items() }),
  );
  const next = createWorld({ ...saved });
  expect(next.virtualpay.order(0, NUMBER)).toEqual(world.virtualpay.order(0, NUMBER));
  await next.clock.advance(2 * SECOND_MS);
  expect(next.pushed.map(({ event }) => event.RetryTimes)).toEqual([1]);
  expect((await next.query()).order).toMatchObject({ status: 4 });
});

test('a sandbox order is known in the sandbox only', async () => {
  const world = createWorld();
  await world.pay({ env: 1 }, { ...ANDROID, envVersion: 'develop' });
  expect(await world.query()).toMatchObject({ errcode: 268490002 });
  expect((await world.query({ env: 1 })).order).toMatchObject({ env_type: 2 });
  expect(ACCOUNT.app_keys[0]).not.toBe(ACCOUNT.app_keys[1]);
});

test('what Apple was paid has its own order_type', async () => {
  const world = createWorld();
  await world.pay({}, IPHONE);
  await world.clock.advance(DAY_MS);
  expect((await world.query()).order).toMatchObject({ order_type: 7, status: 4, wxpay_order_id: '' });
});
