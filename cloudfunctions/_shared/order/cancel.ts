import { ChannelError } from './channel.ts';
import { findOwn, type OwnOrder } from './check.ts';
import { isUnsettled, type Order } from './order.ts';
import type { Ports } from './ports.ts';
import { ask, claimOutOfTurn, close, isAskable } from './reconcile.ts';
import { notFound, type Refusal } from './refusal.ts';
import { endOf, givenUpQueryAt } from './schedule.ts';

/**
 * The shopper gives an order up. WeChat is asked first, since a payment that landed wins; then no more signatures are
 * given, and WeChat's side is closed as soon as it is old enough, here or by the timer. Answers the order as it is then:
 * paid, cancelled, or closed.
 */
export async function cancel(ports: Ports, which: OwnOrder): Promise<Order | Refusal> {
  const { out_trade_no } = which;
  const order = await findOwn(ports, which);
  if (!order) return notFound;
  if (!isUnsettled(order) || order.under_review || order.cancelled_at) return order;

  const now = ports.clock.now();
  // WeChat cannot be asked about another merchant's order, about which the timer raises an alarm; no more signatures are given
  // for it either way.
  const claimed = isAskable(ports, order) ? await claimOutOfTurn(ports, order, now) : undefined;
  // Asked about less than three seconds ago: what is stored is what WeChat said, and cancelling goes on from that.
  const known = claimed ? await ask(ports, claimed) : order;
  if (!isUnsettled(known) || known.under_review) return known;

  const channel = ports.channelOf(order);
  const change = { cancelled_at: now, next_query_at: givenUpQueryAt(known, now, channel) };
  if (!(await ports.orders.markCancelled(known, change)))
    return (await ports.orders.find(out_trade_no)) ?? notFound;
  ports.logger.info('order.cancelled', { out_trade_no });
  const marked = { ...known, ...change };
  const isClosable = channel.close !== undefined && endOf(marked, channel) <= now;
  return claimed && isClosable ? closeOrLeave(ports, marked) : marked;
}

/** The order is cancelled already: a WeChat that does not answer now is left to the timer, and the shopper is not concerned. */
async function closeOrLeave(ports: Ports, order: Order): Promise<Order> {
  try {
    return await close(ports, order);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    ports.logger.warn('order.close_failed', { out_trade_no: order._id, ...error.facts });
    return order;
  }
}
