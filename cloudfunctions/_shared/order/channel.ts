import type { ChannelName, PaymentParameters, VirtualPaymentParameters } from '../contract.ts';
import type { BillSource } from './bills/bill.ts';
import type { Product } from './catalogue.ts';
import type { ChannelFields, Order } from './order.ts';
import type { Refusal } from './refusal.ts';
import type { Term } from './term.ts';

/**
 * One way to pay, as the rules of this floor see it. Amounts are whole fen, moments are Date. Whatever leaves the outcome
 * open is thrown as a ChannelError: unknown is not failed.
 */
export interface PaymentChannel {
  /**
   * Whether anything can be asked at all; so does everything below that has to ask.
   * @throws ChannelError MISCONFIGURED where its settings are missing or wrong
   */
  checkSettings(): void;
  /**
   * What a new order stores for this channel, or why it cannot be sold through it now.
   * @throws ChannelError
   */
  begin(wanted: Wanted): Begun | CannotSell;
  /**
   * Checks everything that can be known without asking, so that an order that cannot be sent is not saved.
   * @throws ChannelError REFUSED
   */
  check(order: Order): void;
  /** Makes an order payable. Repeating it for the same order is safe. */
  prepare(order: Order): Promise<Prepared | Refused>;
  /**
   * What the phone takes to pay a prepared order, signed anew each time; LOGIN_CODE_INVALID where a signature needs a code
   * of wx.login and this one is not the payer's.
   */
  paymentFor(order: Order, login: Login): Promise<PaymentParameters | VirtualPaymentParameters | Refusal>;
  /**
   * Why the payment side cannot be asked about an order, for the alarm MERCHANT_CHANGED: it was made under another
   * merchant than the functions have now. Undefined where it can.
   */
  unaskable(order: Order): Unaskable | undefined;
  /** Asks what became of an order. */
  query(order: Order): Promise<Report | Absent>;
  /**
   * Asks to accept no more money for an order. Undefined where nobody can ask that: then an order is left open at its end,
   * asked about ever more seldom, and closed here once no money can come any more.
   */
  readonly close: ((order: Order) => Promise<Closed | Paid | Absent>) | undefined;
  /**
   * Says that what a paid order gives was given, where the payment side wants to know and the report says that it does not
   * know yet (`undelivered`). Saying it again is harmless. Answers why it is no use to say it again, where that is so.
   */
  readonly markDelivered?: (order: Order) => Promise<DeliveryRefused | undefined>;
  /** Whether staff can still go on, at the payment side, with a refund that failed there. */
  readonly staffGoOnWithRefunds: boolean;
  /**
   * Why no money of an order can be given back this way, for whoever asked: the merchant's certificate is missing, or the
   * shopper has to ask the store that took the money. Undefined where it can.
   */
  unrefundable(order: Order): string | undefined;
  /**
   * Asks to give money back. That it is accepted does not mean that it is done. Repeating it for the same refund is safe,
   * and how an answer that got lost is found again; under another number it would be a second refund.
   */
  refund(order: Order, refund: RefundOrder): Promise<RefundAccepted | RefundRefused>;
  /** Asks what became of one refund, ours or one that was made elsewhere. */
  queryRefund(order: Order, out_refund_no: string): Promise<RefundReport | Absent>;
  /** Asks for every refund of an order that the payment side can list, wherever it was made; none where it can list none. */
  listRefunds(order: Order): Promise<readonly RefundReport[]>;
  /**
   * Whether the payment side says only how much of an order was given back in all. Then nobody can tell what was given back
   * elsewhere from one of ours that is under way, and the order is looked at once more when ours has ended.
   */
  readonly knowsRefundsBySum: boolean;
  /** Whose days are compared, and by what; undefined where nothing is sold this way. */
  readonly bills?: BillSource | undefined;
}

/** The payment side does not take the mark of a delivery, and saying it again will not change that. */
export interface DeliveryRefused {
  readonly kind: 'delivery-refused';
  /** Its own code, for the log. */
  readonly err_code: string;
  /** What it says, for a human. */
  readonly message: string;
}

/** Why nobody can ask about an order. */
export interface Unaskable {
  /** For a human: what it was made under, and what to do. */
  readonly why: string;
  /** No money can come for it whatever anybody says: it was made where nobody pays. */
  readonly isUnpayable?: true;
}

/** What a refund is asked for with, and stored as, so that asking again is asking the same. */
export interface RefundOrder {
  readonly out_refund_no: string;
  /** Fen. */
  readonly refund_fee: number;
  readonly reason: string;
  /** Of the order, before this refund, in fen: done and not done. */
  readonly refunded_fee: number;
  readonly created_at: Date;
}

/** The payment side works on a refund. */
export interface RefundAccepted {
  readonly kind: 'accepted';
  /** Its own number of the refund, where it says one. */
  readonly refund_id?: string;
}

/** The payment side does not give this money back now. That alone releases nothing: only what queryRefund says does. */
export interface RefundRefused {
  readonly kind: 'refused';
  /** Its own code and words, for the log and the alarm. */
  readonly err_code: string;
  readonly err_code_des: string;
  /** What a human can do about it, in a sentence. */
  readonly advice: string;
}

/** What the payment side says of a refund, verified. */
export interface RefundReport {
  readonly kind: 'refund-report';
  readonly out_trade_no: string;
  readonly out_refund_no: string;
  /**
   * PROCESSING: it is under way. SUCCESS: the shopper has the money. ABNORMAL: it could not be given back (a card that is
   * closed), and staff have to go on by hand. CLOSED: it was given up, and nothing was given back.
   */
  readonly state: 'PROCESSING' | 'SUCCESS' | 'ABNORMAL' | 'CLOSED';
  /** With ABNORMAL: nobody can go on with it, so that giving it up frees the money. */
  readonly isFinal?: true;
  /** Fen. */
  readonly refund_fee: number;
  /**
   * With SUCCESS: it is known only by what was given back of the order in all, beyond so many fen that were booked then.
   * Absent: the payment side itself says that this refund is the order's.
   */
  readonly beyond_fee?: number;
  readonly refund_id?: string;
  /** When the shopper got the money. */
  readonly success_time?: Date;
}

/** What a shopper wants to buy, as far as a channel must know it before there is an order. */
export interface Wanted extends Login {
  readonly product: Product;
  readonly term: Term;
  readonly total_fee: number;
  /** The shopper's address. */
  readonly client_ip: string;
  readonly now: Date;
}

/** What proves to the payment side that the shopper is here. */
export interface Login {
  /** What wx.login gave, where the phone sent it; good once. */
  readonly code?: string | undefined;
}

export interface Begun {
  readonly kind: 'begun';
  /** The merchant at the payment side, where it has a number; otherwise empty. */
  readonly mch_id: string;
  readonly fields: ChannelFields;
}

export interface CannotSell {
  readonly kind: 'cannot-sell';
  readonly refusal: Refusal;
  /** What a human must look at, about the product. */
  readonly alarm?: ChannelAlarm;
}

export interface Prepared {
  readonly kind: 'prepared';
  /** What the order keeps of it. */
  readonly fields: ChannelFields;
}

/** The payment side refused an order, and sending it again as it is will not change that. */
export interface Refused {
  readonly kind: 'refused';
  /** Its own code and words, for the log and the alarm. */
  readonly err_code: string;
  readonly err_code_des: string;
  /**
   * What follows for the order. `settle`: its state is known there already (paid, closed), so query and settle.
   * `repeated`: its number was used, perhaps by a call of ours a moment ago, so read it again. `alarm`: the merchant's
   * configuration is at fault. `give-up`: this order cannot be paid.
   */
  readonly meaning: 'settle' | 'repeated' | 'alarm' | 'give-up';
}

/** The payment side has no such order: it never arrived. */
export interface Absent {
  readonly kind: 'absent';
}

export interface Closed {
  readonly kind: 'closed';
}

/** Too late to close: the order is paid. */
export interface Paid {
  readonly kind: 'paid';
}

/** What the payment side says of an order, verified. */
export interface Report {
  readonly kind: 'report';
  readonly out_trade_no: string;
  /** Its word as it came: a new one must not be lost or taken for an old one. */
  readonly trade_state: string;
  /**
   * Which identities the report proves beside payer and amount, which every report of a payment proves. A payment is the
   * order's only if all of them agree; one that the report proves and does not name does not agree.
   */
  readonly proves: readonly ('mch_id' | 'appid')[];
  readonly mch_id?: string;
  readonly appid?: string;
  readonly openid?: string;
  readonly total_fee?: number;
  /** What the shopper paid in money: total_fee without coupon_fee. */
  readonly cash_fee?: number;
  /** What coupons paid; present only when some were used. */
  readonly coupon_fee?: number;
  /** What the merchant is paid where it is less than total_fee. */
  readonly settlement_total_fee?: number;
  readonly bank_type?: string;
  readonly transaction_id?: string;
  readonly time_end?: Date;
  /** The payment side does not know yet that the shopper has what they paid for. */
  readonly undelivered?: boolean;
  /** What the order keeps for the channel from now on, beside what it has. */
  readonly fields?: ChannelFields;
  /** What a human must look at, whatever becomes of the order. */
  readonly alarm?: ChannelAlarm;
  /** Why the report is not about this order although it names it; only the channel knows. */
  readonly objectionTo?: (order: Order) => ChannelAlarm | undefined;
}

/** What a channel reports to a human. Each raises an alarm of the same name. */
export type ChannelAlarmCode =
  /** A notice with a valid sign, by another algorithm than the order was made with. */
  | 'SIGN_TYPE_MISMATCH'
  /** Virtual payment does not have the item of a product at its price: the shopper cannot buy it. */
  | 'ITEM_NOT_PUBLISHED'
  /** The payment side says something of an order that nobody has documented. Nothing was changed. */
  | 'PAYMENT_STATE_UNKNOWN'
  /** The shopper paid another sum than the order's, of which the payment side says that it was the order's. Honoured. */
  | 'PAID_FEE_DIFFERS';

export interface ChannelAlarm {
  /** A refund that failed is seen at a payment as well, where it was made elsewhere. */
  readonly code: ChannelAlarmCode | 'REFUND_ABNORMAL';
  readonly message: string;
  /** The number that the payment side gave the request, where it refused one: for the log. */
  readonly rid?: string | undefined;
}

/** Opens the channel that an order or a product is paid through. @throws ChannelError REFUSED for one that is not built in */
export type ChannelOf = (of: { readonly channel?: ChannelName | undefined }) => PaymentChannel;

export type ChannelErrorCode =
  /** The payment side asks for fewer questions: nothing more is asked for now. */
  | 'PATIENCE'
  /** No clear answer. The request may have been carried out; the same one can be made again. */
  | 'UNKNOWN'
  /** The payment side does not accept our key or merchant: every question fails until a human fixes it. */
  | 'MISCONFIGURED'
  /** This request is refused, there or here before it is sent; repeating it does not help, a human has to look. */
  | 'REFUSED';

/** A failure of a channel. Switch on `code`; `message` is for people and never carries a key, a sign or a body. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly code: ChannelErrorCode;
  /** The channel's own name for the failure, for the log. */
  readonly reason: string;
  /** The payment side's own code, where it gave one. */
  readonly err_code: string | undefined;
  /** The number that the payment side gave the request, for whoever asks its support. */
  readonly rid: string | undefined;

  constructor(
    code: ChannelErrorCode,
    message: string,
    {
      reason,
      err_code,
      rid,
      cause,
    }: { reason: string; err_code?: string | undefined; rid?: string | undefined; cause?: unknown },
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.reason = reason;
    this.err_code = err_code;
    this.rid = rid;
  }

  /** What the log says of it. The rid stands beside the message, which makes one alarm of what happens again and again. */
  get facts(): { readonly code: string; readonly message: string; readonly rid?: string } {
    const { reason: code, message, rid } = this;
    return { code, message, ...(rid !== undefined && { rid }) };
  }
}
