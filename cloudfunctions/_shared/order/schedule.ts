import { SHOPPERS_CALL_MS } from './deadline.ts';
import type { Order } from './order.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** After birth, WeChat is asked at these ages, then at the order's end. */
const QUERY_AGES_MS = [30 * SECOND_MS, ...[1, 3, 5, 10, 20].map((minutes) => minutes * MINUTE_MS)];
/** After its end an order is asked about ever more seldom, but never given up. */
const BACKOFF_MIN_MS = MINUTE_MS;
const BACKOFF_MAX_MS = HOUR_MS;
/** A run that dies with an order in hand costs it this long at most. */
const LEASE_MAX_MS = 2 * MINUTE_MS;
/**
 * WeChat does not close an order younger than five minutes, nor take one whose time_expire is nearer than that; a little
 * more keeps clear of its clock.
 */
export const CLOSABLE_AGE_MS = 5 * MINUTE_MS + 15 * SECOND_MS;
/**
 * Sending an order is not begun with less than this left of it. However long the call then takes, with the second domain
 * and the previous key, the last request arrives while WeChat still takes it, and the order can be closed at its end.
 */
export const SENDABLE_LEFT_MS = CLOSABLE_AGE_MS + SHOPPERS_CALL_MS;
/** An order that WeChat does not have this long after its end never arrived. */
export const NEVER_ARRIVED_MS = 2 * MINUTE_MS;
/** One order's page and its shopper's impatience ask WeChat no more often than this. */
export const ASK_AGAIN_MS = 3 * SECOND_MS;

type Timed = Pick<Order, 'created_at' | 'time_expire' | 'cancelled_at' | 'prepaid_at'>;

/** When the timer should next ask WeChat about an unsettled order that was looked at `now`. */
export function nextQueryAt(order: Timed, now: Date): Date {
  const at = now.getTime();
  const born = order.created_at.getTime();
  const end = endOf(order).getTime();
  if (at < end) {
    const steps = QUERY_AGES_MS.map((age) => born + age).filter((step) => step > at);
    return new Date(Math.min(...steps, end));
  }
  const backoff = at + Math.min(Math.max(at - end, BACKOFF_MIN_MS), BACKOFF_MAX_MS);
  // The moment from which an order that never arrived can be closed is not slept through.
  const sure = order.time_expire.getTime() + NEVER_ARRIVED_MS;
  return new Date(at < sure ? Math.min(backoff, sure) : backoff);
}

/** Until when whoever asks about an order has it to themselves. */
export function leaseUntil(order: Timed, now: Date): Date {
  return new Date(Math.min(nextQueryAt(order, now).getTime(), now.getTime() + LEASE_MAX_MS));
}

/** When an order is to be closed at WeChat: at its end, or once it is old enough after it was cancelled. */
export function endOf(order: Timed): Date {
  if (order.cancelled_at === null) return order.time_expire;
  const sent = order.prepaid_at ?? order.cancelled_at;
  return new Date(Math.min(order.time_expire.getTime(), sent.getTime() + CLOSABLE_AGE_MS));
}
