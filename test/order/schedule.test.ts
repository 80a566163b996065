import { expect, test } from 'vitest';
import { SHOPPERS_CALL_MS } from '../../cloudfunctions/_shared/order/deadline.ts';
import {
  CLOSABLE_AGE_MS,
  endOf,
  leaseUntil,
  nextQueryAt,
  SENDABLE_LEFT_MS,
} from '../../cloudfunctions/_shared/order/schedule.ts';
import { HOUR_MS, later, MINUTE_MS, sampleOrder } from './samples.ts';

const SECOND_MS = 1000;
const LIFETIME_MS = 30 * MINUTE_MS;

test.each([
  [0, 30 * SECOND_MS],
  [29 * SECOND_MS, 30 * SECOND_MS],
  [30 * SECOND_MS, MINUTE_MS],
  [MINUTE_MS, 3 * MINUTE_MS],
  [3 * MINUTE_MS, 5 * MINUTE_MS],
  [5 * MINUTE_MS, 10 * MINUTE_MS],
  [10 * MINUTE_MS, 20 * MINUTE_MS],
  [20 * MINUTE_MS, LIFETIME_MS],
  [LIFETIME_MS, LIFETIME_MS + MINUTE_MS],
  [LIFETIME_MS + 5 * MINUTE_MS, LIFETIME_MS + 10 * MINUTE_MS],
  [LIFETIME_MS + 10 * HOUR_MS, LIFETIME_MS + 11 * HOUR_MS],
])('an order looked at %i ms after its birth is asked about at %i ms', (now, next) => {
  expect(nextQueryAt(sampleOrder(), later(now))).toEqual(later(next));
});

test('a cancelled order is looked at again when it is sure that it never arrived', () => {
  const order = sampleOrder({ cancelled_at: later(0), prepaid_at: null, prepay_id: null });
  expect(nextQueryAt(order, later(29 * MINUTE_MS))).toEqual(later(LIFETIME_MS + 2 * MINUTE_MS));
});

test('an order that lives ten minutes is never scheduled past its end while it lives', () => {
  const order = sampleOrder({ time_expire: later(10 * MINUTE_MS) });
  expect(nextQueryAt(order, later(6 * MINUTE_MS))).toEqual(later(10 * MINUTE_MS));
});

test('an order is never given up: a year later it is still asked about every hour', () => {
  let now = later(LIFETIME_MS);
  let times = 0;
  while (now < later(365 * 24 * HOUR_MS)) {
    now = nextQueryAt(sampleOrder(), now);
    times++;
  }
  expect(times).toBeGreaterThan(365 * 24 - 24);
  expect(times).toBeLessThan(365 * 24 + 24);
});

test('a lease ends with the next step, and after two minutes at most', () => {
  expect(leaseUntil(sampleOrder(), later(0))).toEqual(later(30 * SECOND_MS));
  expect(leaseUntil(sampleOrder(), later(10 * MINUTE_MS))).toEqual(later(12 * MINUTE_MS));
});

test('an order ends when it expires', () => {
  expect(endOf(sampleOrder())).toEqual(later(LIFETIME_MS));
});

test('a cancelled order ends five minutes and a little after WeChat last gave a prepay_id', () => {
  const cancelled_at = later(MINUTE_MS);
  expect(endOf(sampleOrder({ cancelled_at }))).toEqual(later(5 * MINUTE_MS + 15 * SECOND_MS));
  const unsent = sampleOrder({ cancelled_at, prepaid_at: null, prepay_id: null });
  expect(endOf(unsent)).toEqual(later(6 * MINUTE_MS + 15 * SECOND_MS));
});

test('a cancelled order does not outlive its expiry', () => {
  const order = sampleOrder({ cancelled_at: later(29 * MINUTE_MS), prepaid_at: null });
  expect(endOf(order)).toEqual(later(LIFETIME_MS));
});

test('what createOrder begins to send arrives while WeChat still takes it, and can be closed at its end', () => {
  expect(SENDABLE_LEFT_MS - SHOPPERS_CALL_MS).toBeGreaterThanOrEqual(CLOSABLE_AGE_MS);
  expect(CLOSABLE_AGE_MS).toBeGreaterThan(5 * MINUTE_MS);
});

test('an order of the shortest life can be sent when it is placed', () => {
  expect(SENDABLE_LEFT_MS).toBeLessThan(10 * MINUTE_MS);
});
