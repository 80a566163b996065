/** Who holds a phone. */
export interface Payer {
  readonly openid: string;
  readonly appid: string;
}

/** What a shopper does in the cashier. */
export type CashierAct = 'pay' | 'NOTENOUGH' | 'PAYERROR' | 'cancel';

/** A refusal to give in place of the answer, before or after the work was done. */
export interface AskedRefusal {
  readonly err_code: 'SYSTEMERROR' | 'FREQUENCY_LIMITED' | 'NOTENOUGH' | 'BIZERR_NEED_RETRY';
  readonly when: 'before' | 'after';
}

/** Notices that must not be believed. */
export const NOTICE_FORGERIES = [
  'wrong sign',
  'no sign',
  'changed amount',
  'wrong amount',
  'wrong payer',
  'wrong merchant',
  'wrong app',
  'wrong order',
  'other algorithm',
] as const;
export type NoticeForgery = (typeof NOTICE_FORGERIES)[number];

/** What is true of an order at WeChat Pay. */
export interface Truth {
  readonly out_trade_no: string;
  readonly trade_state: string;
  readonly openid: string;
  readonly total_fee: number;
  /** Whether money was taken, whatever became of it since. */
  readonly isPaid: boolean;
  /** Whether WeChat knows that the shopper has what they paid for; absent where it does not want to. */
  readonly isDelivered?: boolean;
  /** When it was paid, where that is known. */
  readonly paid_at?: number;
}

/** What came back for a notice; undefined when nothing did. */
export interface NoticeReply {
  readonly status: number;
  readonly body: string;
}

/** Posts a notice to the merchant; rejects when no reply came. */
export type PostNotice = (body: string) => Promise<NoticeReply>;

/** WeChat Pay as a simulation needs it. It is the local one, and in some seeds the second model. */
export interface PaymentSide {
  /** Answers a call of one of the three APIs. */
  answer(path: string, body: string, refusal: AskedRefusal | undefined): Promise<string>;
  /** wx.requestPayment, with the parameters a function signed; answers its errMsg. */
  requestPayment(parameters: object, payer: Payer, act: CashierAct): string;
  order(out_trade_no: string): Truth | undefined;
  orders(): readonly Truth[];
  /** The key that the merchant set at WeChat; notices that were made before keep their sign. */
  rotate(api_key: string): void;
  forge(out_trade_no: string, forgery: NoticeForgery): Promise<void>;
  /** Money comes for an order that WeChat itself had closed, and its notice is sent. */
  payClosed(out_trade_no: string): Promise<void>;
  /** The merchant's staff refunds a paid order in WeChat's own console; the notice of it is lost for good. */
  refund(out_trade_no: string): void;
  /** The same with a part of it, and with a notice. */
  refundByStaff(out_trade_no: string, refund_fee: number): void;
  /** Fen of a paid order that can still be given back; 0 for one that is not paid. */
  leftOf(out_trade_no: string): number;
  /** Fen that the shopper got back. */
  refundedOf(out_trade_no: string): number;
  refunds(): readonly RefundTruth[];
  /** Staff go on with every refund that failed: it is paid in another way, or closed. */
  endFailedRefunds(): void;
  /** What bills are tried with; the second model has none. */
  readonly bills?: BillTricks;
}

/** What happens without a word, and what is wrong with a bill. */
export interface BillTricks {
  /** Money comes for an order that WeChat had closed; nobody is notified. */
  takeSilently(out_trade_no: string): void;
  /** Staff give money back; nobody is notified. */
  refundSilently(out_trade_no: string, refund_fee: number): void;
  /** The payment is in no bill from now on. */
  lose(out_trade_no: string): void;
  /** The payment is in its bill twice from now on. */
  repeat(out_trade_no: string): void;
  /** Its refunds are in no bill from now on. */
  loseRefunds(out_trade_no: string): void;
  /** The next bill that is asked for is not made yet. */
  delay(): void;
  /** Another program is paid an order under the same merchant number. */
  payElsewhere(out_trade_no: string, attach: string): void;
}

/** How a refund of ours ends that does not succeed; undefined where it does. */
export type RefundFailure = () => 'CHANGE' | 'REFUNDCLOSE' | undefined;

/** What is true of a refund at WeChat Pay. */
export interface RefundTruth {
  readonly out_refund_no: string;
  readonly refund_fee: number;
  readonly state: string;
  readonly isByStaff: boolean;
}
