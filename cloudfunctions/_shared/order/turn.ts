import { alarm } from './alarms.ts';
import { ChannelError, type PaymentChannel, type Unaskable } from './channel.ts';
import { isUnsettled, type Order } from './order.ts';
import type { Ports } from './ports.ts';
import { ask, claim, close, deliverAgain, reconcile } from './reconcile.ts';
import { reconcileRefunds } from './refunds/ask-refund.ts';
import { openRefundOf } from './refunds/entry.ts';
import { nextRefundQueryAt } from './refunds/refund-schedule.ts';
import { deliverAgainAt, endOf, leaseUntil, leftOpenUntil, nextQueryAt, retryAt } from './schedule.ts';

/** How the timer's turn with an order went. */
export type Turn =
  /** WeChat was asked; the order as it is now. */
  | { readonly kind: 'asked'; readonly order: Order }
  /** WeChat was asked about a refund of a settled order. */
  | { readonly kind: 'refund'; readonly order: Order }
  /** Another run, or the shopper's page, has claimed the order. */
  | { readonly kind: 'taken' }
  /** It is another merchant's; an alarm is raised. */
  | { readonly kind: 'unaskable' };

/**
 * The timer's work on one order: it is claimed, WeChat is asked, and the answer is settled. Whatever fails, the order
 * becomes due again.
 */
export async function takeTurn(ports: Ports, order: Order): Promise<Turn> {
  const now = ports.clock.now();
  const { channel, unaskable } = await openFor(ports, order, now);
  if (unaskable) return alarmOnce(ports, { order, unaskable, now });
  const claimed = await claim(ports, order, { now, until: leaseUntil(order, now, channel) });
  if (!claimed) return { kind: 'taken' };
  try {
    if (claimed.trade_state === 'CLOSED') return { kind: 'asked', order: await askOnceMore(ports, claimed) };
    if (!isUnsettled(claimed)) return { kind: 'refund', order: await finish(ports, claimed) };
    const after = await reconcile(ports, claimed);
    if (isUnsettled(after) && after.next_query_at) await rest(ports, claimed, nextQueryAt);
    return { kind: 'asked', order: after };
  } catch (error) {
    // Before its end an order is worth asking about again when the lease is over; afterwards ever more seldom.
    const retry = isUnsettled(claimed) ? retryAt : retryRefundAt;
    if (ports.clock.now() >= endOf(claimed, channel)) await rest(ports, claimed, retry);
    throw error;
  }
}

/**
 * When the timer asks again about a settled order whose question failed at `now`: what is open of it is money that goes
 * back, and that is asked about every hour at least, where an unpaid order may rest for half a day.
 */
function retryRefundAt(order: Order, now: Date, channel: PaymentChannel): Date {
  const since = openRefundOf(order)?.requested_at ?? order.time_end ?? order.created_at;
  const next = nextRefundQueryAt({ created_at: since }, now);
  const retry = retryAt(order, now, channel);
  return next < retry ? next : retry;
}

/**
 * A closed order is due only when a person makes it so, who released it after money came for it that did not fit: WeChat is
 * asked what it says now.
 */
async function askOnceMore(ports: Ports, claimed: Order): Promise<Order> {
  const after = await ask(ports, claimed);
  if (after.trade_state !== 'CLOSED' || after.under_review) return after;
  const { queried_at, query_count } = claimed;
  await ports.orders.claim(claimed, { queried_at, query_count, next_query_at: null });
  return { ...after, next_query_at: null };
}

/** What is left to do about a settled order: its refunds, and that it was delivered. */
async function finish(ports: Ports, claimed: Order): Promise<Order> {
  try {
    const after = await reconcileRefunds(ports, claimed);
    const isTurned = after.next_query_at?.getTime() !== claimed.next_query_at?.getTime();
    return await deliverAgain(ports, after, isTurned ? after.next_query_at : null);
  } catch (error) {
    // Refunds that cannot be asked about may stay so; what else is to be said ends in its time.
    if (error instanceof ChannelError && error.code === 'REFUSED') await deliverAgain(ports, claimed);
    throw error;
  }
}

/**
 * The channel of an order, and why the order cannot be asked about there. One that nobody can read as the channel's is put
 * off, or it would be due for ever.
 */
async function openFor(
  { channelOf, orders }: Ports,
  order: Order,
  now: Date,
): Promise<{ readonly channel: PaymentChannel; readonly unaskable: Unaskable | undefined }> {
  try {
    const channel = channelOf(order);
    channel.checkSettings();
    return { channel, unaskable: channel.unaskable(order) };
  } catch (error) {
    if (error instanceof ChannelError && error.code === 'REFUSED') {
      const { queried_at, query_count } = order;
      const next_query_at = nextQueryAt(order, now, { close: undefined });
      await orders.claim(order, { queried_at, query_count, next_query_at });
    }
    throw error;
  }
}

/** Replaces the lease by the order's next query, where that is later. */
async function rest(ports: Ports, claimed: Order, nextAt: typeof retryRefundAt): Promise<void> {
  const next_query_at = nextAt(claimed, ports.clock.now(), ports.channelOf(claimed));
  if (claimed.next_query_at && next_query_at <= claimed.next_query_at) return;
  await ports.orders.claim(claimed, {
    queried_at: claimed.queried_at,
    next_query_at,
    query_count: claimed.query_count,
  });
}

/**
 * The merchant number was changed while the order was open: nobody can ask WeChat about it under the new one, and its
 * notices carry another key's sign. It stays due by its usual schedule, ever more seldom, in case the number is changed back.
 * One that nobody can close is looked at for as long as money is expected, and then left as it is: closed only where nobody
 * could have paid it.
 */
async function alarmOnce(
  ports: Ports,
  { order, unaskable, now }: { order: Order; unaskable: Unaskable; now: Date },
): Promise<Turn> {
  const { orders, alarms, channelOf } = ports;
  const channel = channelOf(order);
  const { queried_at, query_count } = order;
  const isOver = isUndeliverable(order, now) || (channel.close === undefined && now >= leftOpenUntil(order));
  const next_query_at = isOver ? null : nextQueryAt(order, now, channel);
  if (!(await orders.claim(order, { queried_at, query_count, next_query_at }))) return { kind: 'taken' };
  await alarms.raise(alarm('MERCHANT_CHANGED', order._id, unaskable.why, now));
  if (isOver && unaskable.isUnpayable && isUnsettled(order)) await close(ports, order);
  return { kind: 'unaskable' };
}

/** Of a paid order nothing but the mark of its delivery was left to say, and it is given up. */
function isUndeliverable(order: Order, now: Date): boolean {
  const { undelivered_since } = order;
  if (!undelivered_since || isUnsettled(order) || openRefundOf(order)) return false;
  return deliverAgainAt(undelivered_since, now) === undefined;
}
