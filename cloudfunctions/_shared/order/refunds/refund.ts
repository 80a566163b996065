import * as v from 'valibot';
import { CHANNELS, digestOf } from '../order.ts';
import { REFUND_STATES, type RefundEntry } from './entry.ts';

const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The most days that one refund takes off a membership. */
export const TAKEN_DAYS_MAX = 3660;

/** What a refund takes from what its order gave: all that is not used, nothing, or so many days off the end. */
export const TakesSchema = v.union([
  v.literal('all'),
  v.literal('none'),
  v.strictObject({ days: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(TAKEN_DAYS_MAX)) }),
]);
export type Takes = v.InferOutput<typeof TakesSchema>;

/** A document of `refunds`: everything the payment side is asked with, so that asking again is asking the same. */
export const RefundSchema = v.object({
  /** out_refund_no. */
  _id: v.string(),
  out_trade_no: v.string(),
  channel: v.exactOptional(v.picklist(CHANNELS)),
  /** Fen. 0 takes days and gives no money back, so nobody is asked. */
  refund_fee: wholeNumber,
  /** The shopper reads it in WeChat's message. */
  reason: v.string(),
  takes: TakesSchema,
  state: v.picklist(REFUND_STATES),
  /** Who asked for it: an operator's openid, an administrator's name; null where it was made elsewhere. */
  requested_by: v.nullable(v.string()),
  /** What was given back of the order before it, in fen. */
  refunded_fee: wholeNumber,
  created_at: v.date(),
  /** When the payment side was last asked to give the money back. */
  sent_at: v.nullable(v.date()),
  /** When it succeeded or came to nothing. */
  ended_at: v.nullable(v.date()),
  /** When the shopper got the money, as the payment side says. */
  success_time: v.nullable(v.date()),
  /** The day whose bill has it. Absent: none yet. */
  billed_on: v.exactOptional(v.string()),
  /** The payment side's own number of it. */
  refund_id: v.nullable(v.string()),
  /** Its last no to it, and what that means. */
  err_code: v.nullable(v.string()),
  err_code_des: v.nullable(v.string()),
});

export type Refund = v.InferOutput<typeof RefundSchema>;

/**
 * The refund's number, 32 hexadecimal characters: the same request gives the same number, so that a repeated one finds
 * the first one's refund.
 */
export function outRefundNo({
  environment,
  request_id,
}: {
  environment: string;
  request_id: string;
}): string {
  return digestOf(['refund', environment, request_id]).slice(0, 32);
}

export function isOpen({ state }: Pick<Refund, 'state'>): boolean {
  return state !== 'SUCCESS' && state !== 'CLOSED';
}

/** The refund as its order lists it. */
export function entryOf({ _id, refund_fee, state, created_at, success_time }: Refund): RefundEntry {
  return {
    out_refund_no: _id,
    refund_fee,
    state: state === 'ABANDONING' ? 'PROCESSING' : state,
    requested_at: created_at,
    success_time,
  };
}
