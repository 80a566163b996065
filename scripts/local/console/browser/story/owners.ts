import type { ConsoleEvent } from '../../wire.ts';
import { field, parsed, textField } from './fields.ts';

/** Which order an event is about, by its seq; events about none, or about several, have no owner. */
export type Owners = ReadonlyMap<number, string>;

/** Where messages and documents name an order. */
const PLACES: readonly (readonly (string | number)[])[] = [
  ['out_trade_no'],
  ['order', 'out_trade_no'],
  ['OutTradeNo'],
  ['MchOrderId'],
  ['order_id'],
];

/** What an event names does not change; what it belongs to does, once later events are there. */
const NAMED = new WeakMap<ConsoleEvent, readonly string[]>();

/**
 * A function that serves one order is about that order from its first call on, though only a later message names it; a
 * reply is about what its call was about.
 */
export function ownersOf(events: readonly ConsoleEvent[]): Owners {
  const ofInvocation = ordersOfInvocations(events);
  const ofCall = new Map<string, string>();
  const owners = new Map<number, string>();
  for (const event of events) {
    const { id, invocation, seq } = event;
    const [own, ...others] = namedIn(event);
    const isOne = own !== undefined && others.length === 0;
    const course = ofInvocation.get(invocation ?? '');
    const owner = course?.main ?? (isOne ? own : undefined) ?? ofCall.get(id ?? '') ?? course?.only;
    if (owner === undefined) continue;
    owners.set(seq, owner);
    if (id !== undefined) ofCall.set(id, owner);
  }
  return owners;
}

interface Course {
  /** The order that the function answers with: of those that it touched, the one it was called for. */
  main?: string | undefined;
  /** The one order that is named in its course. */
  readonly only: string | undefined;
}

function ordersOfInvocations(events: readonly ConsoleEvent[]): ReadonlyMap<string, Course> {
  const named = new Map<string, Set<string>>();
  const main = new Map<string, string>();
  const sent = new Map<string, string>();
  for (const event of events) {
    const { invocation, id, from, kind, payload } = event;
    const [own] = namedIn(event);
    if (id !== undefined && own !== undefined) sent.set(id, own);
    if (invocation === undefined) continue;
    const orders = named.get(invocation) ?? new Set();
    // What WeChat sends is passed on under its own id, or under that of the invocation that it begins.
    const carried = sent.get(textField(payload, 'headers', 'request-id') ?? invocation);
    for (const order of carried === undefined ? namedIn(event) : [carried, ...namedIn(event)])
      orders.add(order);
    named.set(invocation, orders);
    const answered = textField(payload, 'order', 'out_trade_no');
    if (from === 'function' && kind === 'reply' && id === invocation && answered !== undefined)
      main.set(invocation, answered);
  }
  return new Map(
    [...named].map(([invocation, [only, ...others]]) => [
      invocation,
      { main: main.get(invocation), only: others.length === 0 ? only : undefined },
    ]),
  );
}

/** The orders that an event names. */
function namedIn(event: ConsoleEvent): readonly string[] {
  const known = NAMED.get(event);
  if (known) return known;
  const named = [...new Set(namesIn(event))];
  NAMED.set(event, named);
  return named;
}

/** A forged message says nothing about an order, but it belongs to the story of the one it lies about. */
function namesIn({ about, payload, from, to, label }: ConsoleEvent): string[] {
  const direct = PLACES.flatMap((place) => textField(payload, ...place) ?? []);
  const isOrders = label.endsWith(' orders') && (from === 'database' || to === 'database');
  return [...(about === undefined ? [] : [about]), ...direct, ...(isOrders ? idsIn(payload) : [])];
}

/** The `_id` of an order is its number: in a filter, in what is inserted, in what is found. */
function idsIn(payload: unknown): string[] {
  const query = parsed(field(payload, 'query'));
  const asked = field(query, '_id');
  const found = field(payload, 'data', 'list');
  const given = field(payload, 'data');
  const documents = [...(Array.isArray(found) ? found : []), ...(Array.isArray(given) ? given : [])];
  return [asked, field(asked, '$eq'), ...documents.map((text) => field(parsed(text), '_id'))].filter(
    (id) => typeof id === 'string',
  );
}
