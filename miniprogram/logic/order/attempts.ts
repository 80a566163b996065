import { fieldsOf, momentIn, textIn } from '../fields';
import type { Store } from '../store';
import { type Cause, isCause } from './causes';

/**
 * How the cashier was left, as reported to the phone. A hint, not the truth: `done` makes the order page wait for the
 * server's word instead of offering to pay a second time. `opened` is a cashier of virtual payment that was opened and has
 * not said how it was left.
 */
export interface Attempt {
  readonly kind: 'opened' | 'done' | 'cancelled' | 'failed';
  /** ISO 8601. */
  readonly at: string;
  /** What WeChat said about a failure, if it is words a shopper understands. */
  readonly said?: string;
  /** Why a virtual payment failed, and the code that says so, if there was one. */
  readonly cause?: Cause;
  readonly code?: string;
}

/** Whether the cashier left open what became of the payment, so that it may have been made all the same. */
export function isOutcomeOpen(attempt: Attempt | undefined): boolean {
  return attempt?.kind === 'opened' || attempt?.cause === 'unknown' || attempt?.cause === 'busy';
}

/** Older ones are forgotten; an order page without its hint asks the server all the same. */
export const ATTEMPTS_MAX = 20;

const KEY = 'attempts';

export function attemptFor(store: Store, out_trade_no: string): Attempt | undefined {
  return readAll(store).find(([number]) => number === out_trade_no)?.[1];
}

export function keepAttempt(store: Store, out_trade_no: string, attempt: Attempt): void {
  const others = readAll(store).filter(([number]) => number !== out_trade_no);
  store.write(KEY, [...others, [out_trade_no, attempt]].slice(-ATTEMPTS_MAX));
}

export function forgetAttempt(store: Store, out_trade_no: string): void {
  const all = readAll(store);
  const others = all.filter(([number]) => number !== out_trade_no);
  if (others.length < all.length) store.write(KEY, others);
}

function readAll(store: Store): [string, Attempt][] {
  const kept = store.read(KEY);
  return Array.isArray(kept) ? kept.flatMap(entryFrom) : [];
}

function entryFrom(found: unknown): [string, Attempt][] {
  if (!Array.isArray(found)) return [];
  const [number, kept] = found;
  const fields = fieldsOf(kept);
  const kind = fields?.kind;
  const at = momentIn(fields?.at);
  if (typeof number !== 'string' || at === undefined) return [];
  if (kind !== 'opened' && kind !== 'done' && kind !== 'cancelled' && kind !== 'failed') return [];
  const said = textIn(fields?.said);
  const cause = textIn(fields?.cause);
  const code = textIn(fields?.code);
  const attempt: Attempt = {
    kind,
    at,
    ...(said === undefined ? {} : { said }),
    ...(cause === undefined || !isCause(cause) ? {} : { cause }),
    ...(code === undefined ? {} : { code }),
  };
  return [[number, attempt]];
}
