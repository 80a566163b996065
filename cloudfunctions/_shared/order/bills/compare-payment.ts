import { isUnsettled, type Order } from '../order.ts';
import { ask } from '../reconcile.ts';
import type { BillRow } from './bill.ts';
import { dateOf } from './dates.ts';
import type { BilledOrder, BillPorts } from './ports.ts';
import type { Tally } from './tally.ts';

/** A line about a payment, and the order of its number. */
export interface BilledPayment {
  readonly row: BillRow;
  readonly order: BilledOrder;
  /** Whether the bill had a payment of this number before. */
  readonly isTwice: boolean;
}

/** Whether money came for it, as far as we know. */
function isPaid({ trade_state }: Pick<Order, 'trade_state'>): boolean {
  return trade_state === 'SUCCESS' || trade_state === 'REFUND';
}

/**
 * Compares a payment with its order. What is left to do takes a question or an alarm, and is answered as a promise; most
 * lines leave nothing.
 *
 * @param isLast whether the day is not read again: what WeChat does not confirm is told to a human then
 */
export function comparePayment(
  ports: BillPorts,
  tally: Tally,
  { row, order, isTwice, isLast }: BilledPayment & { isLast: boolean },
): (() => Promise<void>) | undefined {
  const { out_trade_no, total_fee: fee } = row;
  const differs = (message: string) => () =>
    tally.raise(ports, { code: 'BILL_MISMATCH', out_trade_no, fee, message });
  if (isTwice) return differs(`The bill of ${tally.bill_date} lists a second payment, of ${fee} fen.`);
  tally.countPayment(row);
  if (!isPaid(order)) return () => askAbout(ports, tally, { row, isLast });
  noteDay(tally, order);
  if (fee !== order.total_fee) {
    return differs(
      `The bill of ${tally.bill_date} says ${fee} fen, and the order is about ${order.total_fee}.`,
    );
  }
  const { transaction_id } = order;
  if (transaction_id !== null && row.transaction_id !== transaction_id) {
    return differs(
      `The bill of ${tally.bill_date} has another transaction_id than the order: ${row.transaction_id}.`,
    );
  }
  return undefined;
}

/** The bill says paid, and we do not know it: WeChat is asked, and what it says is settled. */
async function askAbout(
  ports: BillPorts,
  tally: Tally,
  { row, isLast }: { row: BillRow; isLast: boolean },
): Promise<void> {
  const { out_trade_no, total_fee: fee } = row;
  const order = await ports.orders.find(out_trade_no);
  if (!order || isPaid(order)) return;
  const after = order.under_review ? order : await ask(ports, order);
  if (isPaid(after)) {
    noteDay(tally, after);
    tally.repaired({ out_trade_no, fee });
  } else if (after.under_review) {
    // The report was not believed, and its alarm is raised.
    tally.alarmed({ out_trade_no, fee });
  } else if (!isLast) {
    tally.countUnclear();
  } else {
    const state = isUnsettled(after) ? 'not paid' : 'closed';
    const message = `The bill of ${tally.bill_date} says ${fee} fen were paid; asked about the order, WeChat says it is ${state}.`;
    await tally.raise(ports, { code: 'BILL_MISMATCH', out_trade_no, fee, message });
  }
}

/** Paid here on another day than the bill's: at midnight the two may differ. */
function noteDay(tally: Tally, { _id, time_end }: Pick<Order, '_id' | 'time_end'>): void {
  if (time_end !== null && dateOf(time_end) !== tally.bill_date) tally.besides(_id);
}
