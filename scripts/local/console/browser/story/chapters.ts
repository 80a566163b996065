import type { ConsoleEvent } from '../../wire.ts';
import { isEventLabel } from './virtual-messages.ts';

interface ChapterWords {
  readonly title: string;
  readonly text: string;
}

/** The acts of a purchase, by the event that opens each. */
const CHAPTERS: Readonly<Record<string, ChapterWords>> = {
  createOrder: { title: '下单', text: '先把订单存下来，再请微信支付收款' },
  'wx.requestPayment': { title: '付款', text: '买家在微信里付款，商家还不知道' },
  'wx.requestVirtualPayment': { title: '付款', text: '收银台打开时，微信才有这笔订单' },
  event: { title: '推送', text: '微信推送：该发货了。推送没有签名，要再问一次' },
  notice: { title: '通知', text: '微信支付告诉商家：钱到了' },
  queryOrders: { title: '定时核对', text: '没有收到通知的订单，定时去问微信支付' },
  checkOrder: { title: '核对', text: '小程序来问结果，以微信支付的回答为准' },
  cancelOrder: { title: '取消', text: '先问微信支付，确认没有付款' },
};

/** The chapter that an event opens, if it does. */
export function chapterOf({ from, to, label, kind, id, invocation }: ConsoleEvent): ChapterWords | undefined {
  if (from === 'wechatpay' && to === 'function' && label === 'notice') return CHAPTERS.notice;
  if (from === 'weixin' && to === 'function' && isEventLabel(label)) return CHAPTERS.event;
  const isStart =
    kind === 'call' &&
    (label === 'wx.requestPayment' ||
      label === 'wx.requestVirtualPayment' ||
      (to === 'function' && id === invocation));
  return isStart && Object.hasOwn(CHAPTERS, label) ? CHAPTERS[label] : undefined;
}
