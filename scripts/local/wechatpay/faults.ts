import { WaitingFaults, type When } from '../faults.ts';
import type { ErrCode } from './errors.ts';

/** What can go wrong with a call to an API. `after` is when the work is done and only the answer goes wrong. */
export type ApiFault =
  /** Answered with this code: SYSTEMERROR, FREQUENCY_LIMITED, or any other of errors.ts. */
  | { readonly kind: 'refuse'; readonly err_code: ErrCode; readonly when?: When; readonly path?: string }
  /** The connection breaks without an answer. */
  | { readonly kind: 'break'; readonly when: When; readonly path?: string }
  /** The connection breaks before the work, if an earlier call came over it. */
  | { readonly kind: 'reset'; readonly path?: string }
  /** The answer waits for this much of the local world's time. */
  | { readonly kind: 'slow'; readonly ms: number; readonly path?: string };

/** What can go wrong with a notice that is due. */
export type NoticeFault =
  /** It is not sent; the next one comes by schedule. */
  | { readonly kind: 'lose-notice' }
  /** It is sent and worked on, but the reply does not come back. */
  | { readonly kind: 'lose-reply' }
  /** It is sent `times` times, one after another or all at once. */
  | { readonly kind: 'repeat-notice'; readonly times: number; readonly parallel?: boolean }
  /** It is sent this much later. */
  | { readonly kind: 'delay-notice'; readonly ms: number }
  /** It is sent after whatever notice is sent next. */
  | { readonly kind: 'reorder-notice' };

/** What can go wrong in the cashier: short of funds leaves NOTPAY, a bank's refusal makes PAYERROR. */
export type PaymentFault = { readonly kind: 'fail-payment'; readonly err_code: PaymentError };

/** Not a fault, but as rare: the next payment uses this coupon. Ask for several, and it uses them all. */
export type CouponUse = {
  readonly kind: 'use-coupon';
  /** Fen; of more than what is left to pay, only that is used. */
  readonly coupon_fee: number;
  /** CASH when left out. */
  readonly coupon_type?: 'CASH' | 'NO_CASH';
};

/** The next refund that WeChat works on does not succeed. */
export type RefundFault = {
  readonly kind: 'fail-refund';
  /** CHANGE: it could not be given back, and staff have to go on. REFUNDCLOSE: it came to nothing. */
  readonly refund_status: 'CHANGE' | 'REFUNDCLOSE';
};

/** A payment or a refund is not in its bill, or a payment is there twice, each time it is asked for while this lasts. */
export type BillFault = { readonly kind: 'lose-payment-line' | 'lose-refund-line' | 'repeat-payment-line' };

export type PaymentError = 'NOTENOUGH' | 'PAYERROR';

export type Fault = (ApiFault | NoticeFault | PaymentFault | CouponUse | RefundFault | BillFault) & {
  /** How often it happens before it is used up; 1 when left out, Infinity for until taken back. */
  readonly count?: number;
  /** Only to this order. */
  readonly out_trade_no?: string;
};

/** Faults of WeChat Pay that were asked for and did not happen yet. */
export class Faults extends WaitingFaults<Fault> {}
