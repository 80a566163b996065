import { type Refused, refuse } from './errors.ts';
import type { LedgerOrder, TradeState } from './ledger.ts';
import { paymentFields } from './payment.ts';
import type { Answer, Work } from './work.ts';
import type { Message } from './xml.ts';

const DESCRIPTIONS: Readonly<Record<TradeState, string>> = {
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款，退款详情请查询退款单',
  NOTPAY: '订单未支付',
  CLOSED: '订单已关闭',
  REVOKED: '订单已撤销',
  USERPAYING: '需要用户输入支付密码',
  PAYERROR: '支付失败',
  ACCEPT: '已接收，等待扣款',
};

/** Answers the state of an order, in `trade_state`; result_code only says that the question was understood. */
export function orderquery({ ledger, request, merchant }: Work): Answer | Refused {
  const { transaction_id, out_trade_no } = request;
  if (!transaction_id && !out_trade_no) return refuse('LACK_PARAMS', 'no transaction_id, no out_trade_no');
  const order = transaction_id
    ? ledger.findNamed(transaction_id)
    : ledger.find(merchant.mch_id, out_trade_no ?? '');
  if (order?.mch_id !== merchant.mch_id || order.appid !== request.appid) {
    return refuse('ORDERNOTEXIST', 'this merchant and app have submitted no such order');
  }
  return { kind: 'answer', fields: reported(order) };
}

/** The subset of fields that logs of real answers show for each state. */
function reported(order: LedgerOrder): Message {
  const { trade_state, out_trade_no, payment, parameters } = order;
  const state = { trade_state, trade_state_desc: DESCRIPTIONS[trade_state] };
  if (payment) return { ...paymentFields(order, payment), cash_fee_type: 'CNY', ...state };
  if (trade_state === 'CLOSED') return { out_trade_no, attach: parameters.attach ?? '', ...state };
  const { device_info = '', total_fee = '' } = parameters;
  return { device_info, total_fee, out_trade_no, ...state };
}
