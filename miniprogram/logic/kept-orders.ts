import { fieldsOf, momentIn } from './fields';
import { attemptFor } from './order/attempts';
import { type Order, type OrderCreated, orderFrom, viewOf } from './order/order';
import type { Store } from './store';

/** An order as createOrder answered it: what the phone can still show of it without a network. */
export interface KeptOrder {
  readonly order: Order;
  /** The server's time of that answer, as ISO 8601. */
  readonly now: string;
}

/** Older ones are forgotten; their pages are read from the server all the same. */
export const KEPT_ORDERS_MAX = 20;

const KEY = 'orders';

export function keepOrder(store: Store, { order, now }: Pick<OrderCreated, 'order' | 'now'>): void {
  const others = readAll(store).filter((kept) => kept.order.out_trade_no !== order.out_trade_no);
  write(store, [...others, { order, now }].slice(-KEPT_ORDERS_MAX));
}

export function keptOrder(store: Store, out_trade_no: string): KeptOrder | undefined {
  return readAll(store).find(({ order }) => order.out_trade_no === out_trade_no);
}

/**
 * The order of a request_id whose payment was completed in the cashier and is not over, as far as the phone knows. It is
 * to be shown, not paid a second time.
 */
export function orderBeingConfirmed(store: Store, request_id: string): Order | undefined {
  const kept = readAll(store).find(({ order }) => order.request_id === request_id);
  return kept && attemptFor(store, kept.order.out_trade_no)?.kind === 'done' ? kept.order : undefined;
}

export function forgetOrder(store: Store, out_trade_no: string): void {
  const all = readAll(store);
  const others = all.filter(({ order }) => order.out_trade_no !== out_trade_no);
  if (others.length < all.length) write(store, others);
}

function write(store: Store, all: readonly KeptOrder[]): void {
  store.write(
    KEY,
    all.map(({ order, now }) => ({ order: viewOf(order), now })),
  );
}

function readAll(store: Store): KeptOrder[] {
  const kept = store.read(KEY);
  return Array.isArray(kept) ? kept.flatMap(entryFrom) : [];
}

function entryFrom(found: unknown): KeptOrder[] {
  const order = orderFrom(fieldsOf(found)?.order);
  const now = momentIn(fieldsOf(found)?.now);
  return order === undefined || now === undefined ? [] : [{ order, now }];
}
