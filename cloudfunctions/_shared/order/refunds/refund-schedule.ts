import type { Refund } from './refund.ts';

const MINUTE_MS = 60_000;

/** WeChat wants so long between two requests to refund the same order, and before it is asked what became of one. */
export const REFUNDS_APART_MS = MINUTE_MS;
/** A refund that is under way is asked about ever more seldom: a card takes up to three working days. */
const ASKED_AT_MOST_EVERY_MS = 60 * MINUTE_MS;
/** So long after it was last sent, a refund that WeChat does not have never arrived. */
export const NEVER_ARRIVED_MS = 2 * MINUTE_MS;
/** WeChat gives money back within so long after the payment. */
export const REFUNDABLE_MS = 365 * 24 * 60 * MINUTE_MS;

/** When the timer should next ask about an open refund that was looked at `now`. */
export function nextRefundQueryAt({ created_at }: Pick<Refund, 'created_at'>, now: Date): Date {
  const age = now.getTime() - created_at.getTime();
  return new Date(now.getTime() + Math.min(Math.max(age, REFUNDS_APART_MS), ASKED_AT_MOST_EVERY_MS));
}

/**
 * When the timer looks again at an open refund that it asked about `now`. One that was given up waits no longer than until
 * it is known never to have arrived.
 */
export function lookAgainAt(refund: Pick<Refund, 'created_at' | 'state' | 'sent_at'>, now: Date): Date {
  const next = nextRefundQueryAt(refund, now);
  const sure = neverArrivedAt(refund);
  return refund.state === 'ABANDONING' && sure > now && sure < next ? sure : next;
}

/** From when on a refund that WeChat does not have is known never to have arrived. */
export function neverArrivedAt({ sent_at }: Pick<Refund, 'sent_at'>): Date {
  return new Date((sent_at?.getTime() ?? 0) + NEVER_ARRIVED_MS);
}
