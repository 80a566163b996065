import * as v from 'valibot';
import { alarm } from '../../../order/alarms.ts';
import type { BilledOrder, BilledOrders } from '../../../order/bills/ports.ts';
import type { Order } from '../../../order/order.ts';
import type { Alarms } from '../../../order/ports.ts';
import { CloudError } from '../../errors.ts';
import type { Database, Fields } from '../database.ts';
import { documentsByMoment } from './moments.ts';
import { idOf, ORDERS, readOrder } from './orders.ts';
import { StoredOrderSchema } from './stored-order.ts';

const BilledOrderSchema = v.pick(StoredOrderSchema, [
  '_id',
  'appid',
  'mch_id',
  'trade_state',
  'total_fee',
  'transaction_id',
  'time_end',
  'refunds',
]);

/** What is read of an order: a day may have hundreds of thousands. */
const FIELDS = Object.keys(BilledOrderSchema.entries);

const FirstAndNewest = v.object({ created_at: v.date(), appid: v.string() });

/** Orders in the cloud database, as bills are compared with them. */
export function billedIn(
  database: Database,
  { alarms, now }: { readonly alarms: Alarms; readonly now: () => Date },
): BilledOrders {
  const { command } = database;
  return {
    async among(out_trade_nos) {
      const orders = await readEach(await documentsOf(out_trade_nos, FIELDS), readBilled);
      return new Map(orders.map((order) => [order._id, order]));
    },

    async whole(out_trade_nos) {
      return readEach(await documentsOf(out_trade_nos), readOrder);
    },

    async paid({ from, before, limit }) {
      const { time_end: moment, ...rest } = from;
      const { documents, next } = await documentsByMoment({
        ...{ command, limit, field: 'time_end', from: { moment, ...rest }, until: command.lt(before) },
        read: (filter: Fields, orderBy) => database.find(ORDERS, filter, { orderBy, limit, fields: FIELDS }),
      });
      const orders = await readEach(documents, readBilled);
      return { orders, next: next ? placeOf(next) : null };
    },

    async span() {
      const always = { created_at: command.gt(new Date(0)) };
      const end = async (direction: 'asc' | 'desc') => {
        const how = { orderBy: 'created_at', direction, limit: 1, fields: ['created_at', 'appid'] } as const;
        const [document] = await database.find(ORDERS, always, how);
        return v.is(FirstAndNewest, document) ? document : undefined;
      };
      const [first, newest] = await Promise.all([end('asc'), end('desc')]);
      return first && newest && { first: first.created_at, appid: newest.appid };
    },
  };

  function documentsOf(out_trade_nos: readonly string[], fields?: readonly string[]): Promise<unknown[]> {
    const how = { orderBy: '_id', limit: out_trade_nos.length, ...(fields && { fields }) };
    return database.find(ORDERS, { _id: command.in(out_trade_nos) }, how);
  }

  async function readEach<Read extends BilledOrder | Order>(
    documents: readonly unknown[],
    readOne: (document: unknown) => Read,
  ): Promise<Read[]> {
    const read: Read[] = [];
    for (const document of documents) {
      try {
        read.push(readOne(document));
      } catch (error) {
        if (!(error instanceof CloudError) || error.code !== 'DOCUMENT_UNREADABLE') throw error;
        await alarms.raise(alarm('ORDER_UNREADABLE', idOf(document), error.message, now()));
      }
    }
    return read;
  }
}

function placeOf({ moment, ...rest }: { readonly moment: Date; readonly after_id?: string }) {
  return { time_end: moment, ...rest };
}

/** @throws CloudError DOCUMENT_UNREADABLE, naming the field */
function readBilled(document: unknown): BilledOrder {
  const result = v.safeParse(BilledOrderSchema, document);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const message = `The order ${idOf(document)} cannot be read: ${v.getDotPath(issue)} ${issue.message}`;
  throw new CloudError('DOCUMENT_UNREADABLE', message);
}
