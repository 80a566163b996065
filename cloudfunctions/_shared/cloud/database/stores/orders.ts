import * as v from 'valibot';
import { alarm } from '../../../order/alarms.ts';
import { isUnsettled, type Order, UNSETTLED_STATES } from '../../../order/order.ts';
import type { Alarms, Orders } from '../../../order/ports.ts';
import { CloudError } from '../../errors.ts';
import type { Database, Fields } from '../database.ts';
import { dueDocuments } from './due.ts';
import { orderFrom, StoredOrderSchema, storedChange, storedOrder } from './stored-order.ts';

export const ORDERS = 'orders';

/** How long an order that cannot be read is left alone. */
const SET_ASIDE_MS = 3_600_000;

/** Orders in the cloud database. Each write is a compare and set: it happens only to the order as it was read. */
export function ordersIn(database: Database, { alarms, now }: { alarms: Alarms; now: () => Date }): Orders {
  const { command } = database;
  const unsettled = (from: Order) => ({ _id: from._id, trade_state: command.in(UNSETTLED_STATES) });
  // A settled one may be asked about for its refunds, and keeps its state by that.
  const asRead = (from: Order) =>
    isUnsettled(from) ? unsettled(from) : { _id: from._id, trade_state: command.eq(from.trade_state) };
  const wasChanged = async (count: Promise<number>) => (await count) === 1;

  return {
    async find(out_trade_no) {
      const document = await database.get(ORDERS, out_trade_no);
      return document === undefined ? undefined : readOrder(document);
    },

    add: (order) => database.add(ORDERS, storedOrder(order)),

    async newest(openid, limit) {
      const order = { orderBy: 'created_at', direction: 'desc', limit } as const;
      const documents = await database.find(ORDERS, { _openid: openid }, order);
      const orders = await Promise.all(documents.map(readOrReport));
      return orders.filter((order) => order !== undefined);
    },

    async due(at, { limit, from, until = at }) {
      const read = (filter: Fields, orderBy: string) => database.find(ORDERS, filter, { orderBy, limit });
      const { documents, next } = await dueDocuments({ read, command }, { at: until, limit, from });
      const orders = await Promise.all(documents.map((document) => readOrSetAside(document, at)));
      return { orders: orders.filter((order) => order !== undefined), next };
    },

    rememberPrepared: (from, change) =>
      wasChanged(
        database.update(
          ORDERS,
          { ...unsettled(from), prepaid_at: command.eq(null), cancelled_at: command.eq(null) },
          storedChange(change, command),
        ),
      ),

    claim: (from, change) =>
      wasChanged(
        database.update(
          ORDERS,
          {
            ...asRead(from),
            held: false,
            queried_at: command.eq(from.queried_at),
            next_query_at: command.eq(from.next_query_at),
          },
          storedChange(change, command),
        ),
      ),

    markCancelled: (from, change) => giveUp(from, null, change),
    markSuperseded: (from, change) => giveUp(from, from.cancelled_at, change),
  };

  function giveUp(
    from: Order,
    cancelled_at: Date | null,
    change: Parameters<Orders['markCancelled' | 'markSuperseded']>[1],
  ) {
    const open = { ...unsettled(from), held: false, cancelled_at: command.eq(cancelled_at) };
    return wasChanged(database.update(ORDERS, open, storedChange(change, command)));
  }

  /** What cannot be read is put an hour back, so that it does not stay at the head of the queue for ever. */
  async function readOrSetAside(document: unknown, at: Date): Promise<Order | undefined> {
    const order = await readOrReport(document);
    if (order) return order;
    const due = { _id: idOf(document), next_query_at: command.lte(at) };
    await database.update(ORDERS, due, { next_query_at: new Date(at.getTime() + SET_ASIDE_MS) });
    return undefined;
  }

  /** One document that somebody edited into nonsense must not stop the others: it raises an alarm. */
  async function readOrReport(document: unknown): Promise<Order | undefined> {
    try {
      return readOrder(document);
    } catch (error) {
      if (!(error instanceof CloudError) || error.code !== 'DOCUMENT_UNREADABLE') throw error;
      await alarms.raise(alarm('ORDER_UNREADABLE', idOf(document), error.message, now()));
      return undefined;
    }
  }
}

/** @throws CloudError DOCUMENT_UNREADABLE, naming the field */
export function readOrder(document: unknown): Order {
  const result = v.safeParse(StoredOrderSchema, document);
  if (result.success) return orderFrom(result.output);
  const [issue] = result.issues;
  const message = `The order ${idOf(document)} cannot be read: ${v.getDotPath(issue)} ${issue.message}`;
  throw new CloudError('DOCUMENT_UNREADABLE', message);
}

/** The _id of a document that cannot be read. */
export function idOf(document: unknown): string {
  return typeof document === 'object' && document !== null && '_id' in document
    ? String(document._id)
    : 'unknown';
}
