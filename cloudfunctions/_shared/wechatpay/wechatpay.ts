import type { SignType } from './sign.ts';

/**
 * WeChat Pay API v2 for a mini-program, as the floors above see it: its questions and what may be answered.
 * Everything is spelled as WeChat's documents spell it; amounts are whole fen, moments are Date.
 * Whatever leaves the outcome open is thrown as a WeChatPayError: unknown is not failed.
 */
export interface WeChatPay {
  /** The merchant that asks. Of another merchant's orders WeChat would say that there are none, so it is not asked. */
  readonly mch_id: string;
  /** Asks for a prepay_id. Repeating it with the same parameters is safe; with other parameters WeChat refuses. */
  unifiedorder(parameters: OrderParameters): Promise<Prepaid | Refused>;
  /** Asks what became of an order. */
  orderquery(order: OrderKey): Promise<Report | Absent>;
  /** Asks WeChat to take no more money for an order. WeChat wants it to be at least five minutes old. */
  closeorder(order: OrderKey): Promise<Closed | Paid | Absent>;
  /**
   * Asks for money to be given back; wants the merchant's certificate. Accepted is not done: refundquery says what
   * became of it. Repeating it with the same parameters is safe, and how a lost answer is found again.
   */
  refund(parameters: RefundParameters): Promise<RefundAccepted | RefundRefused>;
  /** Asks what became of one refund, wherever it was made. */
  refundquery(order: OrderKey, out_refund_no: string): Promise<RefundReport | Absent>;
  /** Asks what became of every refund of an order. */
  refundsOf(order: OrderKey): Promise<readonly RefundReport[]>;
}

/** Names an order at WeChat. `sign_type` is the one the order was made with; both sides keep to it. */
export interface OrderKey {
  readonly appid: string;
  /** The merchant the order was made under; only that one's key can ask about it. */
  readonly mch_id: string;
  readonly out_trade_no: string;
  readonly sign_type: SignType;
}

/** Everything unifiedorder is asked with, except what this floor adds: nonce_str, sign, trade_type JSAPI. */
export interface OrderParameters extends OrderKey {
  readonly openid: string;
  readonly body: string;
  readonly total_fee: number;
  readonly spbill_create_ip: string;
  readonly notify_url: string;
  /** Comes back with every answer and notice. */
  readonly attach?: string;
  readonly time_start: Date;
  readonly time_expire: Date;
}

/** Everything a refund is asked with, except nonce_str and sign. */
export interface RefundParameters extends OrderKey {
  readonly out_refund_no: string;
  /** Of the order, in fen. */
  readonly total_fee: number;
  /** Of this refund, in fen. */
  readonly refund_fee: number;
  /** What the shopper reads in the message about it; at most 80 bytes. */
  readonly refund_desc?: string;
  /** Where its notices go; without it they go where the merchant platform says. */
  readonly notify_url?: string;
}

export interface RefundAccepted {
  readonly kind: 'accepted';
  readonly refund_id: string;
}

/** WeChat does not give this money back now: its words, from the table of the refund API. */
export interface RefundRefused {
  readonly kind: 'refused';
  readonly err_code: string;
  readonly err_code_des: string;
}

/** What WeChat says of a refund in an answer to refundquery. Always verified before it gets this name. */
export interface RefundReport {
  readonly kind: 'refund-report';
  readonly out_trade_no: string;
  readonly out_refund_no: string;
  /** WeChat's word as it came: PROCESSING, SUCCESS, CHANGE (it failed, and staff have to go on), REFUNDCLOSE. */
  readonly refund_status: string;
  readonly refund_fee: number;
  readonly refund_id?: string;
  readonly success_time?: Date;
}

export interface Prepaid {
  readonly kind: 'prepaid';
  readonly prepay_id: string;
}

/** WeChat said no, and saying it again as it is will not change that. */
export interface Refused {
  readonly kind: 'refused';
  readonly err_code: string;
  readonly err_code_des: string;
  /**
   * What the order's owner does about it. `settle`: WeChat knows more than we do (paid, closed), so ask and settle.
   * `repeated`: the number was used, perhaps by ourselves a moment ago, so look again. `alarm`: the merchant's
   * configuration is at fault, a human must look. `give-up`: this order cannot be paid.
   */
  readonly meaning: 'settle' | 'repeated' | 'alarm' | 'give-up';
}

/** WeChat has no such order: it never arrived. */
export interface Absent {
  readonly kind: 'absent';
}

export interface Closed {
  readonly kind: 'closed';
}

/** Too late to close: the money is there. */
export interface Paid {
  readonly kind: 'paid';
}

/** What WeChat says of an order, in an answer to orderquery or in a notice. Always verified before it gets this name. */
export interface Report {
  readonly kind: 'report';
  readonly out_trade_no: string;
  /** WeChat's word as it came: a new one must not be lost or taken for an old one. */
  readonly trade_state: string;
  readonly appid: string;
  readonly mch_id: string;
  /** Present when trade_state is SUCCESS; otherwise WeChat sends only some of them. */
  readonly openid?: string;
  readonly total_fee?: number;
  /** What the shopper paid in money: total_fee without coupon_fee. */
  readonly cash_fee?: number;
  /** What coupons paid; there only when some were used. */
  readonly coupon_fee?: number;
  /** What the merchant is paid: total_fee without the coupons nobody pays for; there only when such were used. */
  readonly settlement_total_fee?: number;
  readonly bank_type?: string;
  readonly transaction_id?: string;
  readonly time_end?: Date;
}
