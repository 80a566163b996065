import { bilingual } from './language.ts';

export interface ChapterWords {
  readonly title: string;
  readonly text: string;
}

type Chapters = Readonly<Record<string, ChapterWords>> & { readonly idle: ChapterWords };

const zh: Chapters = {
  createOrder: { title: '下单', text: '先把订单存下来，再请微信收款' },
  'wx.requestPayment': { title: '付款', text: '买家在微信里付款，商家还不知道' },
  'wx.requestVirtualPayment': { title: '付款', text: '收银台打开时，微信才有这笔订单' },
  event: { title: '推送', text: '微信推送：该发货了。推送没有签名，要再问一次' },
  notice: { title: '通知', text: '微信支付告诉商家：钱到了' },
  queryOrders: { title: '定时核对', text: '没有收到消息的订单，定时去问微信' },
  checkOrder: { title: '核对', text: '小程序来问结果，以微信的回答为准' },
  cancelOrder: { title: '取消', text: '先问微信，确认没有付款' },
  refundOrder: { title: '退款', text: '先存下退款，再请微信退' },
  refundNotify: { title: '退款通知', text: '微信支付告诉商家：退款有了结果' },
  reconcileBills: { title: '对账', text: '每天一次，把微信的账单和订单对一遍' },
  sendReminders: { title: '提醒', text: '快到期的会员，提醒买家' },
  idle: { title: '定时器', text: '到点来过，没有要做的事' },
};

const en: Chapters = {
  createOrder: { title: 'Order', text: 'saved first, then WeChat is asked for the payment' },
  'wx.requestPayment': { title: 'Payment', text: 'in WeChat; the shop does not know yet' },
  'wx.requestVirtualPayment': { title: 'Payment', text: 'WeChat has the order once the cashier opens' },
  event: { title: 'Event', text: 'WeChat: deliver. It is not signed, so ask again' },
  notice: { title: 'Notice', text: 'WeChat Pay tells the shop of the money' },
  queryOrders: { title: 'Timer', text: 'asks WeChat about orders without a notice' },
  checkOrder: { title: 'Check', text: "the mini-program asks; WeChat's answer counts" },
  cancelOrder: { title: 'Cancel', text: 'WeChat is asked first that it is not paid' },
  refundOrder: { title: 'Refund', text: 'saved first, then WeChat is asked' },
  refundNotify: { title: 'Refund notice', text: 'WeChat Pay tells what became of it' },
  reconcileBills: { title: 'Bill', text: "once a day, WeChat's bill against the orders" },
  sendReminders: { title: 'Reminders', text: 'for memberships that end soon' },
  idle: { title: 'Timers', text: 'came by, and had nothing to do' },
};

/** The acts of a purchase, by the event that opens each. */
export const CHAPTERS = bilingual(zh, en);
