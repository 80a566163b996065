import type { OrderHereAndThere } from '../wire.ts';
import { clockTime } from './time.ts';
import { say } from './words/language.ts';
import { ORDERS } from './words/tables.ts';

/** How an order is to be looked at, and why in a word. */
export interface Verdict {
  readonly kind: 'ok' | 'bad' | 'unknown';
  readonly words: string;
}

/**
 * An order that only a human goes on with is so whatever both sides say of it. One that differs is not wrong: it is not known yet,
 * and the verdict says when it will be asked about.
 */
export function verdictOf({
  here,
  there,
  under_review,
  next_query_at,
  channel,
}: Pick<OrderHereAndThere, 'here' | 'there' | 'under_review' | 'next_query_at' | 'channel'>): Verdict {
  const words = say(ORDERS);
  if (under_review) return { kind: 'bad', words: words.review };
  // Virtual payment has an order only once its cashier opens.
  const isNotOpened = channel === 'virtualpay' && there === null && here === 'NOTPAY';
  if (here === there || isNotOpened) return { kind: 'ok', words: words.same };
  const unknown = next_query_at ? words.asks(clockTime(new Date(next_query_at))) : words.unknown;
  return { kind: 'unknown', words: unknown };
}
