import { type Refused, refuse } from './errors.ts';
import type { LedgerOrder, LedgerRefund } from './ledger.ts';
import { newRefundId } from './spelling.ts';
import type { Answer, Work } from './work.ts';

/** A refund is asked for within a year, in at most fifty parts, a minute apart. */
const REFUNDABLE_MS = 365 * 24 * 3_600_000;
const PARTS_MAX = 50;
const APART_MS = 60_000;

/** Accepts a refund: the money goes back later, and how that went is for refundquery and notices to say. */
export function refund(work: Work): Answer | Refused {
  const { request, merchant, ledger, now } = work;
  const { transaction_id, out_trade_no = '', out_refund_no = '' } = request;
  if (!transaction_id && !out_trade_no) return refuse('LACK_PARAMS', 'no transaction_id, no out_trade_no');
  const order = transaction_id
    ? ledger.findNamed(transaction_id)
    : ledger.find(merchant.mch_id, out_trade_no);
  if (order?.mch_id !== merchant.mch_id || order.appid !== request.appid || !order.payment) {
    const err_code = transaction_id ? 'INVALID_TRANSACTIONID' : 'ORDERNOTEXIST';
    return refuse(err_code, 'this merchant and app have no paid order of this number');
  }
  const known = order.refunds?.find((each) => each.out_refund_no === out_refund_no);
  if (known) return repeated(order, known, work);
  if (ledger.findRefunded(merchant.mch_id, out_refund_no)) {
    return refuse('REFUND_FEE_MISMATCH', 'this out_refund_no is that of a refund of another order');
  }
  const refused = checkAmounts(order, work) ?? checkAge(order, now) ?? checkParts(order, now);
  return (
    refused ?? { kind: 'answer', fields: fieldsOf(order, work.refunds.begin(order, newRefund(work, 'API'))) }
  );
}

/**
 * The same number is the same refund, however often it is asked for; one that came to nothing begins again, where as much
 * is still left.
 */
function repeated(order: LedgerOrder, known: LedgerRefund, work: Work): Answer | Refused {
  const { request, refunds, now } = work;
  if (String(known.refund_fee) !== request.refund_fee || !isTotal(order, request.total_fee)) {
    return refuse('REFUND_FEE_MISMATCH', 'asked for again with other amounts');
  }
  if (known.refund_status !== 'REFUNDCLOSE') return { kind: 'answer', fields: fieldsOf(order, known) };
  const refused = checkAmounts(order, work) ?? checkAge(order, now);
  if (refused) return refused;
  const begun = refunds.begin(order, { ...known, refund_status: 'PROCESSING' });
  return { kind: 'answer', fields: fieldsOf(order, begun) };
}

function checkAmounts(order: LedgerOrder, { request }: Work): Refused | undefined {
  if (!isTotal(order, request.total_fee))
    return refuse('REFUND_FEE_MISMATCH', "total_fee is not the order's");
  const done = refundedFee(order);
  const [total, asked] = [Number(request.total_fee), Number(request.refund_fee)];
  if (asked > total) return refuse('PARAM_ERROR', 'more than the order is about', 'invalid refund_fee');
  if (done + asked <= total) return undefined;
  return done === total
    ? refuse('ERROR', 'all of it was given back', '订单已全额退款')
    : refuse('ERROR', 'more than is left', '累计退款金额大于支付金额');
}

function checkAge({ payment }: LedgerOrder, now: Date): Refused | undefined {
  if (!payment || now.getTime() - payment.time_end.getTime() <= REFUNDABLE_MS) return undefined;
  return refuse('TRADE_OVERDUE', 'paid over a year ago');
}

function checkParts({ refunds = [] }: LedgerOrder, now: Date): Refused | undefined {
  if (refunds.length >= PARTS_MAX) return refuse('ERROR', 'fifty parts already', '部分退款次数超过50次');
  const last = refunds.at(-1);
  if (!last || now.getTime() - last.created_at.getTime() >= APART_MS) return undefined;
  return refuse('FREQUENCY_LIMITED', 'a minute must pass between two refunds of an order');
}

/** What was given back of an order, or is on its way, in fen. */
export function refundedFee({ refunds = [] }: LedgerOrder): number {
  return refunds.reduce(
    (sum, { refund_status, refund_fee }) => sum + (refund_status === 'REFUNDCLOSE' ? 0 : refund_fee),
    0,
  );
}

function isTotal(order: LedgerOrder, total_fee: string | undefined): boolean {
  return order.parameters.total_fee === total_fee;
}

/** A refund as it is asked for. */
export function newRefund(
  { request, now, random }: Pick<Work, 'request' | 'now' | 'random'>,
  source: LedgerRefund['source'],
): LedgerRefund {
  const { out_refund_no = '', refund_fee, refund_desc, notify_url } = request;
  return {
    out_refund_no,
    refund_id: newRefundId(now, random),
    refund_fee: Number(refund_fee),
    ...(refund_desc && { refund_desc }),
    ...(notify_url && { notify_url }),
    refund_status: 'PROCESSING',
    source,
    created_at: now,
    notices: [],
  };
}

function fieldsOf(
  order: LedgerOrder,
  { out_refund_no, refund_id, refund_fee }: LedgerRefund,
): Answer['fields'] {
  const { out_trade_no, payment, parameters } = order;
  return {
    transaction_id: payment?.transaction_id ?? '',
    ...{ out_trade_no, out_refund_no, refund_id },
    refund_channel: '',
    refund_fee: String(refund_fee),
    coupon_refund_fee: '0',
    total_fee: parameters.total_fee ?? '',
    cash_fee: String(payment?.cash_fee ?? 0),
    coupon_refund_count: '0',
    cash_refund_fee: String(refund_fee),
  };
}
