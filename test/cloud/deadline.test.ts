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

test.each(waitedFor)(
  '$name reckons with the time limit that the platform gives it',
  ({ name, timeout, trigger, route }) => {
    const byItself = trigger ? TIMER_RUN_MS : route ? REFUND_NOTICE_MS : SHOPPERS_CALL_MS;
    const isShort = name === 'virtualPayNotify' || name === 'doctor';
    expect(isShort ? PUSH_CALL_MS : byItself).toBe(timeout * 1000);
  },
);
