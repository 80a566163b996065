import { day, deadline } from '../../logic/dates';
import { yuan } from '../../logic/money';
import { type ShownState, shownState } from '../../logic/order/order-state';
import type { StatusIcon } from '../../logic/order/order-words';
import { type Cell, cellsOf } from '../../logic/order-cells';
import type { DeskRefund, History } from './history';
import { whatOf } from './order-rows';
import { leftOf } from './takes';
import { type Entry, timelineOf } from './timeline';

export interface DeskOrderShown {
  readonly state: ShownState | 'held';
  readonly statusIcon: StatusIcon;
  readonly icon: string;
  readonly title: string;
  readonly text: string;
  readonly what: string;
  readonly fen: number;
  readonly cells: readonly Cell[];
  readonly timeline: readonly Entry[];
  /** The button below. Without a label there is nothing to give back; `isOff` says why not now. */
  readonly refund: { readonly label: string; readonly look: 'fill' | 'line'; readonly isOff: boolean };
  readonly openid: string;
}

/** An order as its page shows it. */
export function showDeskOrder(history: History, now: Date): DeskOrderShown {
  const { order } = history;
  const state = order.under_review ? 'held' : shownState(order, undefined, now);
  const [statusIcon, icon, title] = LOOKS[state];
  return {
    ...{ state, statusIcon, icon, title },
    text: textOf(state, history, now),
    what: whatOf(order),
    fen: order.total_fee,
    cells: cells(state, history),
    timeline: timelineOf(history, now),
    refund: refundOf(history),
    openid: order.openid,
  };
}

type State = DeskOrderShown['state'];

const LOOKS: Readonly<Record<State, readonly [status: StatusIcon, icon: string, title: string]>> = {
  unpaid: ['open', 'clock', '待支付'],
  confirming: ['asking', 'clock', '付款确认中'],
  paid: ['done', 'check', '已支付'],
  refunding: ['asking', 'clock', '退款中'],
  'part-refunded': ['done', 'check', '部分退款'],
  refunded: ['over', 'minus', '已全额退款'],
  cancelled: ['over', 'cross', '已取消'],
  expired: ['unknown', 'clock', '已过支付时间'],
  closed: ['over', 'minus', '已关闭'],
  held: ['failed', 'bang', '待核对'],
};

function textOf(state: State, { order, grants, refunds }: History, now: Date): string {
  switch (state) {
    case 'unpaid':
      return `${deadline(new Date(order.time_expire), now)} 前可以付款`;
    case 'confirming':
      return '微信正在处理这笔付款';
    case 'paid': {
      const until = grants[0]?.expires_at ?? order.expires_at;
      return until === null ? '会员已开通' : `会员有效期至 ${day(new Date(until))}`;
    }
    case 'refunding':
      return `¥${yuan(openOf(refunds)?.refund_fee ?? order.refund_reserved_fee)} 正在退回`;
    case 'part-refunded':
      return `已退 ¥${yuan(order.refunded_fee)}，还可退 ¥${yuan(leftOf(order))}`;
    case 'refunded':
      return `¥${yuan(order.refunded_fee || order.total_fee)} 已退回`;
    case 'cancelled':
      return order.trade_state === 'CLOSED' ? '微信已确认关闭' : '等待微信确认关闭';
    case 'expired':
      return '等待微信确认是否付款';
    case 'closed':
      return '微信已确认关闭，没有付款';
    case 'held':
      return '收到一笔与订单不符的付款';
  }
}

/** Its refunds are told in the timeline; the shopper's openid is what other orders of theirs are found by. */
function cells(state: State, { order }: History): Cell[] {
  const known = cellsOf(state === 'held' ? 'confirming' : state, { ...order, refunds: [] });
  return [...known, { label: '用户', value: shortOpenid(order.openid), copy: order.openid }];
}

function shortOpenid(openid: string): string {
  return openid.length <= 14 ? openid : `${openid.slice(0, 6)}…${openid.slice(-6)}`;
}

function refundOf({ order, refunds }: History): DeskOrderShown['refund'] {
  const isPaid = order.trade_state === 'SUCCESS' || order.trade_state === 'REFUND';
  if (!isPaid) return { label: '', look: 'fill', isOff: true };
  if (order.apple) return { label: '由 Apple 退款', look: 'fill', isOff: true };
  if (openOf(refunds) !== undefined) return { label: '退款处理中', look: 'fill', isOff: true };
  if (leftOf(order) === 0) return { label: '扣减会员时长', look: 'line', isOff: false };
  return { label: '退款', look: 'fill', isOff: false };
}

function openOf(refunds: readonly DeskRefund[]): DeskRefund | undefined {
  return refunds.find(({ state }) => state !== 'SUCCESS' && state !== 'CLOSED');
}
