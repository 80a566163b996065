import { alarm } from './alarms.ts';
import { isUnsettled, type Order } from './order.ts';
import type { Ports } from './ports.ts';
import { claim, close, reconcile } from './reconcile.ts';
import { reconcileRefunds } from './refunds/ask-refund.ts';
import { endOf, leaseUntil, leftOpenUntil, nextQueryAt } from './schedule.ts';

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
  const channel = ports.channelOf(order);
  const unaskable = channel.unaskable(order);
  if (unaskable) {
    const alarmed = await alarmOnce(ports, { order, unaskable, now });
    const isOver = channel.close === undefined && now >= leftOpenUntil(order);
    if (isOver && isUnsettled(order) && alarmed.kind !== 'taken') await close(ports, order);
    return alarmed;
  }
  const claimed = await claim(ports, order, { now, until: leaseUntil(order, now, channel) });
  if (!claimed) return { kind: 'taken' };
  try {
    if (!isUnsettled(claimed)) return { kind: 'refund', order: await reconcileRefunds(ports, claimed) };
    const after = await reconcile(ports, claimed);
    if (isUnsettled(after) && !after.under_review) await rest(ports, claimed);
    return { kind: 'asked', order: after };
  } catch (error) {
    // Before its end an order is worth asking about again when the lease is over; afterwards ever more seldom.
    if (ports.clock.now() >= endOf(claimed, channel)) await rest(ports, claimed);
    throw error;
  }
}

/** Replaces the lease by the order's next query, where that is later. */
async function rest(ports: Ports, claimed: Order): Promise<void> {
  const next_query_at = nextQueryAt(claimed, ports.clock.now(), ports.channelOf(claimed));
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
 */
async function alarmOnce(
  { orders, alarms, channelOf }: Ports,
  { order, unaskable, now }: { order: Order; unaskable: string; now: Date },
): Promise<Turn> {
  const { queried_at, query_count } = order;
  const next_query_at = nextQueryAt(order, now, channelOf(order));
  if (!(await orders.claim(order, { queried_at, query_count, next_query_at }))) return { kind: 'taken' };
  await alarms.raise(alarm('MERCHANT_CHANGED', order._id, unaskable, now));
  return { kind: 'unaskable' };
}
