import { describe, expect, test } from 'vitest';
import { SHOPPERS_CALL_MS } from '../../cloudfunctions/_shared/order/deadline.ts';
import {
  CLOSABLE_AGE_MS,
  endOf,
  givenUpQueryAt,
  leaseUntil,
  leftOpenUntil,
  nextQueryAt,
  SENDABLE_LEFT_MS,
} from '../../cloudfunctions/_shared/order/schedule.ts';
import { HOUR_MS, later, MINUTE_MS, sampleOrder } from './samples.ts';

const SECOND_MS = 1000;
const LIFETIME_MS = 30 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A channel that closes orders, and one that cannot. */
const CLOSABLE = { close: async () => ({ kind: 'closed' as const }) };
const UNCLOSABLE = { close: undefined };

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
  expect(nextQueryAt(sampleOrder(), later(now), CLOSABLE)).toEqual(later(next));
});

test('a cancelled order is looked at again when it is sure that it never arrived', () => {
  const order = sampleOrder({ cancelled_at: later(0), prepaid_at: null });
  expect(nextQueryAt(order, later(29 * MINUTE_MS), CLOSABLE)).toEqual(later(LIFETIME_MS + 2 * MINUTE_MS));
});

test('an order that lives ten minutes is never scheduled past its end while it lives', () => {
  const order = sampleOrder({ time_expire: later(10 * MINUTE_MS) });
  expect(nextQueryAt(order, later(6 * MINUTE_MS), CLOSABLE)).toEqual(later(10 * MINUTE_MS));
});

test('an order is never given up: a year later it is still asked about every hour', () => {
  let now = later(LIFETIME_MS);
  let times = 0;
  while (now < later(365 * 24 * HOUR_MS)) {
    now = nextQueryAt(sampleOrder(), now, CLOSABLE);
    times++;
  }
  expect(times).toBeGreaterThan(365 * 24 - 24);
  expect(times).toBeLessThan(365 * 24 + 24);
});

describe('an order that nobody can close', () => {
  test.each([
    [20 * MINUTE_MS, LIFETIME_MS],
    [LIFETIME_MS, LIFETIME_MS + HOUR_MS],
    [LIFETIME_MS + 23 * HOUR_MS, LIFETIME_MS + DAY_MS],
    [LIFETIME_MS + DAY_MS, LIFETIME_MS + 2 * DAY_MS],
    [LIFETIME_MS + 6.5 * DAY_MS, LIFETIME_MS + 7 * DAY_MS],
    [LIFETIME_MS + 7 * DAY_MS, LIFETIME_MS + 8 * DAY_MS],
  ])('is looked at %i ms after its birth, and then at %i ms, cancelled or not', (now, next) => {
    for (const change of [{}, { cancelled_at: later(MINUTE_MS) }])
      expect(nextQueryAt(sampleOrder(change), later(now), UNCLOSABLE)).toEqual(later(next));
  });

  test('is waited for until seven days after its end', () => {
    expect(leftOpenUntil(sampleOrder())).toEqual(later(LIFETIME_MS + 7 * DAY_MS));
  });

  test('stays due as it was when its shopper gives it up, where one that can be closed is due then', () => {
    const order = sampleOrder({ next_query_at: later(20 * MINUTE_MS) });
    expect(givenUpQueryAt(order, later(6 * MINUTE_MS), UNCLOSABLE)).toEqual(later(20 * MINUTE_MS));
    expect(givenUpQueryAt(order, later(6 * MINUTE_MS), CLOSABLE)).toEqual(later(6 * MINUTE_MS));
    expect(givenUpQueryAt(order, later(MINUTE_MS), CLOSABLE)).toEqual(later(CLOSABLE_AGE_MS));
  });
});

test('a lease ends with the next step, and after two minutes at most', () => {
  expect(leaseUntil(sampleOrder(), later(0), CLOSABLE)).toEqual(later(30 * SECOND_MS));
  expect(leaseUntil(sampleOrder(), later(10 * MINUTE_MS), CLOSABLE)).toEqual(later(12 * MINUTE_MS));
});

test('an order ends when it expires', () => {
  expect(endOf(sampleOrder(), CLOSABLE)).toEqual(later(LIFETIME_MS));
});

test('a cancelled order ends five minutes and a little after WeChat last gave a prepay_id', () => {
  const cancelled_at = later(MINUTE_MS);
  expect(endOf(sampleOrder({ cancelled_at }), CLOSABLE)).toEqual(later(5 * MINUTE_MS + 15 * SECOND_MS));
  const unsent = sampleOrder({ cancelled_at, prepaid_at: null });
  expect(endOf(unsent, CLOSABLE)).toEqual(later(6 * MINUTE_MS + 15 * SECOND_MS));
});

test('a cancelled order does not outlive its expiry', () => {
  const order = sampleOrder({ cancelled_at: later(29 * MINUTE_MS), prepaid_at: null });
  expect(endOf(order, CLOSABLE)).toEqual(later(LIFETIME_MS));
});

test('what createOrder begins to send arrives while WeChat still takes it, and can be closed at its end', () => {
  expect(SENDABLE_LEFT_MS - SHOPPERS_CALL_MS).toBeGreaterThanOrEqual(CLOSABLE_AGE_MS);
  expect(CLOSABLE_AGE_MS).toBeGreaterThan(5 * MINUTE_MS);
});

test('an order of the shortest life can be sent when it is placed', () => {
  expect(SENDABLE_LEFT_MS).toBeLessThan(10 * MINUTE_MS);
});
