import { expect, test } from 'vitest';
import {
  PUSH_CALL_MS,
  REFUND_NOTICE_MS,
  SHOPPERS_CALL_MS,
  TIMER_RUN_MS,
} from '../../cloudfunctions/_shared/order/deadline.ts';
import { functions } from '../../scripts/manifest.ts';

/** Those that ask WeChat Pay, and wait for it. */
const waitedFor = functions.filter(({ environment }) => environment.includes('WECHAT_PAY_TIMEOUT_MS'));

/** A message push is answered sooner than a shopper, and so is the doctor's question. */
const ANSWERED_SOONER = ['virtualPayNotify', 'doctor'];

test.each(waitedFor)(
  '$name reckons with the time limit that the platform gives it',
  ({ name, timeout, trigger, route }) => {
    const byItself = trigger ? TIMER_RUN_MS : route ? REFUND_NOTICE_MS : SHOPPERS_CALL_MS;
    expect(ANSWERED_SOONER.includes(name) ? PUSH_CALL_MS : byItself).toBe(timeout * 1000);
  },
);
