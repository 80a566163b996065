import { alarm } from '../alarms.ts';
import type { RefundReport } from '../channel.ts';
import { isUndelivered, isUnsettled, type Order } from '../order.ts';
import type { Ports } from '../ports.ts';
import { ask } from '../reconcile.ts';
import { type Settlement, settle } from '../settle.ts';
import { Unreadable } from '../unreadable.ts';
import { feesOf, openRefundOf } from './entry.ts';
import { isOpen, type Refund } from './refund.ts';
import { lookAgainAt, neverArrivedAt, nextRefundQueryAt } from './refund-schedule.ts';

/**
 * Asks WeChat what became of the refund of a settled order that is under way, and books it; of an order that has none,
 * asks for refunds that were made elsewhere. Answers the order as it is afterwards, with the moment to look at it again.
 */
export async function reconcileRefunds(ports: Ports, order: Order): Promise<Order> {
  const open = openRefundOf(order);
  if (!open) return bookThoseElsewhere(ports, order);
  const refund = await ports.refunds.find(open.out_refund_no);
  if (!refund) throw new Unreadable(`The refund ${open.out_refund_no} of ${order._id} is gone.`);
  // Its end is written in the same transaction as the order's entry; another run has just done that.
  if (!isOpen(refund)) return (await ports.orders.find(order._id)) ?? order;
  const after = await askAbout(ports, order, refund);
  return openRefundOf(after) ? rest(ports, after, lookAgainAt(refund, ports.clock.now())) : after;
}

/** Asks about one refund. Where WeChat does not have it, it is sent again, or known to be over. */
async function askAbout(ports: Ports, order: Order, refund: Refund): Promise<Order> {
  if (refund.refund_fee === 0) {
    const state = refund.state === 'ABANDONING' ? 'CLOSED' : 'SUCCESS';
    return receive(ports, order, reportOf(refund, state));
  }
  const answer = await ports.channelOf(order).queryRefund(order, refund._id);
  if (answer.kind !== 'absent') return receive(ports, order, answer);
  if (refund.state === 'PROCESSING') return send(ports, order, refund);
  const neverArrived = refund.state === 'ABANDONING' && ports.clock.now() >= neverArrivedAt(refund);
  return neverArrived ? receive(ports, order, reportOf(refund, 'CLOSED')) : order;
}

/**
 * Asks WeChat to give the money back, under what is saved. That it is sent is written down first, and only of a refund
 * that nobody gave up: so whoever gave it up knows when it last went out.
 */
export async function send(ports: Ports, order: Order, refund: Refund): Promise<Order> {
  if (refund.refund_fee === 0) return receive(ports, order, reportOf(refund, 'SUCCESS'));
  const sent_at = ports.clock.now();
  if (!(await ports.refunds.markSent(refund, { sent_at }))) return order;
  const { _id: out_refund_no, refund_fee, reason, refunded_fee, created_at } = refund;
  const asked = { out_refund_no, refund_fee, reason, refunded_fee, created_at };
  const answer = await ports.channelOf(order).refund(order, asked);
  const about = { out_trade_no: order._id, out_refund_no };
  if (answer.kind === 'accepted') {
    ports.logger.info('refund.accepted', { ...about, refund_fee });
    const refund_id = answer.refund_id ?? refund.refund_id;
    await ports.refunds.note(refund, { refund_id, err_code: null, err_code_des: null });
    return order;
  }
  const { err_code, err_code_des, advice } = answer;
  ports.logger.warn('refund.refused_by_wechatpay', { ...about, err_code, err_code_des });
  await ports.refunds.note(refund, { refund_id: refund.refund_id, err_code, err_code_des });
  const message = `The refund ${out_refund_no} is refused: ${err_code}, ${err_code_des}. ${advice}`;
  await ports.alarms.raise(alarm('REFUND_REFUSED', order._id, message, ports.clock.now()));
  return order;
}

/** After a hint that nothing was found for, the timer looks once more. */
const LOOK_AGAIN_MS = 10 * 60_000;

/**
 * Looks at an order for refunds that were made elsewhere, and books them. Whether there were some: where there were none
 * yet, the timer looks again, since WeChat may be late to show them.
 */
export async function lookForRefunds(ports: Ports, order: Order): Promise<boolean> {
  const known = isUnsettled(order) ? await ask(ports, order) : order;
  // One of ours that is under way may be what was given back, and is asked about in its turn.
  if (isUnsettled(known) || openRefundOf(known)) return false;
  const after = await bookThoseElsewhere(ports, known);
  if (feesOf(after).refunded > feesOf(order).refunded) return true;
  await lookAgain(ports, after);
  return false;
}

/**
 * Refunds that WeChat can list and that are not booked here are booked; those that are under way are looked at again. Where
 * another refund of the order began or was booked since it was read, what WeChat says by its sum is left to a later look.
 */
export async function bookThoseElsewhere(ports: Ports, order: Order): Promise<Order> {
  const reports = await ports.channelOf(order).listRefunds(order);
  let after = order;
  for (const report of reports) {
    const settlement = await receiveRefund(ports, order, report);
    if (settlement.kind === 'kept' && settlement.isOutdated) {
      await lookAgain(ports, settlement.order);
      return after;
    }
    if (settlement.kind !== 'unknown') after = settlement.order;
  }
  // One of ours that began meanwhile has its own turn.
  if (openRefundOf(after)) return after;
  const isUnderWay = reports.some(({ state }) => state === 'PROCESSING');
  const now = ports.clock.now();
  if (isUnderWay)
    return rest(ports, after, nextRefundQueryAt({ created_at: order.time_end ?? order.created_at }, now));
  // What is still to be said about the order has its turn by the lease, whatever becomes of this one.
  return rest(ports, after, isUndelivered(after) ? after.next_query_at : null);
}

/** The timer looks once more, unless a refund of ours is under way: that one has its own turn, and is followed by a look. */
async function lookAgain(ports: Ports, order: Order): Promise<void> {
  const at = new Date(ports.clock.now().getTime() + LOOK_AGAIN_MS);
  if (!openRefundOf(order)) await rest(ports, order, at);
}

/** Settles what the payment side says of a refund of this order. */
export function receiveRefund(ports: Ports, order: Order, report: RefundReport): Promise<Settlement> {
  return settle(ports, { report, looksOnceMore: ports.channelOf(order).knowsRefundsBySum });
}

async function receive(ports: Ports, order: Order, report: RefundReport): Promise<Order> {
  const settlement = await receiveRefund(ports, order, report);
  return settlement.kind === 'unknown' ? order : settlement.order;
}

/** Trades the lease for the order's next turn. */
async function rest(ports: Ports, order: Order, next_query_at: Date | null): Promise<Order> {
  if (order.next_query_at?.getTime() === next_query_at?.getTime()) return order;
  const { queried_at, query_count } = order;
  const isWritten = await ports.orders.claim(order, { queried_at, next_query_at, query_count });
  return isWritten ? { ...order, next_query_at } : order;
}

/** What we say of a refund that nobody else knows: one that takes days only, and one that never arrived. */
function reportOf({ _id, out_trade_no, refund_fee }: Refund, state: 'SUCCESS' | 'CLOSED'): RefundReport {
  return { kind: 'refund-report', out_trade_no, out_refund_no: _id, state, refund_fee };
}
