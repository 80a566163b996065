import { expect, test } from 'vitest';
import {
  HOURLY_ORDERS_MAX,
  limitReached,
  NEWEST_ORDERS,
  UNPAID_ORDERS_MAX,
} from '../../cloudfunctions/_shared/order/limits.ts';
import type { Order } from '../../cloudfunctions/_shared/order/order.ts';
import { BIRTH, later, MINUTE_MS, sampleOrder } from './samples.ts';

/** So many orders like this one, the newest first, each a minute older than the one before. */
function ordersLike(change: Partial<Order>, count: number): Order[] {
  return Array.from({ length: count }, (_, place) => {
    const created_at = later(-place * MINUTE_MS);
    return sampleOrder({ _id: String(place).padStart(32, '0'), created_at, ...change });
  });
}

const refusedWith = (newest: readonly Order[], instead_of?: string) =>
  limitReached(newest, { now: BIRTH, instead_of })?.errcode;

test('a shopper may leave five orders unpaid', () => {
  expect(refusedWith(ordersLike({}, UNPAID_ORDERS_MAX - 1))).toBeUndefined();
  expect(refusedWith(ordersLike({}, UNPAID_ORDERS_MAX))).toBe('TOO_MANY_UNPAID_ORDERS');
});

test('the order that the new one takes the place of is not among the five', () => {
  const [first, ...others] = ordersLike({}, UNPAID_ORDERS_MAX);
  expect(refusedWith([...others, ...(first ? [first] : [])], first?._id)).toBeUndefined();
});

test.each<[string, Partial<Order>]>([
  ['paid', { trade_state: 'SUCCESS' }],
  ['closed', { trade_state: 'CLOSED' }],
  ['refunded', { trade_state: 'REFUND' }],
  ['cancelled', { cancelled_at: BIRTH }],
  ['past its time', { time_expire: BIRTH }],
  ['without a prepay_id, so that it cannot be paid,', { prepaid_at: null }],
  ['under review', { under_review: true }],
])('an order that is %s is not in the shopper’s way', (_, change) => {
  expect(refusedWith(ordersLike(change, UNPAID_ORDERS_MAX))).toBeUndefined();
});

test.each(['NOTPAY', 'USERPAYING', 'PAYERROR'] as const)(
  'an order that is %s can still be paid',
  (trade_state) => {
    expect(refusedWith(ordersLike({ trade_state }, UNPAID_ORDERS_MAX))).toBe('TOO_MANY_UNPAID_ORDERS');
  },
);

test.each<[string, Partial<Order>]>([
  ['cancelled', { cancelled_at: BIRTH }],
  ['paid', { trade_state: 'SUCCESS' }],
  ['closed', { trade_state: 'CLOSED' }],
])('twenty orders an hour are enough, though they are %s', (_, change) => {
  expect(refusedWith(ordersLike(change, HOURLY_ORDERS_MAX - 1))).toBeUndefined();
  expect(refusedWith(ordersLike(change, HOURLY_ORDERS_MAX))).toBe('TOO_MANY_ORDERS');
});

test('an order counts for an hour', () => {
  const anHourAgo = { trade_state: 'CLOSED', created_at: later(-60 * MINUTE_MS) } as const;
  expect(refusedWith(ordersLike(anHourAgo, NEWEST_ORDERS))).toBeUndefined();
  const almost = { ...anHourAgo, created_at: later(1 - 60 * MINUTE_MS) };
  expect(refusedWith(ordersLike(almost, NEWEST_ORDERS))).toBe('TOO_MANY_ORDERS');
});

test('every order that can still be paid is among those that are looked at', () => {
  const LIFETIME_MS = 110 * MINUTE_MS;
  const placed: Order[] = [];
  for (let minute = 0; minute < 24 * 60; minute++) {
    const now = later(minute * MINUTE_MS);
    const newest = placed.slice(0, NEWEST_ORDERS);
    // As many as the hourly limit allows, none of them ever reaching the five.
    if (limitReached(newest, { now, instead_of: undefined })?.errcode === 'TOO_MANY_ORDERS') continue;
    const time_expire = new Date(now.getTime() + LIFETIME_MS);
    placed.unshift(sampleOrder({ created_at: now, time_expire, prepaid_at: null }));
    expect(placed.slice(NEWEST_ORDERS).filter((order) => now < order.time_expire)).toEqual([]);
  }
  expect(placed.length).toBe(24 * HOURLY_ORDERS_MAX);
});
