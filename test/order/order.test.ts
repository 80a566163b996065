import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outTradeNo, userId } from '../../cloudfunctions/_shared/order/order.ts';

const WISH = { environment: 'prod-1', appid: 'wx1', openid: 'oLi', request_id: 'request-0000000001' };

test('an out_trade_no is 32 hexadecimal characters, which WeChat accepts', () => {
  expect(outTradeNo(WISH)).toMatch(/^[0-9a-f]{32}$/);
});

test('the same request gives the same number, and any other another', () => {
  expect(outTradeNo({ ...WISH })).toBe(outTradeNo(WISH));
  const others = (['environment', 'appid', 'openid', 'request_id'] as const).map((part) =>
    outTradeNo({ ...WISH, [part]: `${WISH[part]}x` }),
  );
  expect(new Set([outTradeNo(WISH), ...others]).size).toBe(5);
});

test('text cannot move from one part of the request to its neighbour', () => {
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
