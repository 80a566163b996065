import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readProduct } from '../../cloudfunctions/_shared/order/catalogue.ts';
import { outTradeNo, userId } from '../../cloudfunctions/_shared/order/order.ts';

const WISH = { environment: 'prod-1', appid: 'wx1', openid: 'oLi', request_id: 'request-0000000001' };

test('an out_trade_no is 32 hexadecimal characters, which WeChat accepts', () => {
  expect(outTradeNo(WISH)).toMatch(/^[0-9a-f]{32}$/);
});

test('the same wish gives the same number, and any other another', () => {
  expect(outTradeNo({ ...WISH })).toBe(outTradeNo(WISH));
  const others = (['environment', 'appid', 'openid', 'request_id'] as const).map((part) =>
    outTradeNo({ ...WISH, [part]: `${WISH[part]}x` }),
  );
  expect(new Set([outTradeNo(WISH), ...others]).size).toBe(5);
});

test('text cannot move from one part of the wish to its neighbour', () => {
  const part = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(part, part, part, (a, b, c) => {
      fc.pre(b !== '');
      const one = outTradeNo({ environment: a + b, appid: c, openid: 'o', request_id: 'r' });
      const other = outTradeNo({ environment: a, appid: b + c, openid: 'o', request_id: 'r' });
      expect(one).not.toBe(other);
    }),
  );
});

test('a user_id is the same for every first call of a shopper', () => {
  expect(userId(WISH)).toMatch(/^u[0-9a-f]{15}$/);
  expect(userId({ ...WISH })).toBe(userId(WISH));
});

const PRODUCT = {
  _id: 'city',
  name: '城市版',
  description: '一座城市的全部内容',
  options: [{ months: 1, total_fee: 1800 }],
  on_sale: true,
};

test('a product may leave out whether it is virtual, and then it is not', () => {
  expect(readProduct(PRODUCT)).toEqual({ product: { ...PRODUCT, virtual: false } });
});

test.each([
  ['a price in yuan', { options: [{ months: 1, total_fee: 18.5 }] }, 'options.0.total_fee'],
  ['a price as text', { options: [{ months: 1, total_fee: '1800' }] }, 'options.0.total_fee'],
  ['a price of nothing', { options: [{ months: 1, total_fee: 0 }] }, 'options.0.total_fee'],
  ['a negative price', { options: [{ months: 1, total_fee: -1 }] }, 'options.0.total_fee'],
  ['half a month', { options: [{ months: 0.5, total_fee: 900 }] }, 'options.0.months'],
  ['an id with a dot', { _id: 'city.plus' }, '_id'],
  ['no name', { name: '' }, 'name'],
  ['on_sale as text', { on_sale: 'yes' }, 'on_sale'],
  ['options that are not a list', { options: {} }, 'options'],
])('a product with %s is not sold, and its field is named', (_, change, field) => {
  expect(readProduct({ ...PRODUCT, ...change })).toEqual({ problem: expect.stringMatching(`^${field}: `) });
});

test.each([null, undefined, 'city', []])('%o is not a product', (document) => {
  expect(readProduct(document)).toHaveProperty('problem');
});
