import { day, dayAndTime } from './dates';
import { yuan } from './money';
import type { Order } from './order/order';
import type { ShownState } from './order/order-state';
import type { Refund } from './order/refunds';

/** A line of what is known of an order; `copy` is what its button copies, empty when there is nothing to copy. */
export interface Cell {
  readonly label: string;
  readonly value: string;
  readonly copy: string;
}

export function cellsOf(state: ShownState, order: Order): Cell[] {
  const { out_trade_no, created_at, time_end, cancelled_at, transaction_id } = order;
  const cell = (label: string, value: string, copy = '') => ({ label, value, copy });
  const moment = (text: string) => dayAndTime(new Date(text));
  return [
    cell('订单号', shortened(out_trade_no), out_trade_no),
    cell('下单时间', moment(created_at)),
    ...(time_end === null ? [] : [cell('支付时间', moment(time_end)), cell('支付方式', wayOfPaying(order))]),
    ...(transaction_id ? [cell(numberOf(order), shortened(transaction_id), transaction_id)] : []),
    ...(state === 'paid' && order.apple ? [cell('退款', '请向 Apple 申请')] : []),
    ...order.refunds.map((refund, index) => {
      const number = order.refunds.length > 1 ? ` ${index + 1}` : '';
      return cell(`退款${number}`, `¥${yuan(refund.refund_fee)} · ${stateOf(refund)}`);
    }),
    ...(state === 'cancelled' && cancelled_at !== null ? [cell('取消时间', moment(cancelled_at))] : []),
  ];
}

/** Both ends of a number, which distinguish it from another; the whole is there to be copied. */
function shortened(number: string): string {
  return number.length <= 16 ? number : `${number.slice(0, 8)}…${number.slice(-6)}`;
}

/** `2026.11.24 到账` where the day is known. */
function stateOf({ state, success_time }: Refund): string {
  if (state === 'ABNORMAL') return '退款异常';
  if (state === 'PROCESSING') return '处理中';
  return success_time === null ? '已退款' : `${day(new Date(success_time))} 到账`;
}

function numberOf({ apple }: Order): string {
  return apple ? '交易单号' : '微信支付单号';
}

/** WeChat Pay's codes: CFT is its own purse, a card's begins with its bank, and OTHERS says nothing. */
export function wayOfPaying({ apple, bank_type }: Pick<Order, 'apple' | 'bank_type'>): string {
  if (apple) return 'App Store';
  if (bank_type === 'CFT') return '微信支付 · 零钱';
  if (bank_type?.endsWith('_DEBIT')) return '微信支付 · 储蓄卡';
  return bank_type?.endsWith('_CREDIT') ? '微信支付 · 信用卡' : '微信支付';
}
