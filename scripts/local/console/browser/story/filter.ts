import type { ConsoleEvent, OrderHereAndThere } from '../../wire.ts';
import type { Owners } from './owners.ts';

/** What somebody wants to see of the trace. */
export interface Wanted {
  /** Only what is about this order. */
  readonly order: string | undefined;
  /** A part of an order's number, its transaction number, an openid, a function's name, or of anything that was sent. */
  readonly find: string;
}

const TEXTS = new WeakMap<ConsoleEvent, string>();

/** The events that somebody wants to see: all of an order's or a function's course, not only where the word stands. */
export function wantedOf(
  events: readonly ConsoleEvent[],
  { order, find }: Wanted,
  { owners, orders }: { readonly owners: Owners; readonly orders: readonly OrderHereAndThere[] },
): readonly ConsoleEvent[] {
  const own = order === undefined ? events : events.filter(({ seq }) => owners.get(seq) === order);
  const word = find.trim().toLowerCase();
  if (word === '') return own;
  const found = new Set(orders.filter((each) => names(each).includes(word)).map((each) => each.out_trade_no));
  const courses = coursesNamed(own, word);
  const isOf = ({ seq, invocation, openid = '' }: ConsoleEvent) =>
    found.has(owners.get(seq) ?? '') || courses.has(invocation ?? '') || openid.toLowerCase().includes(word);
  const some = own.filter(isOf);
  return some.length > 0 ? some : own.filter((event) => textOf(event).includes(word));
}

function names({ out_trade_no, transaction_id, openid }: OrderHereAndThere): string {
  return [out_trade_no, transaction_id, openid].join('\n').toLowerCase();
}

/** The invocations of functions that are called so. */
function coursesNamed(events: readonly ConsoleEvent[], word: string): ReadonlySet<string> {
  const named = events.filter(
    ({ to, kind, id, invocation, label }) =>
      to === 'function' && kind === 'call' && id === invocation && label.toLowerCase().includes(word),
  );
  return new Set(named.flatMap(({ invocation }) => invocation ?? []));
}

function textOf(event: ConsoleEvent): string {
  const known = TEXTS.get(event);
  if (known !== undefined) return known;
  const text = `${event.label}\n${JSON.stringify(event.payload ?? '')}`.toLowerCase();
  TEXTS.set(event, text);
  return text;
}
