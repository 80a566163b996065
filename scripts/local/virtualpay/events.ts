import type { Account } from './account.ts';
import type { LedgerOrder, Refund } from './ledger.ts';
import { seconds } from './spelling.ts';

/** The body of an event, as a function gets it. */
export type EventBody = Readonly<Record<string, unknown>>;

interface Pen {
  readonly account: Account;
  readonly now: Date;
}

/** The account that events come from; not the shopper's openid. */
const SENDER = 'oWeixinVirtualPaymentSender1';

/** What the deliver event is written from: an order's own values, or invented ones. */
export type Delivered = Pick<
  LedgerOrder,
  'openid' | 'out_trade_no' | 'env' | 'product_id' | 'orig_price' | 'price' | 'attach' | 'is_apple'
> & {
  readonly channel_order_id: string;
  readonly payment: { readonly transaction_id: string; readonly paid_at: Date };
};

/** xpay_goods_deliver_notify. What Apple was paid has no WeChatPayInfo. */
export function deliverEvent(order: Delivered, pen: Pen): EventBody {
  const { payment } = order;
  const WeChatPayInfo = {
    MchOrderNo: order.channel_order_id,
    TransactionId: payment.transaction_id,
    PaidTime: seconds(payment.paid_at),
  };
  return {
    ...common('xpay_goods_deliver_notify', pen),
    OpenId: order.openid,
    OutTradeNo: order.out_trade_no,
    Env: order.env,
    ...(order.is_apple ? {} : { WeChatPayInfo }),
    GoodsInfo: {
      ProductId: order.product_id,
      Quantity: 1,
      OrigPrice: order.orig_price,
      ActualPrice: order.price,
      Attach: order.attach,
    },
  };
}

/** xpay_refund_notify. It has no OutTradeNo: the merchant's number of the payment is MchOrderId. */
export function refundEvent(order: LedgerOrder, refund: Refund, pen: Pen): EventBody {
  const isDone = refund.state === 'done';
  const transaction_id = order.payment?.transaction_id ?? '';
  return {
    ...common('xpay_refund_notify', pen),
    OpenId: order.openid,
    WxRefundId: refund.refund_wx_order_id,
    MchRefundId: refund.refund_order_id,
    WxOrderId: order.wx_order_id,
    MchOrderId: order.out_trade_no,
    RefundFee: refund.refund_fee,
    RetCode: isDone ? 0 : 1,
    RetMsg: isDone ? 'OK' : 'fail',
    RefundStartTimestamp: seconds(refund.created_at),
    RefundSuccTimestamp: isDone ? seconds(refund.ended_at) : 0,
    WxpayRefundTransactionId: isDone && !order.is_apple ? `503${transaction_id.slice(3)}` : '',
    RetryTimes: 0,
    ...(order.is_apple ? { Attach: order.attach, WxTransactionId: transaction_id } : {}),
  };
}

/** xpay_complaint_notify. */
export function complaintEvent(
  order: LedgerOrder,
  complaint: { readonly id: string; readonly detail: string },
  pen: Pen,
): EventBody {
  return {
    ...common('xpay_complaint_notify', pen),
    OpenId: order.openid,
    WxOrderId: order.wx_order_id,
    MchOrderId: order.out_trade_no,
    TransactionId: order.payment?.transaction_id ?? '',
    ComplaintId: complaint.id,
    ComplaintDetail: complaint.detail,
    ComplaintTime: new Date(pen.now.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' '),
    RetryTimes: 0,
    RequestId: complaint.id,
  };
}

/** Apple's question about a refund: flat, every value a text, and nobody's openid. */
export function appleQuestion(
  order: LedgerOrder,
  { pay_order_id, reason }: { readonly pay_order_id: string; readonly reason: string },
  now: Date,
): EventBody {
  return {
    ToUserName: '',
    FromUserName: '',
    CreateTime: seconds(now),
    MsgType: 'event',
    Event: 'xpay_subscribe_ios_refund_query_notify',
    bundleid: 'com.tencent.xin',
    channel_bill: order.payment?.transaction_id ?? '',
    consumption_status: '0',
    order_time: String(seconds(order.created_at)),
    p_count: '1',
    pay_order_id,
    product_id: order.product_id,
    provide_status: order.provided_at ? '1' : '0',
    refund_request_reason: reason,
    refund_time: String(seconds(now)),
    service_type: 'unipdt',
  };
}

function common(Event: string, { account, now }: Pen): EventBody {
  const CreateTime = seconds(now);
  return { ToUserName: account.original_id, FromUserName: SENDER, CreateTime, MsgType: 'event', Event };
}
