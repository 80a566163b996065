import { expect, test } from 'vitest';
import { attemptOf } from '../../miniprogram/logic/shop/payment.ts';
import { NOW } from './samples.ts';

test.each([
  ['requestPayment:ok', 'done', undefined],
  ['requestPayment:fail cancel', 'cancelled', undefined],
  ['requestPayment:fail:cancel', 'cancelled', undefined],
  ['requestPayment:fail 余额不足', 'failed', '余额不足'],
  ['requestPayment:fail 余额不足。', 'failed', '余额不足'],
  ['requestPayment:fail (-5) jsapi has no permission', 'failed', undefined],
  ['requestPayment:fail', 'failed', undefined],
  ['TypeError: undefined is not a function', 'failed', undefined],
])('%s is %s', (errMsg, kind, said) => {
  expect(attemptOf(errMsg, NOW)).toEqual({
    kind,
    at: NOW.toISOString(),
    ...(said === undefined ? {} : { said }),
  });
});
