import { describe, expect, test } from 'vitest';
import type { CreateOrderRequest } from '../../cloudfunctions/_shared/contract.ts';
import { keptOrder } from '../../miniprogram/logic/kept-orders.ts';
import { attemptFor } from '../../miniprogram/logic/order/attempts.ts';
import type { Order } from '../../miniprogram/logic/order/order.ts';
import { buy, payAgain } from '../../miniprogram/logic/shop/buying.ts';
import type { Checkout } from '../../miniprogram/logic/shop/checkout.ts';
import { forgetRequestId } from '../../miniprogram/logic/shop/request-ids.ts';
import { NOW, order } from './samples.ts';
import { openCounter } from './shop-counter.ts';

const WISH = { product_id: 'city', channel: 'wechatpay', months: 3, total_fee: 4800 } as const;
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
  ['under review', { under_review: true }],
] as const)('an order that was %s meanwhile is shown, not paid again', async (_name, changes) => {
  const { counter, checkout } = openCounter();
  counter.leaves = 'cancelled';
  await buy(checkout, WISH, ignore);
  counter.change('order-of-request-id-number-1', changes);
  const bought = await buy(checkout, WISH, ignore);
  expect(bought).toEqual({ kind: 'ordered', out_trade_no: 'order-of-request-id-number-1' });
  expect(counter.cashier.length).toBe(1);
});

test('an order that was paid for in the cashier a moment ago is shown, and nothing is asked or paid', async () => {
  const { counter, checkout } = openCounter();
  await buy(checkout, WISH, ignore);
  counter.price = 5200;
  const bought = await buy(checkout, { ...WISH, total_fee: 5200 }, ignore);
  expect(bought).toEqual({ kind: 'ordered', out_trade_no: 'order-of-request-id-number-1' });
  expect([counter.requests.length, counter.cashier.length]).toEqual([1, 1]);
});

test('what createOrder answered is kept before the cashier opens, so that it can be shown without a network', async () => {
  const { counter, checkout } = openCounter();
  const kept: unknown[] = [];
  await buy(checkout, WISH, () => kept.push(keptOrder(checkout.store, 'order-of-request-id-number-1')));
  expect(kept).toEqual([{ order: counter.orders.get('request-id-number-1'), now: NOW.toISOString() }]);
});

test('a changed price is announced and asked for; nothing is ordered until it is accepted', async () => {
  const { counter, checkout } = openCounter();
  counter.price = 5200;
  expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'price-changed', total_fee: 5200 });
  expect([counter.orders.size, counter.cashier.length]).toEqual([0, 0]);
  await buy(checkout, { ...WISH, total_fee: 5200 }, ignore);
  expect(counter.cashier).toEqual(['order-of-request-id-number-1']);
});

describe('an order that was left unpaid at an earlier price', () => {
  const CHEAPER = { ...WISH, total_fee: 4900 };
  /** An order at 68.00, left in the cashier; then the merchant lowers the price, and the shop shows it. */
  async function leftUnpaid() {
    const { counter, checkout } = openCounter();
    Object.assign(counter, { price: 6800, leaves: 'cancelled' });
    await buy(checkout, { ...WISH, total_fee: 6800 }, ignore);
    counter.price = 4900;
    return { counter, checkout };
  }
  const fees = ({ orders }: { orders: ReadonlyMap<string, Order> }) =>
    [...orders.values()].map(({ total_fee, cancelled_at }) => [total_fee, cancelled_at === null]);

  test('gives way to one at the price on the button, in one tap', async () => {
    const { counter, checkout } = await leftUnpaid();
    const bought = await buy(checkout, CHEAPER, ignore);
    expect(bought).toEqual({ kind: 'ordered', out_trade_no: 'order-of-request-id-number-2' });
    expect(fees(counter)).toEqual([
      [6800, false],
      [4900, true],
    ]);
    expect(counter.requests.at(-1)).toEqual({
      request_id: 'request-id-number-2',
      supersedes: 'request-id-number-1',
      product_id: 'city',
      months: 3,
      expected_total_fee: 4900,
      code: '',
    });
    expect(counter.cashier.at(-1)).toBe('order-of-request-id-number-2');
  });

  test('gives way under the same request_id however often the answer is lost', async () => {
    const { counter, checkout } = await leftUnpaid();
    // The first answer is about the old order; the others are lost, and each retry asks the same again.
    const { createOrder } = checkout;
    const flaky = {
      ...checkout,
      async createOrder(request: CreateOrderRequest) {
        counter.losesAnswers = request.supersedes !== undefined;
        return createOrder(request);
      },
    };
    expect((await buy(flaky, CHEAPER, ignore)).kind).toBe('lost');
    expect((await buy(flaky, CHEAPER, ignore)).kind).toBe('lost');
    counter.losesAnswers = false;
    await buy(checkout, CHEAPER, ignore);
    expect(counter.orders.size).toBe(2);
    expect(new Set(counter.requests.slice(2).map((request) => JSON.stringify(request))).size).toBe(1);
  });

  test('is shown and not replaced once its money is there', async () => {
    const { counter, checkout } = await leftUnpaid();
    const { createOrder } = checkout;
    const bought = await buy(
      {
        ...checkout,
        createOrder(request) {
          // Its payment is found while the new order is asked for.
          if (request.supersedes) counter.change('order-of-request-id-number-1', { trade_state: 'SUCCESS' });
          return createOrder(request);
        },
      },
      CHEAPER,
      ignore,
    );
    expect(bought).toEqual({ kind: 'ordered', out_trade_no: 'order-of-request-id-number-1' });
    expect([counter.orders.size, counter.cashier.length]).toEqual([1, 1]);
    await buy(checkout, CHEAPER, ignore);
    expect(counter.requests.at(-1)?.supersedes).toBeUndefined();
  });

  test('can be replaced again when the price changes again', async () => {
    const { counter, checkout } = await leftUnpaid();
    await buy(checkout, CHEAPER, ignore);
    counter.price = 4500;
    await buy(checkout, { ...WISH, total_fee: 4500 }, ignore);
    expect(counter.requests.at(-1)).toMatchObject({
      request_id: 'request-id-number-3',
      supersedes: 'request-id-number-2',
    });
    expect(fees(counter)).toEqual([
      [6800, false],
      [4900, false],
      [4500, true],
    ]);
  });

  test('does not let a shop with old prices pay another one: the catalogue’s is shown, and a new tap asked for', async () => {
    const { counter, checkout } = await leftUnpaid();
    const stale = { ...WISH, total_fee: 6000 };
    expect(await buy(checkout, stale, ignore)).toEqual({ kind: 'price-changed', total_fee: 4900 });
    expect([counter.orders.size, counter.cashier.length]).toEqual([1, 1]);
  });
});

test.each([
  ['a first payment', async (checkout: Checkout) => buy(checkout, WISH, ignore)],
  ['a second one', async (checkout: Checkout) => payAgain(checkout, order({ total_fee: 4800 }), ignore)],
])('%s is not made at a price that the button did not show, whatever the server answers', async (_, pay) => {
  const { counter, checkout } = openCounter();
  counter.isLying = true;
  expect(await pay(checkout)).toEqual({ kind: 'price-changed', total_fee: 4801 });
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
    code: '',
  });
  expect(counter.cashier.length).toBe(2);
});
