import type { Account } from './account.ts';
import { type Delivered, deliverEvent, type EventBody } from './events.ts';
import type { Env } from './ledger.ts';

/** Events that must not be believed. The body has no signature, so a forged one looks like any other. */
export const FORGERIES = [
  'never paid',
  'another openid',
  'another env',
  'another item',
  'another price',
  'no such order',
  'refund that is none',
  'no fields',
] as const;
export type Forgery = (typeof FORGERIES)[number];

/** What a forger knows of an order, which WeChat need not know at all. */
export interface Target {
  readonly out_trade_no: string;
  readonly openid: string;
  readonly env: Env;
  readonly product_id: string;
  /** Fen. */
  readonly price: number;
}

const SOMEBODY_ELSE = 'oSomebodyElse-0000000000000001';

export function forgeEvent(
  target: Target,
  forgery: Forgery,
  pen: { readonly account: Account; readonly now: Date },
): EventBody {
  const { now } = pen;
  const claimed: Delivered = {
    ...target,
    orig_price: target.price,
    attach: '',
    is_apple: false,
    channel_order_id: '202611271200000001',
    payment: { transaction_id: '4500000138202611270000000001', paid_at: now },
  };
  const event = deliverEvent(claimed, pen);
  switch (forgery) {
    case 'never paid':
      return event;
    case 'another openid':
      return { ...event, OpenId: SOMEBODY_ELSE };
    case 'another env':
      return { ...event, Env: target.env === 0 ? 1 : 0 };
    case 'another item':
      return deliverEvent({ ...claimed, product_id: 'premium_12m_99900' }, pen);
    case 'another price':
      return deliverEvent({ ...claimed, price: 1 }, pen);
    case 'no such order':
      return { ...event, OutTradeNo: 'no-such-order' };
    case 'refund that is none':
      return refundThatIsNone(target, event);
    case 'no fields':
      return { ToUserName: event.ToUserName, MsgType: 'event', Event: event.Event };
  }
}

function refundThatIsNone({ out_trade_no, price, openid }: Target, event: EventBody): EventBody {
  const { ToUserName, FromUserName, CreateTime, MsgType } = event;
  return {
    ...{ ToUserName, FromUserName, CreateTime, MsgType, Event: 'xpay_refund_notify', OpenId: openid },
    WxRefundId: 'VPR000000000000000000000',
    MchRefundId: 'R0000000000000000',
    WxOrderId: 'VPO000000000000000000000',
    MchOrderId: out_trade_no,
    RefundFee: price,
    RetCode: 0,
    RetMsg: 'OK',
    RetryTimes: 0,
  };
}
