import { alarm, alarmOf } from './alarms.ts';
import { type Absent, ChannelError, type DeliveryRefused, type Report } from './channel.ts';
import { isUndelivered, isUnsettled, type Order } from './order.ts';
import type { Ports } from './ports.ts';
import { feesOf, openRefundOf } from './refunds/entry.ts';
import {
  ASK_AGAIN_MS,
  deliverAgainAt,
  endOf,
  leaseUntil,
  leftOpenUntil,
  NEVER_ARRIVED_MS,
} from './schedule.ts';
import { settle } from './settle.ts';
import { decide } from './state.ts';

/** Whether WeChat can be asked about an order: under another merchant than the order's it would know none. */
export function isAskable({ channelOf }: Pick<Ports, 'channelOf'>, order: Order): boolean {
  return channelOf(order).unaskable(order) === undefined;
}

/**
 * Takes an order to ask WeChat about it, so that two never ask at once and one page asks at most every three seconds.
 * Answers the order as it is once claimed; undefined when another has it, or had it a moment ago.
 */
export async function claim(
  ports: Pick<Ports, 'orders'>,
  order: Order,
  { now, until }: { now: Date; until: Date },
) {
  if (order.queried_at && now.getTime() - order.queried_at.getTime() < ASK_AGAIN_MS) return undefined;
  const change = { queried_at: now, next_query_at: until, query_count: order.query_count + 1 };
  return (await ports.orders.claim(order, change)) ? { ...order, ...change } : undefined;
}

/** The same for a shopper who asks out of turn: the timer's own turn stays where it is. */
export function claimOutOfTurn(ports: Pick<Ports, 'orders' | 'channelOf'>, order: Order, now: Date) {
  const until = order.next_query_at ?? leaseUntil(order, now, ports.channelOf(order));
  return claim(ports, order, { now, until });
}

/**
 * Asks WeChat what became of an unsettled order, and settles it. Once its time is up, WeChat is asked to take no more
 * money for it, and only when WeChat agrees is it closed here; where that cannot be asked, once no money is expected any
 * more. Answers the order as it is afterwards.
 */
export async function reconcile(ports: Ports, order: Order): Promise<Order> {
  const answer = await ports.channelOf(order).query(order);
  const asked = await receiveAnswer(ports, order, answer);
  if (!isUnsettled(asked) || asked.under_review) return asked;
  // What nobody understands may be money: it is never the last word about an order.
  if (answer.kind === 'report' && answer.alarm?.code === 'PAYMENT_STATE_UNKNOWN') return leave(ports, asked);
  if (ports.clock.now() < endOf(asked, ports.channelOf(asked))) return asked;
  return close(ports, asked);
}

/** Asks WeChat what became of an order, and settles it. An order that WeChat does not have stays as it is. */
export async function ask(ports: Ports, order: Order): Promise<Order> {
  return receiveAnswer(ports, order, await ports.channelOf(order).query(order));
}

/** Settles what the payment side answered. */
export async function receiveAnswer(ports: Ports, order: Order, answer: Report | Absent): Promise<Order> {
  if (answer.kind === 'absent') return order;
  const after = await receive(ports, order, answer);
  // What was given back since has a turn of its own, and comes first.
  const isPaid = after.trade_state === 'SUCCESS' || after.trade_state === 'REFUND';
  if (!isPaid || (after.trade_state === 'REFUND' && order.trade_state !== 'REFUND')) return after;
  if (answer.undelivered) return markDelivered(ports, after);
  // Only WeChat's own word that the order is paid, or was, and not one that nobody understands, says that it knows of the delivery.
  const isClear = answer.trade_state === 'SUCCESS' || answer.trade_state === 'REFUND';
  return isClear ? delivered(ports, after) : after;
}

/**
 * An order that nobody can close, and of which WeChat gave no clear answer for as long as money is expected, is asked about
 * no more. It is not closed, which would say that no money came: its alarm stands, and whoever asks later (its event, its
 * page) still books what WeChat says then.
 */
async function leave(ports: Ports, order: Order): Promise<Order> {
  const isWaitedFor = ports.channelOf(order).close || ports.clock.now() < leftOpenUntil(order);
  if (isWaitedFor) return order;
  const { queried_at, query_count } = order;
  const isWritten = await ports.orders.claim(order, { queried_at, query_count, next_query_at: null });
  return isWritten ? { ...order, next_query_at: null } : order;
}

/**
 * The shopper has what they paid for, whatever becomes of this. That WeChat does not know it yet stands in the order since
 * its settlement, so that the timer says it again until WeChat takes it.
 */
async function markDelivered(ports: Ports, order: Order): Promise<Order> {
  const channel = ports.channelOf(order);
  // Whoever asks in haste leaves it to the timer.
  if (!channel.markDelivered) return order;
  try {
    const refused = await channel.markDelivered(order);
    if (refused) return await leaveToHuman(ports, order, refused);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    ports.logger.warn('order.delivery_not_marked', { out_trade_no: order._id, ...error.facts });
    const raised = alarmOf(error, ports.clock.now());
    if (raised) await ports.alarms.raise(raised);
    return order;
  }
  return delivered(ports, order);
}

/** Saying it once more is no use, so nothing is left to say here. */
async function leaveToHuman(
  ports: Ports,
  order: Order,
  { err_code, message }: DeliveryRefused,
): Promise<Order> {
  ports.logger.warn('order.delivery_not_marked', { out_trade_no: order._id, code: err_code, message });
  await raiseNotMarked(ports, order._id, message);
  return delivered(ports, order);
}

function raiseNotMarked({ alarms, clock }: Ports, out_trade_no: string, why: string): Promise<void> {
  const message = `${why} The shopper has what they paid for; mark the delivery in WeChat's console.`;
  return alarms.raise(alarm('DELIVERY_NOT_MARKED', out_trade_no, message, clock.now()));
}

/** WeChat knows that the shopper has it: nothing is left to say. */
async function delivered(ports: Ports, order: Order): Promise<Order> {
  if (!order.undelivered_since) return order;
  const { queried_at, query_count } = order;
  const next_query_at = openRefundOf(order) ? order.next_query_at : null;
  const change = { queried_at, query_count, next_query_at, undelivered_since: null };
  return (await ports.orders.claim(order, change)) ? { ...order, ...change } : order;
}

/**
 * Asks whether WeChat knows by now that a paid order was delivered, and says it again where it does not; not for ever.
 * @param refundTurn when a refund of it that is under way elsewhere is looked at again
 */
export async function deliverAgain(
  ports: Ports,
  order: Order,
  refundTurn: Date | null = null,
): Promise<Order> {
  const { undelivered_since, queried_at, query_count } = order;
  if (!undelivered_since || !isUndelivered(order)) return order;
  const now = ports.clock.now();
  const again = deliverAgainAt(undelivered_since, now) ?? null;
  const { refunded, reserved } = feesOf(order);
  const isRefunding = openRefundOf(order) !== undefined;
  // Its turns go on for the refund, and what is left to say after that has one more.
  if (isRefunding && (again === null || refunded + reserved >= order.total_fee)) return order;
  const next_query_at = isRefunding ? earlier(order.next_query_at, again) : earlier(refundTurn, again);
  const change = { queried_at, query_count, next_query_at };
  // First the next turn, since whatever is said may fail.
  if (next_query_at && !(await ports.orders.claim(order, change))) return order;
  const after = await ask(ports, next_query_at ? { ...order, ...change } : order);
  if (after.undelivered_since && again === null) {
    await raiseNotMarked(ports, order._id, 'WeChat does not take it that the order was delivered.');
    return next_query_at ? after : turned(ports, after, null);
  }
  return refundTurn && after.next_query_at === null ? turned(ports, after, refundTurn) : after;
}

async function turned(ports: Ports, order: Order, next_query_at: Date | null): Promise<Order> {
  const { queried_at, query_count } = order;
  const isWritten = await ports.orders.claim(order, { queried_at, query_count, next_query_at });
  return isWritten ? { ...order, next_query_at } : order;
}

function earlier(one: Date | null, other: Date | null): Date | null {
  return one && other ? new Date(Math.min(one.getTime(), other.getTime())) : (one ?? other);
}

/** Asks WeChat to take no more money for an order; closed here only when WeChat agrees, or never had it. */
export async function close(ports: Ports, order: Order): Promise<Order> {
  const channel = ports.channelOf(order);
  if (!channel.close) {
    const isWaitedFor = ports.clock.now() < leftOpenUntil(order);
    return isWaitedFor ? order : receive(ports, order, closedReport(order));
  }
  const answer = await channel.close(order);
  switch (answer.kind) {
    case 'paid':
      // The shopper paid between our question and the close: the payment wins.
      return ask(ports, order);
    case 'closed':
      return receive(ports, order, closedReport(order));
    case 'absent': {
      // An order on its way could still arrive; after its end WeChat would refuse it.
      const arrivesUntil = order.time_expire.getTime() + NEVER_ARRIVED_MS;
      return ports.clock.now().getTime() < arrivesUntil ? order : receive(ports, order, closedReport(order));
    }
  }
}

/** Most answers say what we know; those need no transaction. */
async function receive(ports: Ports, order: Order, report: Report): Promise<Order> {
  const { alarm: raised, out_trade_no } = report;
  if (raised?.rid) {
    const { code, message, rid } = raised;
    ports.logger.warn('order.unclear', { out_trade_no, code, message, rid });
  }
  if (raised) await ports.alarms.raise(alarm(raised.code, out_trade_no, raised.message, ports.clock.now()));
  if (decide(order, report).kind === 'keep') return order;
  const settlement = await settle(ports, { report });
  return settlement.kind === 'unknown' ? order : settlement.order;
}

function closedReport(order: Order): Report {
  return { kind: 'report', out_trade_no: order._id, trade_state: 'CLOSED', proves: [] };
}
