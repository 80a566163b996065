import { WaitingFaults } from '../faults.ts';
import type { ClientErrCode } from './errors.ts';

/** What can go wrong on the phone. */
export type PaymentFault =
  /** The cash desk does not open, and the call fails with this number. */
  | { readonly kind: 'refuse-payment'; readonly errCode: ClientErrCode }
  /** The shopper confirms, and the call fails with this number. -15012 closes the order. */
  | { readonly kind: 'fail-payment'; readonly errCode: ClientErrCode }
  /** The money is taken, and the mini-program receives neither success nor fail. */
  | { readonly kind: 'lose-success' }
  /** query_order says 1, created, for so long after the payment. */
  | { readonly kind: 'hide-payment'; readonly ms: number };

/** What can go wrong with an event that is due. */
export type EventFault =
  /** It is not pushed; the next one comes by schedule. */
  | { readonly kind: 'lose-event' }
  /** It is pushed and worked on, but the answer does not come back. */
  | { readonly kind: 'lose-reply' }
  /** It is pushed `times` times, one after another or all at once. */
  | { readonly kind: 'repeat-event'; readonly times: number; readonly parallel?: boolean }
  /** It is pushed this much later. */
  | { readonly kind: 'delay-event'; readonly ms: number };

/** What query_order, the refunds and the items get wrong. */
export type BookFault =
  /** An order that is not there is answered with errcode 0 and order null, as in 2023. */
  | { readonly kind: 'null-order' }
  /** left_fee is null in the answer. */
  | { readonly kind: 'null-left-fee' }
  /** query_order says 1, created, of a refund that was done a moment ago. */
  | { readonly kind: 'hide-refund' }
  /** notify_provide_goods answers nothing at all. */
  | { readonly kind: 'empty-provide' }
  /** The next refund does not go through. */
  | { readonly kind: 'fail-refund' }
  /** The next upload of an item fails, as when its picture cannot be fetched. */
  | { readonly kind: 'fail-upload' }
  /** The next item that is published fails its review. */
  | { readonly kind: 'fail-review' };

export type VirtualPayFault = PaymentFault | EventFault | BookFault;

/** Faults of virtual payment that were asked for and did not happen yet. */
export class VirtualPayFaults extends WaitingFaults<
  VirtualPayFault & {
    /** How often it happens before it is used up; 1 when left out, Infinity for until taken back. */
    readonly count?: number;
    /** Only to this order. */
    readonly out_trade_no?: string;
  }
> {}
