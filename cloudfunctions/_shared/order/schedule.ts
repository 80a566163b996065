import type { PaymentChannel } from './channel.ts';
import { SHOPPERS_CALL_MS } from './deadline.ts';
import type { Order } from './order.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** After birth, WeChat is asked at these ages, then at the order's end. */
const QUERY_AGES_MS = [30 * SECOND_MS, ...[1, 3, 5, 10, 20].map((minutes) => minutes * MINUTE_MS)];
/** After its end an order is asked about ever more seldom, but never given up. */
const BACKOFF_MIN_MS = MINUTE_MS;
const BACKOFF_MAX_MS = HOUR_MS;
/** An order that nobody can close is asked about for so long after its end: hourly for a day, then daily. */
const LEFT_OPEN_MS = 7 * DAY_MS;
/** After a question that failed an order rests this long at least, and ever longer until its next look. */
const RETRY_MIN_MS = 5 * MINUTE_MS;
/** A mark of delivery that WeChat does not take is given up so long after the payment was settled. */
const DELIVERY_MS = 7 * DAY_MS;
/** An order whose run ended before its answer waits this long at most. */
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

/** Whether an order can be closed at its end. An order of a channel that closes none is left open for a while. */
type Closing = Pick<PaymentChannel, 'close'>;

/** When the timer should next ask about an unsettled order that was looked at `now`. */
export function nextQueryAt(order: Timed, now: Date, channel: Closing): Date {
  const at = now.getTime();
  const born = order.created_at.getTime();
  const end = endOf(order, channel).getTime();
  if (at < end) {
    const steps = QUERY_AGES_MS.map((age) => born + age).filter((step) => step > at);
    return new Date(Math.min(...steps, end));
  }
  if (!channel.close) return new Date(nextLook(order, at));
  const backoff = at + Math.min(Math.max(at - end, BACKOFF_MIN_MS), BACKOFF_MAX_MS);
  // The moment from which an order that never arrived can be closed is not slept through.
  const sure = order.time_expire.getTime() + NEVER_ARRIVED_MS;
  return new Date(at < sure ? Math.min(backoff, sure) : backoff);
}

/**
 * When the timer asks again about an order past its end whose question failed at `now`: the money may have come, so not as
 * late as its next look. Within an hour, or a day, each rest is as long as all before it.
 */
export function retryAt(order: Timed, now: Date, channel: Closing): Date {
  const at = now.getTime();
  const next = nextQueryAt(order, now, channel).getTime();
  const sinceEnd = at - endOf(order, channel).getTime();
  const step = stepAfter(sinceEnd, channel);
  return new Date(Math.min(next, at + Math.max(RETRY_MIN_MS, sinceEnd % step)));
}

/** How far apart the looks are at an order that ended so long ago. */
function stepAfter(sinceEnd: number, { close }: Closing): number {
  return close || sinceEnd < DAY_MS ? HOUR_MS : DAY_MS;
}

/** When to mark a delivery again that WeChat did not take by `now`; undefined when it is given up. */
export function deliverAgainAt(undelivered_since: Date, now: Date): Date | undefined {
  const since = now.getTime() - undelivered_since.getTime();
  return since < DELIVERY_MS ? new Date(now.getTime() + Math.max(RETRY_MIN_MS, since)) : undefined;
}

/** Until when whoever asks about an order has it to themselves. */
export function leaseUntil(order: Timed, now: Date, channel: Closing): Date {
  return new Date(Math.min(nextQueryAt(order, now, channel).getTime(), now.getTime() + LEASE_MAX_MS));
}

/**
 * When an order is to be closed: at its end, or once it is old enough after it was cancelled. One that cannot be closed can
 * be paid as long as before, cancelled or not.
 */
export function endOf(order: Timed, channel: Closing): Date {
  if (order.cancelled_at === null || !channel.close) return order.time_expire;
  const sent = order.prepaid_at ?? order.cancelled_at;
  return new Date(Math.min(order.time_expire.getTime(), sent.getTime() + CLOSABLE_AGE_MS));
}

/** Until when an order that nobody can close is asked about. After that no money is expected any more. */
export function leftOpenUntil({ time_expire }: Pick<Order, 'time_expire'>): Date {
  return new Date(time_expire.getTime() + LEFT_OPEN_MS);
}

/** When to ask about an order that its shopper gives up `now`: as soon as it can be closed, else when it is due anyway. */
export function givenUpQueryAt(order: Order, now: Date, channel: Closing): Date {
  if (!channel.close) return order.next_query_at ?? nextQueryAt(order, now, channel);
  const closableAt = endOf({ ...order, cancelled_at: now }, channel);
  return closableAt > now ? closableAt : now;
}

/** The next look at an order that is left open after its end, as milliseconds. */
function nextLook(order: Timed, at: number): number {
  const end = order.time_expire.getTime();
  const step = stepAfter(at - end, { close: undefined });
  // Each look has its moment, so that one which was late, or failed and was repeated, does not put off those after it.
  return end + (Math.floor((at - end) / step) + 1) * step;
}
