import * as v from 'valibot';

/**
 * How a refund stands. PROCESSING: asked for, or about to be. SUCCESS: the shopper has the money. ABNORMAL: it could not
 * be given back, and staff have to go on at the payment side. CLOSED: it came to nothing. ABANDONING: an operator gave it
 * up, and it is not known yet whether it ever arrived.
 */
export const REFUND_STATES = ['PROCESSING', 'SUCCESS', 'ABNORMAL', 'CLOSED', 'ABANDONING'] as const;
export type RefundState = (typeof REFUND_STATES)[number];

/** A refund as its order lists it, for the shopper to see. Fen, moments as Date. */
export const RefundEntrySchema = v.object({
  out_refund_no: v.string(),
  refund_fee: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Giving up is the shop's affair: until it is over the shopper sees PROCESSING. */
  state: v.picklist(['PROCESSING', 'SUCCESS', 'ABNORMAL', 'CLOSED']),
  requested_at: v.date(),
  success_time: v.nullable(v.date()),
});

export type RefundEntry = v.InferOutput<typeof RefundEntrySchema>;

/** The part of an order that says what was given back of it. */
export interface Refunded {
  readonly refunds?: readonly RefundEntry[];
  readonly refunded_fee?: number;
  readonly refund_reserved_fee?: number;
}

/** What was given back, and what is reserved for the refund under way, in fen. */
export function feesOf({ refunded_fee = 0, refund_reserved_fee = 0 }: Refunded): {
  refunded: number;
  reserved: number;
} {
  return { refunded: refunded_fee, reserved: refund_reserved_fee };
}

/** The refund that is under way; an order has one at most. */
export function openRefundOf({ refunds = [] }: Refunded): RefundEntry | undefined {
  return refunds.find(({ state }) => state === 'PROCESSING' || state === 'ABNORMAL');
}

/** The list with this refund as it is now. */
export function withEntry({ refunds = [] }: Refunded, entry: RefundEntry): RefundEntry[] {
  const others = refunds.filter(({ out_refund_no }) => out_refund_no !== entry.out_refund_no);
  return [...others, entry].sort((one, other) => one.requested_at.getTime() - other.requested_at.getTime());
}
