import { type BillLine, type BillType, columnsOf, yuan } from './bill-columns.ts';
import { couponTotal } from './coupons.ts';
import type { Faults } from './faults.ts';
import type { LedgerOrder, LedgerRefund, Payment } from './ledger.ts';

/** The moments of a bill: its day, and when it was made. */
export interface BillOf {
  readonly from: Date;
  readonly before: Date;
  readonly made: Date;
  readonly type: BillType;
}

/** What a merchant pays for each payment. */
const RATE_PER_10000 = 60;

const SUMS = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

/** A bill as UTF-8, and how many payments and refunds it lists. */
export interface WrittenBill {
  readonly bytes: Buffer;
  readonly lines: number;
}

/** So many lines are text at a time: a day may have hundreds of thousands, and all of them as text would take seconds to collect. */
const LINES_A_PART = 1000;

/**
 * The bill of a day: a byte order mark, a line of titles, a line for each payment and refund with a backtick before each value, in
 * no order that could be relied on, and the sums. Undefined where nothing happened.
 */
export function writeBill(
  orders: readonly LedgerOrder[],
  of: BillOf,
  faults: Faults,
): WrittenBill | undefined {
  const columns = columnsOf(of.type);
  const parts: Buffer[] = [];
  const sums = { lines: 0, total: 0, settled: 0, returned: 0, fee: 0 };
  let part = `\uFEFF${columns.map(({ title }) => title).join(',')}\r\n`;
  for (const line of linesOf(orders, of, faults)) {
    part += `${quoted(columns.map((column) => column.of(line)))}\r\n`;
    sums.lines++;
    sums.total += line.total;
    sums.settled += line.settled;
    sums.returned += line.returned;
    sums.fee += line.fee;
    if (sums.lines % LINES_A_PART > 0) continue;
    parts.push(Buffer.from(part));
    part = '';
  }
  const { lines, total, settled, returned, fee } = sums;
  if (lines === 0) return undefined;
  const amounts = [yuan(settled), yuan(returned), '0.00', `${yuan(fee)}000`, yuan(total), yuan(returned)];
  parts.push(Buffer.from(`${part}${SUMS}\r\n${quoted([String(lines), ...amounts])}\r\n`));
  return { bytes: Buffer.concat(parts), lines };
}

function* linesOf(orders: readonly LedgerOrder[], of: BillOf, faults: Faults): Generator<BillLine> {
  const isOfDay = (moment: Date) => moment >= of.from && moment < of.before;
  for (const order of of.type === 'SUCCESS' ? [] : orders) {
    for (const refund of order.refunds ?? []) {
      if (!order.payment || !isOfDay(refund.created_at)) continue;
      if (!faults.take(['lose-refund-line'], order)) yield refundLine(order, order.payment, refund, of);
    }
  }
  for (const order of of.type === 'REFUND' ? [] : orders) {
    if (!order.payment || !isOfDay(order.payment.time_end)) continue;
    if (faults.take(['lose-payment-line'], order)) continue;
    const line = paymentLine(order, order.payment);
    yield line;
    if (faults.take(['repeat-payment-line'], order)) yield line;
  }
}

function paymentLine(order: LedgerOrder, payment: Payment): BillLine {
  const total = Number(order.parameters.total_fee);
  const reductions = (payment.coupons ?? []).filter(({ coupon_type }) => coupon_type === 'NO_CASH');
  const settled = total - couponTotal(reductions);
  return { order, payment, total, settled, returned: 0, fee: feeOf(settled), isEnded: false };
}

function refundLine(order: LedgerOrder, payment: Payment, refund: LedgerRefund, { made }: BillOf): BillLine {
  const { refund_fee: returned, ended_at } = refund;
  const isEnded = ended_at !== undefined && ended_at < made;
  return { order, payment, refund, total: 0, settled: 0, returned, fee: -feeOf(returned), isEnded };
}

function quoted(values: readonly string[]): string {
  return values.map((value) => `\`${value}`).join(',');
}

/** Rounded to a whole fen. */
function feeOf(fen: number): number {
  return Math.round((fen * RATE_PER_10000) / 10_000);
}
