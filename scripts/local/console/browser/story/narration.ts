import type { ConsoleEvent, OrderHereAndThere } from '../../wire.ts';
import { field, textField } from './fields.ts';
import { isWrite, valuesSet } from './transaction.ts';

export interface Narration {
  readonly out_trade_no: string;
  readonly sentence: string;
}

/** How an order was found to be paid, by the function that settled it. */
const FOUND: Readonly<Record<string, readonly [plain: string, afterLoss: string]>> = {
  payNotify: ['通知送到，订单已入账，会员已开通', '通知重发后送到，订单已入账'],
  queryOrders: ['定时器先问到付款，订单已入账', '通知丢了，定时器把付款找了回来'],
  checkOrder: ['小程序来问，向微信支付查到付款', '通知丢了，小程序来问时查到了付款'],
  cancelOrder: ['取消前付款已到账，会员已开通', '取消前付款已到账，会员已开通'],
};

/** The latest order that anything happened to, and its state, in one sentence. */
export function narrate(
  events: readonly ConsoleEvent[],
  orders: readonly OrderHereAndThere[],
): Narration | undefined {
  const named = events.findLast((event) => orders.some((order) => isAbout(event, order.out_trade_no)));
  const order = orders.find(({ out_trade_no }) => named && isAbout(named, out_trade_no)) ?? orders[0];
  if (!order) return undefined;
  const { out_trade_no } = order;
  const own = events.filter((event) => textField(event.payload, 'out_trade_no') === out_trade_no);
  const isLost = own.some(({ kind, label }) => kind === 'lost' && label === 'notice');
  return {
    out_trade_no,
    sentence: sentenceOf(order, { isLost, settledBy: settlerOf(events, out_trade_no) }),
  };
}

function sentenceOf(
  { here, there, cancelled, under_review }: OrderHereAndThere,
  { isLost, settledBy }: { isLost: boolean; settledBy: string | undefined },
): string {
  if (under_review) return '付款与订单不符，等人来处理';
  if (here === 'SUCCESS') return FOUND[settledBy ?? '']?.[isLost ? 1 : 0] ?? '已支付，会员已开通';
  if (here === 'CLOSED') return cancelled ? '买家取消，订单已关闭' : '到时没有收到付款，订单已关闭';
  if (here === 'REFUND') return '已退款';
  if (here === null) return '只有微信支付有这笔订单';
  if (there === 'SUCCESS') {
    return isLost ? '买家已付款，通知丢了：这里还不知道' : '买家已付款，通知还没有到：这里还不知道';
  }
  if (cancelled) return '买家已取消，等微信支付关单';
  return there === null ? '订单已保存，微信支付还没有收下' : '订单已保存，等买家付款';
}

/** The function in whose course the order was written SUCCESS. */
function settlerOf(events: readonly ConsoleEvent[], out_trade_no: string): string | undefined {
  const write = events.findLast(
    ({ to, label, payload }) =>
      to === 'database' &&
      isWrite(label) &&
      textField(valuesSet(payload), 'trade_state') === 'SUCCESS' &&
      String(field(payload, 'query')).includes(out_trade_no),
  );
  const { invocation } = write ?? {};
  return events.find(({ id, kind }) => invocation !== undefined && id === invocation && kind === 'call')
    ?.label;
}

/** A forged notice says nothing about an order. */
function isAbout({ label, payload }: ConsoleEvent, out_trade_no: string): boolean {
  if (label.startsWith('forged: ')) return false;
  return (
    textField(payload, 'out_trade_no') === out_trade_no ||
    textField(payload, 'order', 'out_trade_no') === out_trade_no
  );
}
