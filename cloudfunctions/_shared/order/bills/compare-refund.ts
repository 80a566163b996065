import { lookForRefunds } from '../refunds/ask-refund.ts';
import { isOpen } from '../refunds/refund.ts';
import { receiveRefundHint } from '../refunds/refund-hint.ts';
import type { BillRow } from './bill.ts';
import type { BilledOrder, BillPorts } from './ports.ts';
import type { Tally } from './tally.ts';

/** Compares a refund with its order; see comparePayment. */
export function compareRefund(
  ports: BillPorts,
  tally: Tally,
  { row, order }: { readonly row: BillRow; readonly order: BilledOrder },
): (() => Promise<void>) | undefined {
  const { out_trade_no, out_refund_no, refund_fee: fee } = row;
  tally.countRefund(row);
  const booked = order.refunds?.find((refund) => refund.out_refund_no === out_refund_no);
  if (booked?.state !== 'SUCCESS') return () => askAbout(ports, tally, row);
  if (booked.refund_fee === fee) return undefined;
  const message = `The bill of ${tally.bill_date} says ${fee} fen for the refund ${out_refund_no}, of which ${booked.refund_fee} are booked.`;
  return () => tally.raise(ports, { code: 'BILL_MISMATCH', out_trade_no, out_refund_no, fee, message });
}

/** The bill has a refund that is not booked here: WeChat is asked about it, as after a notice. */
async function askAbout(ports: BillPorts, tally: Tally, row: BillRow): Promise<void> {
  const { out_trade_no, out_refund_no, refund_fee: fee } = row;
  const outcome = await receiveRefundHint(ports, { out_trade_no, out_refund_no });
  const refund = await ports.refunds.find(out_refund_no);
  const detail = { out_trade_no, out_refund_no, fee };
  if (refund?.state === 'SUCCESS') tally.repaired(detail);
  else if (outcome.kind === 'refused' && outcome.reason !== 'REFUND_UNKNOWN') tally.alarmed(detail);
  else if (!refund || !isOpen(refund)) await watch(ports, tally, detail);
}

/** One that was made elsewhere and is still under way: no notice may come of it, so the timer looks again. */
async function watch(
  ports: BillPorts,
  tally: Tally,
  detail: { out_trade_no: string; out_refund_no: string; fee: number },
): Promise<void> {
  tally.meets(detail.out_refund_no);
  const order = await ports.orders.find(detail.out_trade_no);
  if (order && (await lookForRefunds(ports, order))) tally.repaired(detail);
}
