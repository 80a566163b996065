import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channels } from '../../cloudfunctions/_shared/channels/channels.ts';
import { priceOf, readProduct } from '../../cloudfunctions/_shared/order/catalogue.ts';
import { ERROR_CODES, refusalFrom } from '../../miniprogram/logic/answer.ts';
import { mergeOrders, nameIn, orderFrom, paymentFrom } from '../../miniprogram/logic/order/order.ts';
import {
  labelFrom,
  membershipsFrom,
  type Product,
  productsFrom,
  saving,
  withPrice,
} from '../../miniprogram/logic/shop/catalogue.ts';
import { CITY, NOW, order, refund } from './samples.ts';

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

test('what virtual payment is given goes on as the text that was signed, or not at all', () => {
  const payment = { signData: '{"b":1, "a":2}', mode: 'short_series_goods', paySig: 'p', signature: 's' };
  expect(paymentFrom({ ...payment, timeStamp: '1' })).toEqual(payment);
  for (const field of Object.keys(payment))
    expect(paymentFrom({ ...payment, [field]: undefined })).toBeUndefined();
  expect(paymentFrom({ ...payment, signData: {} })).toBeUndefined();
  expect(paymentFrom({ ...payment, mode: 'short_series_coin' })).toBeUndefined();
});

test.each([
  [{}, 'wechatpay', false],
  [{ channel: 'wechatpay', virtualpay: {} }, 'wechatpay', false],
  [{ channel: 'virtualpay', virtualpay: { item_id: 'city_3m_4800', env: 0 } }, 'virtualpay', false],
  [{ channel: 'virtualpay', virtualpay: { apple: true } }, 'virtualpay', true],
  [{ channel: 'virtualpay', apple: true }, 'virtualpay', true],
  [{ channel: 'virtualpay', virtualpay: 'text', apple: 'yes' }, 'virtualpay', false],
])('an order with %j is paid through %s, by Apple: %s', (fields, channel, apple) => {
  const { channel: _channel, apple: _apple, ...document } = order();
  expect(orderFrom({ ...document, ...fields })).toMatchObject({ channel, apple });
});

test('the refunds of an order are read from its document and from an answer alike; what came to nothing is left out', () => {
  const [good, open] = [refund(), refund({ state: 'PROCESSING', success_time: null })];
  const document = [
    { ...good, success_time: new Date(String(good.success_time)), requested_at: NOW },
    { ...open, requested_at: NOW },
    { ...good, state: 'CLOSED', success_time: null },
    { ...good, refund_fee: 0 },
    { ...good, state: 'FROM_THE_FUTURE' },
    null,
  ];
  const read = (refunds: unknown) => orderFrom({ ...order(), refunded_fee: 2000, refunds });
  expect(read(document)).toMatchObject({ refunded_fee: 2000, refunds: [good, open] });
  expect(read(JSON.parse(JSON.stringify(document)))?.refunds).toEqual([good, open]);
  expect(read('text')?.refunds).toEqual([]);
});

test('an order of before refunds were counted has none', () => {
  const { refunded_fee: _fee, refunds: _refunds, ...document } = order();
  expect(orderFrom(document)).toEqual(order());
});

test('pages of orders are joined without doubles, newest first, the newer reading ruling', () => {
  const old = order({ out_trade_no: 'old', created_at: '2026-11-01T00:00:00.000Z' });
  const young = order({ out_trade_no: 'young' });
  const paid = { ...old, trade_state: 'SUCCESS' } as const;
  expect(mergeOrders([young, old], [paid])).toEqual([young, paid]);
});

describe('products', () => {
  const OPTIONS = [{ months: 1, total_fee: 1800 }];
  const document = (changes: object = {}) => ({
    _id: 'city',
    name: '城市版',
    description: '',
    on_sale: true,
    options: OPTIONS,
    ...changes,
  });
  const shown = (...documents: unknown[]) => productsFrom(documents).map(({ product_id }) => product_id);

  test('are sorted by the price of a month, and their options by months', () => {
    const products = productsFrom([
      document({ _id: 'dear', options: [{ months: 1, total_fee: 6800 }] }),
      document({
        _id: 'cheap',
        options: [
          { months: 12, total_fee: 15_800 },
          { months: 3, total_fee: 4800 },
        ],
      }),
    ]);
    expect(products.map(({ product_id }) => product_id)).toEqual(['cheap', 'dear']);
    expect(products[0]?.options.map(({ months }) => months)).toEqual([3, 12]);
  });

  test.each<[about: string, changes: object]>([
    ['a name of 32 characters', { name: 'n'.repeat(32) }],
    ['a name with an emoji', { name: '会员 🎁' }],
    ['the highest price', { options: [{ months: 120, total_fee: 10_000_000 }] }],
    ['the lowest price', { options: [{ months: 1, total_fee: 1 }] }],
    ['a mark that it is virtual', { virtual: true }],
    ['WeChat Pay as its channel', { channel: 'wechatpay' }],
    ['virtual payment as its channel', { channel: 'virtualpay', name: '会'.repeat(15) }],
    ['Apple’s least as their price', { channel: 'virtualpay', options: [{ months: 1, total_fee: 100 }] }],
    ['white space around its name', { name: ' 城市版\n' }],
  ])('with %s are shown', (_, changes) => {
    expect(shown(document(changes))).toEqual(['city']);
  });

  test.each<[about: string, changes: object]>([
    ['no name', { name: '' }],
    ['a blank name', { name: ' ' }],
    ['a name of 33 characters', { name: 'n'.repeat(33) }],
    ['a line break in its name', { name: '城市\n版' }],
    ['a tab in its name', { name: '城市\t版' }],
    ['a control character in its name', { name: '城市\u0007版' }],
    ['half a character in its name', { name: '城市\ud83d版' }],
    ['no description', { description: undefined }],
    ['no options', { options: [] }],
    ['options that are no list', { options: '1800' }],
    ['a price of nothing', { options: [{ months: 1, total_fee: 0 }] }],
    ['a price over ¥100,000', { options: [{ months: 1, total_fee: 10_000_001 }] }],
    ['a price in yuan', { options: [{ months: 1, total_fee: 18.5 }] }],
    [
      'a price as text, beside one that can be read',
      { options: [...OPTIONS, { months: 3, total_fee: '48' }] },
    ],
    ['two prices for the same months', { options: [...OPTIONS, { months: 1, total_fee: 1900 }] }],
    ['more months than ten years', { options: [{ months: 121, total_fee: 1800 }] }],
    ['a number that is no field name', { _id: 'City-1' }],
    ['a mark that cannot be read', { virtual: 'yes' }],
    [
      'virtual payment as its channel, and a price that Apple does not take',
      { channel: 'virtualpay', options: [{ months: 1, total_fee: 99 }] },
    ],
    [
      'virtual payment as its channel, and a name too long for an item',
      { channel: 'virtualpay', name: '会'.repeat(16) },
    ],
    [
      'virtual payment as its channel, and too much for the number of an item',
      {
        channel: 'virtualpay',
        _id: 'market_pro',
        options: [...OPTIONS, { months: 12, total_fee: 10_000_000 }],
      },
    ],
    ['a channel that does not exist', { channel: 'cash' }],
  ])('with %s cannot be bought, and are not shown', (_, changes) => {
    expect(shown(document(changes), document({ _id: 'other' }))).toEqual(['other']);
  });

  test.each([[null], ['text'], [{ name: 'nameless' }]])('that are %j do not hide the others', (found) => {
    expect(shown(found, document())).toEqual(['city']);
  });

  test('are shown if createOrder sells them, and only then, at the prices that are shown', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('城市版', '会'.repeat(40)),
    );
    const count = fc.oneof(
      fc.integer({ min: -1, max: 130 }),
      fc.constantFrom(1, 3, 10_000_000, 10_000_001, 1.5),
    );
    const option = fc.record({ months: count, total_fee: count });
    const documents = fc.record({
      _id: fc.constantFrom('city', 'a1', 'City'),
      name: text,
      description: fc.oneof(text, fc.constant(undefined)),
      options: fc.array(option, { maxLength: 4 }),
      on_sale: fc.constant(true),
      virtual: fc.constantFrom(true, false, undefined, 'yes'),
      channel: fc.constantFrom('wechatpay', 'virtualpay', 'cash', undefined),
    });
    fc.assert(
      fc.property(documents, (document) => {
        const [product] = productsFrom([document]);
        const read = readProduct(document, channels);
        const isSold = 'product' in read && read.product.options.length > 0;
        expect([document, product !== undefined]).toEqual([document, isSold]);
        for (const { months, total_fee } of product?.options ?? [])
          expect('product' in read && priceOf(read.product, { months })).toBe(total_fee);
      }),
    );
  });

  test('of virtual payment are shown if createOrder sells them, and only then', () => {
    const documents = fc.record({
      _id: fc.stringMatching(/^[a-z][a-z0-9_]{0,14}$/),
      name: fc.integer({ min: 1, max: 25 }).map((length) => '会'.repeat(length)),
      description: fc.constant(''),
      options: fc.array(
        fc.record({
          months: fc.integer({ min: 1, max: 120 }),
          total_fee: fc.oneof(fc.integer({ min: 98, max: 101 }), fc.integer({ min: 1, max: 10_000_000 })),
        }),
        { minLength: 1, maxLength: 2 },
      ),
      on_sale: fc.constant(true),
      channel: fc.constant('virtualpay'),
    });
    fc.assert(
      fc.property(documents, (document) => {
        const isSold = 'product' in readProduct(document, channels);
        expect([document, productsFrom([document]).length === 1]).toEqual([document, isSold]);
      }),
      { numRuns: 500 },
    );
  });

  test('that are not sold keep their name for the orders of them', () => {
    expect(labelFrom(document({ options: [], on_sale: false }))?.name).toBe('城市版');
    expect(labelFrom({ _id: 'city' })).toBeUndefined();
  });
});

test('memberships are read from the shopper’s document; without one there are none', () => {
  expect(membershipsFrom({ memberships: { city: { expires_at: NOW }, odd: {} } })).toEqual({
    city: NOW.toISOString(),
  });
  expect(membershipsFrom(undefined)).toEqual({});
});

test('the name of what was ordered is its body without the months', () => {
  expect(nameIn(order({ body: '城市版 3 个月' }))).toBe('城市版');
  expect(nameIn(order({ body: '青屿会员-城市版' }))).toBe('青屿会员-城市版');
});

test('an option saves against the shortest one, where that can be bought as often as it takes', () => {
  const of = (...options: Product['options']) =>
    options.map((option) => saving({ ...CITY, options }, option));
  expect(
    of({ months: 3, total_fee: 17_800 }, { months: 4, total_fee: 1 }, { months: 6, total_fee: 33_800 }),
  ).toEqual([0, 0, 1800]);
  expect(of({ months: 1, total_fee: 4900 }, { months: 3, total_fee: 17_800 })).toEqual([0, 0]);
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
  expect(refusalFrom(refusal, ERROR_CODES)).toEqual(refusal);
});

test('a refusal with a code of a later version is one of ours', () => {
  expect(
    refusalFrom({ errcode: 'FROM_THE_FUTURE', errmsg: 'x', now: NOW.toISOString() }, ERROR_CODES)?.errcode,
  ).toBe('INTERNAL_ERROR');
  expect(refusalFrom({ order: {} }, ERROR_CODES)).toBeUndefined();
});
