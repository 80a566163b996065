/**
 * What crosses between the mini-program and the functions: types only, so that both worlds can import it.
 * Amounts are whole fen. Moments are ISO 8601 text in function answers (callFunction carries JSON), Date in documents
 * that the mini-program reads from the database.
 */

/** The memberships that are sold; the `_id` of a document in `products`. */
export type ProductId = string;

/** WeChat Pay's own words for the state of a payment; an order is only ever in one of these. */
export type TradeState = 'NOTPAY' | 'USERPAYING' | 'PAYERROR' | 'SUCCESS' | 'CLOSED' | 'REFUND';

/** The ways to pay: WeChat Pay (`wx.requestPayment`) and virtual payment (`wx.requestVirtualPayment`). */
export type ChannelName = 'wechatpay' | 'virtualpay';

/** What `wx.requestPayment` takes, spelled as it takes it. */
export interface PaymentParameters {
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: 'MD5' | 'HMAC-SHA256';
  paySign: string;
}

/** What `wx.requestVirtualPayment` takes, spelled as it takes it. `signData` is text that was signed: it goes on untouched. */
export interface VirtualPaymentParameters {
  signData: string;
  mode: 'short_series_goods';
  paySig: string;
  signature: string;
}

/** For how long an order gives a membership. Flat in what crosses, as in documents. */
export interface TermView {
  months: number;
}

/** An order as its owner may see it. */
export interface OrderView extends TermView {
  out_trade_no: string;
  request_id: string;
  /** How it is paid. Missing: WeChat Pay. */
  channel?: ChannelName;
  product_id: ProductId;
  body: string;
  total_fee: number;
  trade_state: TradeState;
  created_at: string;
  time_expire: string;
  /** Whether the merchant is looking into a payment of it. */
  held: boolean;
  /** When the shopper gave the order up; a payment that lands all the same wins. */
  cancelled_at: string | null;
  /** When WeChat took the money. */
  time_end: string | null;
  /** Until when the membership lasts that this order paid for; null until it is paid. */
  expires_at: string | null;
  /** What was given back of it, and what is under way to be, in fen. Missing: nothing. */
  refunded_fee?: number;
  refund_reserved_fee?: number;
  /** Its refunds, the oldest first. A CLOSED one came to nothing. Missing: none. */
  refunds?: readonly RefundView[];
  /** Whether it was paid through Apple, who alone gives the money back. */
  apple?: true;
  /** WeChat Pay's own number of the payment. Missing or null until it is paid. */
  transaction_id?: string | null;
  /** What it was paid from, in WeChat Pay's code, as CMB_DEBIT. Missing or null until it is paid. */
  bank_type?: string | null;
}

/** A refund of an order, as its owner may see it. */
export interface RefundView {
  out_refund_no: string;
  refund_fee: number;
  /** ABNORMAL: the money could not be given back yet, and the shop is looking into it. */
  state: 'PROCESSING' | 'SUCCESS' | 'ABNORMAL' | 'CLOSED';
  requested_at: string;
  /** When the shopper got the money. */
  success_time: string | null;
}

/** `createOrder`: what the shopper wants. What it costs and who asks is not the client's to say. */
export interface CreateOrderRequest extends TermView {
  /** 16 to 64 of A-Z a-z 0-9 _ -, made and stored before the first attempt; the same one gives the same order. */
  request_id: string;
  product_id: ProductId;
  /** The price the shopper saw, in fen. Only compared. */
  expected_total_fee: number;
  /**
   * The request_id of an unpaid order of the shopper's that this one takes the place of, in the form of request_id. That
   * one can then not be paid any more, unless its money is there already: ORDER_PAID says so, and nothing is ordered.
   */
  supersedes?: string;
  /**
   * What `wx.login` gave right before this call; each is good once, and only a product of the channel `virtualpay` takes it.
   * Empty where the page has none yet. A page that leaves it out is older than that channel: INVALID_PARAMETERS.
   */
  code?: string;
}

/** `checkOrder`: which order, and whether its shopper just agreed to be reminded before its membership ends. */
export interface CheckOrderRequest extends OrderReference {
  remind?: true;
}

/** `checkOrder` and `cancelOrder`: which order. */
export interface OrderReference {
  out_trade_no: string;
}

/** An order, as it is after the call, and the parameters under which it can be paid now. */
export interface CreateOrderAnswer {
  order: OrderView;
  /** Told apart by `signData`, which only virtual payment has. */
  payment: PaymentParameters | VirtualPaymentParameters;
  /** The template of the message that `wx.requestSubscribeMessage` asks about once it is paid. Missing: nothing is asked. */
  reminder?: { template_id: string };
  /** The server's time: countdowns go by it, not by the phone's clock. */
  now: string;
}

export interface OrderAnswer {
  order: OrderView;
  now: string;
}

/** Why a call was refused. Nothing was changed unless it says so. */
export type ErrorCode =
  /** A parameter is missing or malformed; errmsg names it. */
  | 'INVALID_PARAMETERS'
  /** The call carries no openid: it did not come from the mini-program. */
  | 'OPENID_MISSING'
  /** There is no such product, it is not on sale, or not for this term. */
  | 'PRODUCT_NOT_ON_SALE'
  /** The price is not the expected one; `total_fee` is the catalogue's price now. */
  | 'PRICE_CHANGED'
  /** This request_id already ordered something else, or the same at an earlier price: make a new one. */
  | 'REQUEST_ID_REUSED'
  /** Pay or cancel one of the unpaid orders first. */
  | 'TOO_MANY_UNPAID_ORDERS'
  /** The shopper placed too many orders within an hour; the same call can be made again later. */
  | 'TOO_MANY_ORDERS'
  /** No such order, or it is another shopper's. */
  | 'ORDER_NOT_FOUND'
  /** Closed, cancelled, or past its time: order again with a new request_id. */
  | 'ORDER_CLOSED'
  /** Already paid, or the one that it was to take the place of is: show the order that `out_trade_no` names. */
  | 'ORDER_PAID'
  /** A payment came that is not this order's, and the merchant is looking into it: do not pay again. */
  | 'ORDER_HELD'
  /** WeChat Pay gave no clear answer. The order is kept; the same call can be made again. */
  | 'WECHATPAY_UNAVAILABLE'
  /** The merchant's configuration is at fault; trying again does not help. The merchant has been alarmed. */
  | 'MERCHANT_MISCONFIGURED'
  /** `code` is empty, used, expired or another shopper's: call wx.login and make the same call with the new one. */
  | 'LOGIN_CODE_INVALID'
  /** WeChat takes the shopper for a risk and does not let them log in for now, so that nothing is signed for them. */
  | 'LOGIN_BLOCKED'
  /** Virtual payment does not have the product's item at this price, or restricts it. The merchant has been alarmed. */
  | 'ITEM_NOT_PUBLISHED'
  /** The product's item is published in virtual payment and not effective yet: try again in half an hour. */
  | 'ITEM_NOT_EFFECTIVE'
  /** Ours. The same call can be made again. */
  | 'INTERNAL_ERROR';

export interface ErrorAnswer<Code extends string = ErrorCode> {
  errcode: Code;
  /** For developers. What the shopper reads is the page's to say. */
  errmsg: string;
  now: string;
  /** With PRICE_CHANGED: the price now, in fen. */
  total_fee?: number;
  /** With ORDER_PAID, ORDER_HELD and ORDER_CLOSED: which order it is. */
  out_trade_no?: string;
}

/** `refundOrder`: what an operator asks for. */
export interface RefundOrderRequest {
  /** 16 to 64 of A-Z a-z 0-9 _ -, made and stored before the first attempt; the same one gives the same refund. */
  request_id: string;
  out_trade_no: string;
  /** Fen. 0 gives no money back and only takes days. */
  refund_fee: number;
  /** The shopper reads it in WeChat's message. */
  reason: string;
  /** What it takes from the membership; left out: everything when all is given back, else days by its share. */
  takes?: 'all' | 'none' | { days: number };
  /** What was given back and is under way to be, in fen, as the operator saw it: so that two of them do not both refund. */
  expected_refunded_fee: number;
  /**
   * How many refunds the order had, whatever became of them, as the operator saw it: one that only takes days changes no
   * amount. Left out, they are not counted.
   */
  expected_refunds?: number;
}

/** A refund as operators see it. */
export interface OperatorRefundView extends Omit<RefundView, 'state'> {
  out_trade_no: string;
  reason: string;
  takes: 'all' | 'none' | { days: number };
  /** ABANDONING: it was given up, and it is not known yet whether it ever arrived. */
  state: RefundView['state'] | 'ABANDONING';
  /** Null where it was made elsewhere. */
  requested_by: string | null;
  sent_at: string | null;
  /** WeChat's last no to it, and its words. */
  err_code: string | null;
  err_code_des: string | null;
}

export interface RefundOrderAnswer {
  refund: OperatorRefundView;
  order: OrderView;
  now: string;
}

/** Why an operator's call was refused, beside the codes of ErrorCode. Nothing was changed. */
export type OperatorErrorCode =
  /** Only operators may do this. */
  | 'FORBIDDEN'
  /** The order is not paid, so there is nothing to give back. */
  | 'ORDER_NOT_PAID'
  /** Other refunds were made, or are under way, than the operator saw: `refunded_fee` says how much they come to. */
  | 'REFUND_CHANGED'
  /** Another refund of the order is under way; `out_refund_no` names it. */
  | 'REFUND_OPEN'
  /** More than is left of the order. */
  | 'REFUND_TOO_MUCH'
  /** The last refund of the order was asked for less than a minute ago. */
  | 'REFUND_TOO_SOON'
  /** The order was refunded in as many parts as WeChat allows. */
  | 'REFUND_PARTS_USED_UP'
  /** The payment is over a year old. */
  | 'REFUND_OVERDUE'
  /** It cannot be given back this way; errmsg says why and what to do. */
  | 'REFUND_NOT_POSSIBLE'
  /** No such refund. */
  | 'REFUND_NOT_FOUND'
  /** No such alarm. */
  | 'ALARM_NOT_FOUND'
  /** No such operator. */
  | 'OPERATOR_NOT_FOUND';
