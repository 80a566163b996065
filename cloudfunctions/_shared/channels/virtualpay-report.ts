import type { ChannelAlarm, Report } from '../order/channel.ts';
import { isUndelivered, isUnsettled, type Order } from '../order/order.ts';
import type { Env } from '../virtualpay/env.ts';
import type { VirtualOrder } from '../virtualpay/query-order.ts';

/** Words of virtual payment that change nothing: the order stays as it is. */
const NOT_UNDERSTOOD = 'NOT_UNDERSTOOD';

/**
 * What query_order says of an order, in the rules' words. It names no shopper and no merchant: that there is such an order
 * for the openid, under the key and the env that were asked with, is the proof. Whatever is not documented changes nothing
 * and calls for a human.
 */
export function reportOf(order: Order, answer: VirtualOrder, env: Env): Report {
  const { status, order_type } = answer;
  const out_trade_no = order._id;
  const unclear = (what: string) => unclearReport(order, `query_order answered ${what}.`);
  if (answer.env !== env) return unclear('about another env than it was asked in');
  if (order_type !== 'payment' && order_type !== 'apple-payment')
    return unclear(`an order that is no payment (${order_type})`);
  switch (status) {
    case 'initialised':
    case 'created':
      return { kind: 'report', out_trade_no, trade_state: 'NOTPAY', proves: [] };
    case 'closed':
      return { kind: 'report', out_trade_no, trade_state: 'CLOSED', proves: [] };
    case 'paid':
    case 'delivering':
      return { ...paidReport(order, answer), undelivered: true };
    case 'delivered':
      return paidReport(order, answer);
    case 'refund-failed':
      return failedRefundReport(order, answer);
    case 'refunded':
    case 'refunded-to-user':
      return refundedReport(order, answer);
    default:
      return unclear(`status ${answer.status_code}`);
  }
}

/** What changes nothing and calls for a human. */
export function unclearReport({ _id: out_trade_no }: Order, what: string, rid?: string): Report {
  const message = `${what} Nothing was changed.`;
  return {
    ...{ kind: 'report', out_trade_no, trade_state: NOT_UNDERSTOOD, proves: [] },
    alarm: { code: 'PAYMENT_STATE_UNKNOWN', message, rid },
  };
}

function paidReport(order: Order, answer: VirtualOrder): Report {
  const { order_fee, paid_fee, paid_time } = answer;
  const transaction_id = answer.wxpay_order_id ?? answer.wx_order_id;
  // Of another order_fee the rules hold the order: the sum that was paid is then a human's matter anyway.
  const differs = order_fee === order.total_fee && paid_fee !== undefined && paid_fee !== order_fee;
  return {
    kind: 'report',
    out_trade_no: order._id,
    trade_state: 'SUCCESS',
    proves: [],
    openid: order._openid,
    ...(order_fee !== undefined && { total_fee: order_fee }),
    ...(paid_fee !== undefined && { cash_fee: paid_fee }),
    ...(transaction_id !== undefined && { transaction_id }),
    ...(paid_time !== undefined && { time_end: paid_time }),
    ...(answer.order_type === 'apple-payment' && { fields: { apple: true } }),
    ...(differs && { alarm: paidFeeDiffers(paid_fee, order_fee) }),
  };
}

/**
 * A part that was refunded shows the same status for a while, so that only what is left shows whether all of it was. Of
 * one that does not say, the order is taken for paid: nothing is given for it twice.
 */
function refundedReport(order: Order, answer: VirtualOrder): Report {
  const { left_fee, refund_fee = 0, order_fee = 0 } = answer;
  const isWhole = left_fee === 0 || (left_fee === undefined && refund_fee > 0 && refund_fee >= order_fee);
  return isWhole ? { ...paidReport(order, answer), trade_state: 'REFUND' } : stillPaidReport(order, answer);
}

/** Of an order that stays paid its status now tells of the refund, and no more whether the order was delivered. */
function stillPaidReport(order: Order, answer: VirtualOrder): Report {
  const isDelivered = answer.provide_time !== undefined || !(isUnsettled(order) || isUndelivered(order));
  return { ...paidReport(order, answer), ...(!isDelivered && { undelivered: true }) };
}

/**
 * The order stays paid. Of a refund that was made here the alarm is raised when it is asked about by its own number; one that was made in WeChat's
 * console has none here, and only the payment shows it.
 */
function failedRefundReport(order: Order, answer: VirtualOrder): Report {
  const report = stillPaidReport(order, answer);
  const isOurs = order.refunds?.some(({ state }) => state !== 'SUCCESS') ?? false;
  return isOurs || report.alarm ? report : { ...report, alarm: REFUND_FAILED };
}

const REFUND_FAILED: ChannelAlarm = {
  code: 'REFUND_ABNORMAL',
  message: 'A refund that was made in the virtual payment console failed: the shopper has no money back.',
};

function paidFeeDiffers(paid_fee: number, order_fee: number): ChannelAlarm {
  const message = `The shopper paid ${paid_fee} fen for an order of ${order_fee} fen.`;
  return { code: 'PAID_FEE_DIFFERS', message };
}
