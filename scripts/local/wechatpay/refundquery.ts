import { type Refused, refuse } from './errors.ts';
import type { LedgerRefund } from './ledger.ts';
import { spellRefundTime } from './spelling.ts';
import type { Answer, Work } from './work.ts';
import type { Message } from './xml.ts';

/** So many refunds are listed at a time. */
const PAGE_REFUNDS = 10;

/** Answers how refunds stand: one by its own number, or those of an order, each under its place in the list. */
export function refundquery({ ledger, request, merchant }: Work): Answer | Refused {
  const { refund_id, out_refund_no, transaction_id, out_trade_no, offset = '0' } = request;
  if (!refund_id && !out_refund_no && !transaction_id && !out_trade_no) {
    return refuse('LACK_PARAMS', 'no number of a refund or of an order');
  }
  const isOrderNamed = !refund_id && !out_refund_no;
  const isNamed = (refund: LedgerRefund) =>
    refund_id ? refund.refund_id === refund_id : !out_refund_no || refund.out_refund_no === out_refund_no;
  const order = namedIn({ ledger, request, merchant });
  if (order?.mch_id !== merchant.mch_id || order.appid !== request.appid || !order.refunds?.some(isNamed)) {
    const isUnknown = isOrderNamed && transaction_id && !ledger.findNamed(transaction_id);
    const err_code = isUnknown ? 'INVALID_TRANSACTIONID' : 'REFUNDNOTEXIST';
    return refuse(err_code, 'this merchant and app have no such refund');
  }
  const refunds = order.refunds.filter(isNamed);
  const page = refunds.slice(Number(offset), Number(offset) + PAGE_REFUNDS);
  if (page.length === 0) return refuse('PARAM_ERROR', 'offset is behind the last refund', 'offset参数错误');
  const { payment, parameters } = order;
  return {
    kind: 'answer',
    fields: {
      ...(request.offset || refunds.length > PAGE_REFUNDS
        ? { total_refund_count: String(refunds.length) }
        : {}),
      transaction_id: payment?.transaction_id ?? '',
      out_trade_no: order.out_trade_no,
      total_fee: parameters.total_fee ?? '',
      cash_fee: String(payment?.cash_fee ?? 0),
      refund_count: String(page.length),
      refund_fee: String(page.reduce((sum, each) => sum + each.refund_fee, 0)),
      ...Object.assign({}, ...page.map(placed)),
    },
  };
}

/** The order whose refunds are meant: a number of a refund goes before one of an order. */
function namedIn({ ledger, request, merchant }: Pick<Work, 'ledger' | 'request' | 'merchant'>) {
  const { refund_id, out_refund_no, transaction_id, out_trade_no = '' } = request;
  if (refund_id) return ledger.findRefund(refund_id);
  if (out_refund_no) return ledger.findRefunded(merchant.mch_id, out_refund_no);
  if (!transaction_id) return ledger.find(merchant.mch_id, out_trade_no);
  const order = ledger.findNamed(transaction_id);
  return order?.payment?.transaction_id === transaction_id ? order : undefined;
}

function placed(refund: LedgerRefund, place: number): Message {
  return {
    [`out_refund_no_${place}`]: refund.out_refund_no,
    [`refund_id_${place}`]: refund.refund_id,
    [`refund_channel_${place}`]: 'ORIGINAL',
    [`refund_fee_${place}`]: String(refund.refund_fee),
    [`coupon_refund_fee_${place}`]: '0',
    [`coupon_refund_count_${place}`]: '0',
    [`refund_status_${place}`]: refund.refund_status,
    [`refund_account_${place}`]: 'REFUND_SOURCE_UNSETTLED_FUNDS',
    // The field's real name lacks an n.
    [`refund_recv_accout_${place}`]: '支付用户零钱',
    ...(refund.refund_status === 'SUCCESS' && refund.ended_at
      ? { [`refund_success_time_${place}`]: spellRefundTime(refund.ended_at) }
      : {}),
  };
}
