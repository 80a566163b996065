import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { MINUTE_MS, openShop, type Shop, TIMER_MS } from './shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});
afterEach(() => shop.wechatpay.faults.clear());
afterAll(() => shop.close());

const ORDERQUERY = '/pay/orderquery';

/** So many orders, each of a shopper of its own, due by now; no timer runs before the test is over. */
async function dueOrders(count: number): Promise<string[]> {
  await shop.untilTimer();
  const placed = await Promise.all(Array.from({ length: count }, () => shop.place(shop.newShopper())));
  await shop.clock.advance(40_000);
  return placed.map(({ order }) => order.out_trade_no);
}

test('two sweeps at once ask about each order once', async () => {
  const numbers = await dueOrders(12);
  const before = numbers.map((number) => shop.asked(ORDERQUERY, number));
  for (const number of numbers) shop.wechatpay.force(MERCHANT.mch_id, number, 'SUCCESS');
  // Both have read what is due before either claims any of it.
  const slow = {
    kind: 'slow',
    function: 'queryOrders',
    action: 'database.getDocument',
    times: 2,
    ms: 1,
  } as const;
  shop.cloud.faults.add({ ...slow, collection: 'orders' });
  const sweeps = Promise.all([shop.sweep(), shop.sweep()]);
  await expect.poll(() => shop.cloud.faults.waiting(), { timeout: 20_000 }).toEqual([]);
  await shop.clock.advance(1);
  const reports = await sweeps;
  expect(reports.map(({ asked, skipped }) => asked + skipped)).toEqual([12, 12]);
  const after = numbers.map((number, index) => shop.asked(ORDERQUERY, number) - (before[index] ?? 0));
  expect(after).toEqual(Array(12).fill(1));
  expect(numbers.map((number) => shop.stored(number).trade_state)).toEqual(Array(12).fill('SUCCESS'));
});

test('one order that always fails stops nobody: the other 49 are settled', async () => {
  const numbers = await dueOrders(50);
  const [failing = ''] = numbers;
  for (const number of numbers) shop.wechatpay.force(MERCHANT.mch_id, number, 'SUCCESS');
  const fault = {
    kind: 'refuse',
    err_code: 'SYSTEMERROR',
    path: ORDERQUERY,
    out_trade_no: failing,
  } as const;
  shop.wechatpay.faults.add({ ...fault, count: Number.POSITIVE_INFINITY });
  expect(await shop.sweep()).toMatchObject({ asked: 49, settled: 49, failed: 1, complete: true });
  expect(shop.stored(failing).trade_state).toBe('NOTPAY');
});

test('a sweep that dies leaves its orders to the next one, once the lease is over', async () => {
  const numbers = await dueOrders(5);
  for (const number of numbers) shop.wechatpay.force(MERCHANT.mch_id, number, 'SUCCESS');
  const unhook = shop.wechatpay.hook({
    when: 'before',
    path: ORDERQUERY,
    run: () => shop.host.kill('queryOrders'),
  });
  await expect(shop.sweep()).rejects.toMatchObject({ code: 'FUNCTIONS_EXECUTE_FAIL' });
  unhook();
  const claimed = numbers.filter((number) => shop.stored(number).query_count > 0);
  expect(claimed.length).toBeGreaterThan(0);
  await shop.clock.advance(2 * MINUTE_MS + TIMER_MS);
  expect(numbers.map((number) => shop.stored(number).trade_state)).toEqual(Array(5).fill('SUCCESS'));
});

test('a document that somebody edited into nonsense is reported, and stops nobody', async () => {
  const [number = ''] = await dueOrders(1);
  shop.wechatpay.force(MERCHANT.mch_id, number, 'SUCCESS');
  await shop.cloud.insert('orders', { _id: 'nonsense', trade_state: 'NOTPAY', next_query_at: new Date(0) });
  await shop.sweep();
  expect(shop.stored(number).trade_state).toBe('SUCCESS');
  expect(shop.alarms('nonsense')).toEqual(['ORDER_UNREADABLE']);
});

test('when WeChat asks for patience, the rest is left to the next run', async () => {
  const numbers = await dueOrders(3);
  for (const number of numbers) shop.wechatpay.force(MERCHANT.mch_id, number, 'SUCCESS');
  shop.wechatpay.faults.add({ kind: 'refuse', err_code: 'FREQUENCY_LIMITED', path: ORDERQUERY, count: 3 });
  expect(await shop.sweep()).toMatchObject({ complete: false });
  await shop.clock.advance(2 * MINUTE_MS + TIMER_MS);
  expect(numbers.map((number) => shop.stored(number).trade_state)).toEqual(Array(3).fill('SUCCESS'));
});

test('more than a page of unreadable documents does not keep the others from being asked about', async () => {
  const [number = ''] = await dueOrders(1);
  shop.wechatpay.force(MERCHANT.mch_id, number, 'SUCCESS');
  for (let count = 0; count < 220; count++) {
    await shop.cloud.insert('orders', {
      _id: `nonsense-${count}`,
      trade_state: 'NOTPAY',
      next_query_at: new Date(0),
    });
  }
  expect(await shop.sweep()).toMatchObject({ settled: 1, complete: true });
});

test('a cancellation while the sweep asks is not overwritten by the order’s old schedule', async () => {
  const shopper = shop.newShopper();
  const { order } = await shop.place(shopper);
  const { out_trade_no } = order;
  await shop.clock.advance(10 * MINUTE_MS);
  await shop.untilTimer();
  await shop.clock.advance(41_000);
  await shop.cloud.dispatch({
    action: 'database.modifyDocument',
    collectionName: 'orders',
    queryType: 'WHERE',
    multi: true,
    merge: true,
    upsert: false,
    query: JSON.stringify({ _id: out_trade_no }),
    data: JSON.stringify({
      $set: { next_query_at: { $date: { $numberLong: String(shop.clock.now().getTime()) } } },
    }),
  });
  const unhook = shop.wechatpay.hook({
    when: 'before',
    path: ORDERQUERY,
    run: (call) => call.out_trade_no === out_trade_no && shop.cancelOrder(shopper, out_trade_no),
  });
  await shop.sweep();
  unhook();
  const stored = shop.stored(out_trade_no);
  expect(stored.cancelled_at).toEqual(expect.any(Date));
  expect(stored.next_query_at?.getTime()).toBeLessThanOrEqual(shop.clock.now().getTime() + 2 * MINUTE_MS);
});
