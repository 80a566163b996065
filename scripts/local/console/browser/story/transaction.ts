import type { ConsoleEvent } from '../../wire.ts';
import { say } from '../words/language.ts';
import { ROWS } from '../words/story.ts';
import { field, keysOf, parsed, textField } from './fields.ts';

/** A transaction of a function on the database: everything between its start and its end. */
export interface Transaction {
  readonly id: string;
  readonly start: ConsoleEvent;
  readonly events: ConsoleEvent[];
  /** The reply that ended it. */
  end?: ConsoleEvent;
}

/** Transactions by the seq of each of their events. */
export function transactionsOf(events: readonly ConsoleEvent[]): ReadonlyMap<number, Transaction> {
  const bySeq = new Map<number, Transaction>();
  const byId = new Map<string, Transaction>();
  const byCall = new Map<string, Transaction>();
  const starts = new Map<string, ConsoleEvent>();
  const join = (transaction: Transaction, event: ConsoleEvent) => {
    transaction.events.push(event);
    bySeq.set(event.seq, transaction);
  };
  for (const event of events) {
    if (event.to === 'database' && event.label === 'database.startTransaction' && event.id !== undefined) {
      starts.set(event.id, event);
    }
    const id = textField(event.payload, 'transactionId');
    const start = event.from === 'database' ? starts.get(event.id ?? '') : undefined;
    if (start && id !== undefined) {
      const transaction = { id, start, events: [] };
      byId.set(id, transaction);
      join(transaction, start);
      join(transaction, event);
    } else if (event.to === 'database' && id !== undefined) {
      const transaction = byId.get(id);
      if (transaction) join(transaction, event);
      if (transaction && event.id !== undefined) byCall.set(event.id, transaction);
    } else if (event.from === 'database') {
      const transaction = byCall.get(event.id ?? '');
      if (transaction) join(transaction, event);
      if (transaction && /\.(commit|abort)Transaction$/.test(event.label)) transaction.end = event;
    }
  }
  return bySeq;
}

/** How a transaction ended: what it changed that matters to a shopper, or why it changed nothing. */
export type Ending =
  | { readonly kind: 'settled'; readonly changes: readonly string[] }
  | { readonly kind: 'committed'; readonly collections: readonly string[] }
  | { readonly kind: 'undone'; readonly why: string };

/** @param productNames what a product is called, by its `_id` */
export function endingOf(
  { events, end }: Transaction,
  productNames: Readonly<Record<string, string>>,
): Ending {
  const refusal = events
    .map(({ from, payload }) => from === 'database' && textField(payload, 'code'))
    .find(Boolean);
  if (events.some(({ kind }) => kind === 'lost')) return { kind: 'undone', why: say(ROWS).noAnswer };
  if (refusal || end?.label.endsWith('abortTransaction'))
    return { kind: 'undone', why: refusal || say(ROWS).noChange };
  const changes = [...statesIn(events), ...membershipsIn(events, productNames)];
  if (changes.length > 0) return { kind: 'settled', changes: [...changes, ...alarmsIn(events)] };
  const writes = events.filter(({ to, label }) => to === 'database' && isWrite(label));
  return { kind: 'committed', collections: [...new Set(writes.map(({ payload }) => collectionOf(payload)))] };
}

export function isWrite(label: string): boolean {
  return /\.(insert|modify|remove)/.test(label);
}

export function collectionOf(payload: unknown): string {
  return textField(payload, 'collectionName') ?? '?';
}

/** What an update sets, however the SDK wrote it. */
export function valuesSet(payload: unknown): unknown {
  const update = parsed(field(payload, 'data'));
  return field(update, '$set') ?? update;
}

/** The order as the transaction read it. */
function orderReadIn(events: readonly ConsoleEvent[]): unknown {
  const reply = events.find(
    ({ from, label }) => from === 'database' && label === 'database.getDocument orders',
  );
  return parsed(field(reply?.payload, 'data', 'list', 0));
}

function statesIn(events: readonly ConsoleEvent[]): string[] {
  const before = textField(orderReadIn(events), 'trade_state');
  return writesTo(events, 'orders').flatMap(({ payload }) => {
    const after = textField(valuesSet(payload), 'trade_state');
    return after === undefined || after === before ? [] : [before ? `${before} → ${after}` : after];
  });
}

/** The order that was read in the same transaction says which memberships it gives, and for how long. */
function membershipsIn(
  events: readonly ConsoleEvent[],
  productNames: Readonly<Record<string, string>>,
): string[] {
  const isChanged = writesTo(events, 'users').some(({ payload }) =>
    keysOf(valuesSet(payload)).some((path) => /^memberships(\.|$)/.test(path)),
  );
  if (!isChanged) return [];
  // A refund takes away, and not what the order gave.
  const isGiven = writesTo(events, 'orders').some(
    ({ payload }) => textField(valuesSet(payload), 'trade_state') === 'SUCCESS',
  );
  if (!isGiven) return [say(ROWS).membershipChanged];
  const given = grantsOf(orderReadIn(events)).map((grant) => {
    const membership = textField(grant, 'membership') ?? '';
    return `${productNames[membership] ?? membership} ${termInWords(field(grant, 'term'))}`;
  });
  return given.length > 0 ? given : [say(ROWS).membershipChanged];
}

/** An order of an earlier release names no grants, and gives its months of its product. */
function grantsOf(order: unknown): readonly unknown[] {
  const grants = field(order, 'grants');
  if (Array.isArray(grants)) return grants;
  const membership = textField(order, 'product_id');
  return membership === undefined ? [] : [{ membership, term: order }];
}

function termInWords(term: unknown): string {
  const months = field(term, 'months');
  const days = field(term, 'days');
  const words = say(ROWS);
  if (typeof months === 'number') return words.months(months);
  return typeof days === 'number' ? words.days(days) : words.changed;
}

function alarmsIn(events: readonly ConsoleEvent[]): string[] {
  return writesTo(events, 'alarms').map(({ payload }) =>
    say(ROWS).alarm(textField(valuesSet(payload), 'code') ?? ''),
  );
}

function writesTo(events: readonly ConsoleEvent[], collection: string): readonly ConsoleEvent[] {
  return events.filter(
    ({ to, label, payload }) => to === 'database' && isWrite(label) && collectionOf(payload) === collection,
  );
}
