import { describe, expect, test } from 'vitest';
import { refusalFrom } from '../../miniprogram/logic/answer.ts';
import { mergeOrders, orderFrom, paymentFrom } from '../../miniprogram/logic/order/order.ts';
import { membershipsFrom, productsFrom, saving, withPrice } from '../../miniprogram/logic/shop/catalogue.ts';
import { CITY, NOW, order } from './samples.ts';

describe('an order', () => {
  test('is read from its document, whose _id is the out_trade_no and whose moments are Dates', () => {
    const { out_trade_no, created_at, time_expire, ...rest } = order();
    const document = {
      ...rest,
      _id: out_trade_no,
      created_at: new Date(created_at),
      time_expire: new Date(time_expire),
      _openid: 'o',
    };
    expect(orderFrom(document)).toEqual(order());
  });

  test('is read from a function’s answer', () => {
    expect(orderFrom(JSON.parse(JSON.stringify(order())))).toEqual(order());
  });

  test.each([
    ['trade_state', 'PAID'],
    ['total_fee', 0],
    ['total_fee', 48.5],
    ['total_fee', '4800'],
    ['months', -1],
    ['created_at', 'yesterday'],
    ['time_expire', undefined],
    ['request_id', ''],
  ])('with %s %s is not an order', (field, value) => {
    expect(orderFrom({ ...order(), [field]: value })).toBeUndefined();
  });

  test.each([[undefined], [null], ['text'], [[]], [7]])('is not %j', (found) => {
    expect(orderFrom(found)).toBeUndefined();
  });
});

test('payment parameters with one missing are not given to the cashier', () => {
  const payment = { timeStamp: '1', nonceStr: 'n', package: 'prepay_id=1', signType: 'MD5', paySign: 's' };
  expect(paymentFrom(payment)).toEqual(payment);
  for (const field of Object.keys(payment))
    expect(paymentFrom({ ...payment, [field]: undefined })).toBeUndefined();
});

test('pages of orders are joined without doubles, newest first, the newer reading ruling', () => {
  const old = order({ out_trade_no: 'old', created_at: '2026-11-01T00:00:00.000Z' });
  const young = order({ out_trade_no: 'young' });
  const paid = { ...old, trade_state: 'SUCCESS' } as const;
  expect(mergeOrders([young, old], [paid])).toEqual([young, paid]);
});

test('products are sorted by the price of a month, and one that cannot be shown is left out', () => {
  const document = (id: string, options: unknown) => ({ _id: id, name: id, options });
  const products = productsFrom([
    document('dear', [{ months: 1, total_fee: 6800 }]),
    document('cheap', [
      { months: 12, total_fee: 15800 },
      { months: 1, total_fee: 1800 },
      { months: 3, total_fee: '48' },
    ]),
    document('unpriced', []),
    { name: 'nameless' },
    null,
  ]);
  expect(products.map(({ product_id }) => product_id)).toEqual(['cheap', 'dear']);
  expect(products[0]?.options.map(({ months }) => months)).toEqual([1, 12]);
});

test('memberships are read from the shopper’s document; without one nothing is held', () => {
  expect(membershipsFrom({ memberships: { city: { expires_at: NOW }, odd: {} } })).toEqual({
    city: NOW.toISOString(),
  });
  expect(membershipsFrom(undefined)).toEqual({});
});

test('what an option saves is counted against its months one by one', () => {
  expect(CITY.options.map((option) => saving(CITY, option))).toEqual([0, 600, 5750]);
});

test('a new price is put in its place alone', () => {
  const [city] = withPrice([CITY], { product_id: 'city', months: 3, total_fee: 5200 });
  expect(city?.options.map(({ total_fee }) => total_fee)).toEqual([1800, 5200, 15850]);
});

test('a refusal keeps its code and the order that it is about', () => {
  const refusal = { errcode: 'ORDER_HELD', errmsg: 'x', now: NOW.toISOString(), out_trade_no: 'one' };
  expect(refusalFrom(refusal)).toEqual(refusal);
});

test('a refusal with a code of a later version is one of ours', () => {
  expect(refusalFrom({ errcode: 'FROM_THE_FUTURE', errmsg: 'x', now: NOW.toISOString() })?.errcode).toBe(
    'INTERNAL_ERROR',
  );
  expect(refusalFrom({ order: {} })).toBeUndefined();
});
