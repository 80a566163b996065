import { expect, test } from 'vitest';
import { attemptFor } from '../../miniprogram/logic/order/attempts.ts';
import { buy, payAgain } from '../../miniprogram/logic/shop/buying.ts';
import { forgetRequestId } from '../../miniprogram/logic/shop/request-ids.ts';
import { openCounter } from './shop-counter.ts';

const WISH = { product_id: 'city', months: 3, total_fee: 4800 };
const ignore = () => {};

test('an order is placed, then the cashier opens, and how it was left is kept', async () => {
  const { counter, checkout } = openCounter();
  const events: string[] = [];
  const bought = await buy(checkout, WISH, () => events.push(`cashier after ${counter.orders.size} order`));
  expect(bought).toEqual({ kind: 'ordered', out_trade_no: 'order-of-request-id-number-1' });
  expect(events).toEqual(['cashier after 1 order']);
  expect(attemptFor(checkout.store, 'order-of-request-id-number-1')?.kind).toBe('done');
});

test('the request_id is stored before it is first used', async () => {
  const { counter, checkout } = openCounter();
  const stored: unknown[] = [];
  const { createOrder } = checkout;
  await buy(
    {
      ...checkout,
      createOrder(request) {
        stored.push(checkout.store.read('request_ids'));
        return createOrder(request);
      },
    },
    WISH,
    ignore,
  );
  expect(stored).toEqual([{ 'city/3': counter.requests[0]?.request_id }]);
});

test('a retry after a lost answer finds its order, also after the mini-program was closed', async () => {
  const { counter, checkout } = openCounter();
  counter.losesAnswers = true;
  expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'lost', offline: false });
  counter.losesAnswers = false;
  await buy(checkout, WISH, ignore);
  expect(counter.orders.size).toBe(1);
  expect(counter.cashier).toEqual(['order-of-request-id-number-1']);
});

test('a new choice makes a new order, and going back to the first finds the first', async () => {
  const { counter, checkout } = openCounter();
  counter.leaves = 'cancelled';
  await buy(checkout, WISH, ignore);
  await buy(checkout, { ...WISH, months: 6 }, ignore);
  await buy(checkout, { ...WISH, product_id: 'market' }, ignore);
  await buy(checkout, WISH, ignore);
  expect(counter.orders.size).toBe(3);
  expect(counter.cashier.at(-1)).toBe('order-of-request-id-number-1');
});

test('once its order is over and forgotten, the same choice is a new order', async () => {
  const { counter, checkout } = openCounter();
  await buy(checkout, WISH, ignore);
  counter.change('order-of-request-id-number-1', { trade_state: 'SUCCESS' });
  forgetRequestId(checkout.store, 'request-id-number-1');
  await buy(checkout, WISH, ignore);
  expect(counter.orders.size).toBe(2);
});

test('when the order of an earlier visit was closed meanwhile, one more call orders anew', async () => {
  const { counter, checkout } = openCounter();
  counter.leaves = 'cancelled';
  await buy(checkout, WISH, ignore);
  counter.change('order-of-request-id-number-1', { trade_state: 'CLOSED' });
  const bought = await buy(checkout, WISH, ignore);
  expect(bought).toEqual({ kind: 'ordered', out_trade_no: 'order-of-request-id-number-2' });
  expect(counter.requests.length).toBe(3);
});

test.each([
  ['paid', { trade_state: 'SUCCESS' }],
  ['held', { held: true }],
] as const)('an order that was %s meanwhile is shown, not paid again', async (_name, changes) => {
  const { counter, checkout } = openCounter();
  await buy(checkout, WISH, ignore);
  counter.change('order-of-request-id-number-1', changes);
  const bought = await buy(checkout, WISH, ignore);
  expect(bought).toEqual({ kind: 'ordered', out_trade_no: 'order-of-request-id-number-1' });
  expect(counter.cashier.length).toBe(1);
});

test('a changed price is told and asked for; nothing is ordered until it is accepted', async () => {
  const { counter, checkout } = openCounter();
  counter.price = 5200;
  expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'price-changed', total_fee: 5200 });
  expect([counter.orders.size, counter.cashier.length]).toEqual([0, 0]);
  await buy(checkout, { ...WISH, total_fee: 5200 }, ignore);
  expect(counter.cashier).toEqual(['order-of-request-id-number-1']);
});

test('an order from before a change of price is shown with its price, and the cashier stays closed', async () => {
  const { counter, checkout } = openCounter();
  counter.losesAnswers = true;
  await buy(checkout, WISH, ignore);
  Object.assign(counter, { losesAnswers: false, price: 5200 });
  const bought = await buy(checkout, { ...WISH, total_fee: 5200 }, ignore);
  expect(bought).toEqual({ kind: 'ordered', out_trade_no: 'order-of-request-id-number-1' });
  expect(counter.cashier).toEqual([]);
});

test('an order is paid again under its own request_id and price', async () => {
  const { counter, checkout } = openCounter();
  counter.leaves = 'cancelled';
  await buy(checkout, WISH, ignore);
  const [placed] = counter.orders.values();
  counter.price = 9900;
  if (placed === undefined) throw new Error('no order');
  await payAgain(checkout, placed, ignore);
  expect(counter.orders.size).toBe(1);
  expect(counter.requests.at(-1)).toEqual({
    request_id: placed.request_id,
    product_id: 'city',
    months: 3,
    expected_total_fee: 4800,
  });
  expect(counter.cashier.length).toBe(2);
});
