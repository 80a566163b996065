import type { TradeState } from '../../../cloudfunctions/_shared/contract';
import type { Attempt } from './attempts';
import type { Order } from './order';
import { openRefund } from './refunds';

/** The state of an order as the shopper sees it; `data-state` on the order page. */
export type ShownState =
  | 'unpaid'
  | 'confirming'
  | 'paid'
  | 'refunding'
  | 'part-refunded'
  | 'refunded'
  | 'cancelled'
  | 'expired'
  | 'closed';

/**
 * Paid is said only when the server says SUCCESS. What the cashier reported to the phone (`attempt`) can make an order
 * "confirming", never more, and while it does so nothing is said that would be false if the money did arrive.
 */
export function shownState(order: Order, attempt: Attempt | undefined, now: Date): ShownState {
  switch (order.trade_state) {
    case 'SUCCESS':
      return openRefund(order) === undefined ? 'paid' : 'refunding';
    case 'REFUND':
      if (openRefund(order) !== undefined) return 'refunding';
      return isPart(order) ? 'part-refunded' : 'refunded';
    case 'CLOSED':
      return order.cancelled_at === null ? 'closed' : 'cancelled';
    case 'USERPAYING':
      return 'confirming';
    case 'NOTPAY':
    case 'PAYERROR':
      // A payment is there and the merchant looks into it: nothing is promised, and nobody is sent to pay again.
      if (order.under_review) return 'confirming';
      if (attempt?.kind === 'done') return 'confirming';
      if (order.cancelled_at !== null) return 'cancelled';
      return now.getTime() < Date.parse(order.time_expire) ? 'unpaid' : 'expired';
  }
}

/** An order of before refunds were counted says no more than that it was refunded: then all of it was. */
function isPart({ refunded_fee, total_fee }: Order): boolean {
  return refunded_fee > 0 && refunded_fee < total_fee;
}

/** Whether nothing more will be paid for it, so that what was kept on the phone for its sake can go. */
export function isOver(state: ShownState): boolean {
  return state !== 'unpaid' && state !== 'confirming' && state !== 'expired';
}

/**
 * Whether money may still come for an order that is over: virtual payment closes nothing, so that one that was given up can
 * be paid in a cashier that is still open.
 */
export function mayStillBePaid({ channel, trade_state }: Order): boolean {
  return channel === 'virtualpay' && UNSETTLED.includes(trade_state);
}

/** In the list, where there is room for one word. */
export function shortState(order: Order, attempt: Attempt | undefined, now: Date): string {
  const state = shownState(order, attempt, now);
  return state === 'unpaid' && hasFailed(order, attempt) ? '支付未完成' : SHORT[state];
}

/** Whether the last try to pay an unpaid order was refused, as the phone or WeChat says. */
export function hasFailed(order: Order, attempt: Attempt | undefined): boolean {
  return attempt?.kind === 'failed' || order.trade_state === 'PAYERROR';
}

const UNSETTLED: readonly TradeState[] = ['NOTPAY', 'USERPAYING', 'PAYERROR'];

const SHORT: Readonly<Record<ShownState, string>> = {
  unpaid: '待支付',
  confirming: '确认中',
  paid: '已支付',
  refunding: '退款中',
  'part-refunded': '部分退款',
  cancelled: '已取消',
  expired: '已过期',
  closed: '已关闭',
  refunded: '已退款',
};
