import { ChannelError } from '../channel.ts';
import type { Order } from '../order.ts';
import { receiveAnswer } from '../reconcile.ts';
import { bookThoseElsewhere, reconcileRefunds } from '../refunds/ask-refund.ts';
import { feesOf, openRefundOf } from '../refunds/entry.ts';
import { doInTurn } from './in-turn.ts';
import type { BilledOrder, BillPorts } from './ports.ts';
import type { Tally } from './tally.ts';

/**
 * The comparison where there is no bill: the payment side is asked about each order that was paid, what it says is settled, and
 * refunds that it knows and we do not are booked. False when time was over before all of them were asked about.
 */
export function askAboutPaid(ports: BillPorts, how: Asking, paid: readonly BilledOrder[]): Promise<boolean> {
  return withEach(ports, how, { paid, ask: (order) => askAbout(ports, how.tally, order) });
}

/**
 * Looks once more at orders that were paid some days ago, for refunds that were made elsewhere since. What was given back whole has
 * nothing left. False when time was over before all of them were looked at.
 */
export function lookBackAtPaid(
  ports: BillPorts,
  how: Asking,
  paid: readonly BilledOrder[],
): Promise<boolean> {
  return withEach(ports, how, { paid, ask: (order) => lookBackAt(ports, how.tally, order) });
}

interface Asking {
  readonly tally: Tally;
  readonly isOver: () => boolean;
}

async function withEach(
  ports: BillPorts,
  how: Asking,
  { paid, ask }: { paid: readonly BilledOrder[]; ask: (order: Order) => Promise<void> },
): Promise<boolean> {
  if (paid.length === 0) return true;
  const orders = await ports.billed.whole(paid.map(({ _id }) => _id));
  const tasks = orders.map((order) => ({ out_trade_no: order._id, run: () => ask(order) }));
  return doInTurn(ports, how, tasks);
}

async function lookBackAt(ports: BillPorts, tally: Tally, order: Order): Promise<void> {
  const { refunded } = feesOf(order);
  // A refund of ours that is under way is asked about in its turn.
  const isSettled = order.trade_state === 'SUCCESS' || order.trade_state === 'REFUND';
  if (!isSettled || order.under_review || refunded >= order.total_fee || openRefundOf(order)) return;
  if (ports.channelOf(order).unaskable(order) !== undefined) return;
  const after = await lookedBack(ports, order);
  const fee = feesOf(after).refunded - refunded;
  if (fee > 0) tally.repaired({ out_trade_no: order._id, fee });
}

/** A second look may be refused where the first was not, the shopper being gone, and then so is every other. */
async function lookedBack(ports: BillPorts, order: Order): Promise<Order> {
  try {
    return await bookThoseElsewhere(ports, order);
  } catch (error) {
    if (!(error instanceof ChannelError) || error.code !== 'REFUSED') throw error;
    ports.logger.warn('bill.order_unclear', { out_trade_no: order._id, ...error.facts });
    return order;
  }
}

async function askAbout(ports: BillPorts, tally: Tally, order: Order): Promise<void> {
  const { _id: out_trade_no, total_fee } = order;
  const channel = ports.channelOf(order);
  // Made under other settings than there are now; if it was open, it has its alarm.
  if (channel.unaskable(order) !== undefined) return;
  const answer = await channel.query(order);
  if (answer.kind === 'absent') {
    const message = `Paid here on ${tally.bill_date}, and the payment side does not know the order.`;
    await tally.raise(ports, { code: 'BILL_PAYMENT_MISSING', out_trade_no, fee: total_fee, message });
    return;
  }
  const { trade_state, total_fee: fee = 0 } = answer;
  if (trade_state !== 'SUCCESS' && trade_state !== 'REFUND') {
    const message = `Paid here on ${tally.bill_date}, and the payment side says ${trade_state}.`;
    await tally.raise(ports, { code: 'BILL_MISMATCH', out_trade_no, fee, message });
    return;
  }
  if (answer.total_fee !== undefined && answer.total_fee !== total_fee) {
    const message = `The payment side says ${fee} fen, and the order is about ${total_fee}.`;
    await tally.raise(ports, { code: 'BILL_MISMATCH', out_trade_no, fee, message });
  }
  const after = await reconcileRefunds(ports, await receiveAnswer(ports, order, answer));
  const { refunded } = feesOf(after);
  if (refunded > feesOf(order).refunded)
    tally.repaired({ out_trade_no, fee: refunded - feesOf(order).refunded });
  tally.countPayment({ total_fee: answer.total_fee ?? total_fee });
  if (refunded > 0) tally.countRefund({ refund_fee: refunded });
}
