import { amount, malformed, present, refused, required } from './report.ts';
import { fromRefundTime } from './time.ts';
import type { RefundReport } from './wechatpay.ts';
import type { Fields } from './xml.ts';

/** An order can be refunded in at most so many parts. */
export const REFUNDS_MAX = 50;

/**
 * Reads the refunds that an answer to refundquery lists, each under its own number: `refund_fee_0`, `refund_fee_1`.
 * @throws WeChatPayError ANSWER_REFUSED, naming the field
 */
export function readRefunds(answer: Readonly<Fields>, out_trade_no: string): readonly RefundReport[] {
  if (required(answer, 'out_trade_no') !== out_trade_no) {
    throw refused(answer, 'The answer is about another out_trade_no than the request.');
  }
  const places = Object.keys(answer).flatMap((name) => /^out_refund_no_(\d{1,2})$/.exec(name)?.[1] ?? []);
  return places.map((place) => readRefund(answer, { out_trade_no, place }));
}

function readRefund(
  answer: Readonly<Fields>,
  { out_trade_no, place }: { out_trade_no: string; place: string },
): RefundReport {
  const fee = `refund_fee_${place}`;
  const refund_fee = amount(answer, fee);
  if (!refund_fee) throw malformed(answer, fee, 'a whole number of fen, at least 1');
  const time = answer[`refund_success_time_${place}`];
  return {
    kind: 'refund-report',
    out_trade_no,
    out_refund_no: required(answer, `out_refund_no_${place}`),
    refund_status: required(answer, `refund_status_${place}`),
    refund_fee,
    ...present('refund_id', answer[`refund_id_${place}`]),
    // A moment that cannot be read keeps nobody's money: the status is what counts.
    ...present('success_time', time ? fromRefundTime(time) : undefined),
  };
}
