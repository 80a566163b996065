import * as v from 'valibot';
import { TERM_ENTRIES } from '../term.ts';

/** A document of `reminders`: a shopper agreed to one message before a membership of theirs ends. */
export const ReminderSchema = v.object({
  /** Of a shopper and a membership there is one: agreeing again before it was sent changes nothing at WeChat either. */
  _id: v.string(),
  _openid: v.string(),
  appid: v.string(),
  /** The membership that ends, and what renews it: the product and term that were bought last. */
  membership: v.string(),
  product_id: v.string(),
  ...TERM_ENTRIES,
  agreed_at: v.date(),
  /** When it is looked at next; null once there is nothing left to send. */
  due_at: v.nullable(v.date()),
  /** When it was sent, or refused. Whoever sends it writes that first, so that it is sent once at most. */
  tried_at: v.nullable(v.date()),
});

export type Reminder = v.InferOutput<typeof ReminderSchema>;

/** So long before its end a shopper is reminded of a membership. */
export const REMIND_BEFORE_MS = 3 * 86_400_000;

/** What is to be done about a reminder that is due. */
export type ReminderDecision =
  /** The membership ends soon. */
  | { readonly kind: 'send'; readonly end: Date }
  /** It ends later than was thought: it was renewed, or its payment is not settled yet. */
  | { readonly kind: 'later'; readonly due_at: Date }
  /** There is nothing to be reminded of: it has ended, was given back, or never began. */
  | { readonly kind: 'over' };

/** An order whose payment is not seen yet is waited for so long. */
const SETTLED_WITHIN_MS = 2 * 86_400_000;
const LOOK_AGAIN_MS = 3_600_000;

/**
 * Only members are reminded, and never after the end.
 * @param end of the membership, as it is now; undefined where there is none
 */
export function decideReminder(
  { agreed_at }: Pick<Reminder, 'agreed_at'>,
  { end, now }: { end: Date | undefined; now: Date },
): ReminderDecision {
  if (end === undefined || end <= now) {
    const isAwaited = now.getTime() - agreed_at.getTime() < SETTLED_WITHIN_MS;
    return isAwaited ? { kind: 'later', due_at: new Date(now.getTime() + LOOK_AGAIN_MS) } : { kind: 'over' };
  }
  const due_at = new Date(end.getTime() - REMIND_BEFORE_MS);
  return due_at > now ? { kind: 'later', due_at } : { kind: 'send', end };
}
