import * as v from 'valibot';
import { CHANNELS } from '../../../order/order.ts';
import type { Database, Fields } from '../database.ts';
import { ALARMS } from './alarms.ts';
import { BILLS } from './bills.ts';
import { type Listed, newestFirst, type Place } from './newest-first.ts';
import { AUDIT, OPERATORS } from './operators.ts';
import { ORDERS } from './orders.ts';
import { REFUNDS } from './refunds.ts';
import { USERS } from './users.ts';

/** A document as it is stored: administrators look at what is there, readable or not. */
type Stored = unknown;

/** How much of a list, and from where on; without a place the newest. */
export interface Page {
  readonly limit: number;
  readonly from?: Place | undefined;
}

/** A place among the alarms. `done`: among those that were dealt with, which come after the open ones. */
export interface AlarmsPlace extends Place {
  readonly done?: boolean | undefined;
}

/** What operators and administrators see. Documents are handed over as they are, since what cannot be read is what they look for. */
export interface Overview {
  /** Newest first. */
  orders(page: Page & { readonly openid?: string | undefined }): Promise<Listed>;
  /** The orders whose own number, or whose payment's at WeChat, this is. */
  ordersOfNumber(number: string): Promise<readonly Stored[]>;
  /** An order with all that happened to it, and its shopper's memberships; `order` is null where there is none. */
  order(out_trade_no: string): Promise<{
    readonly order: Stored;
    readonly user: Stored;
    readonly refunds: readonly Stored[];
    readonly alarms: readonly Stored[];
    readonly audit: readonly Stored[];
  }>;
  refunds(page: Page): Promise<Listed>;
  /** The open ones, newest first, then those that were dealt with, the latest of them first. */
  alarms(page: {
    readonly limit: number;
    readonly from?: AlarmsPlace | undefined;
  }): Promise<Listed & { readonly next: AlarmsPlace | undefined }>;
  /** How many alarms nobody has dealt with, counted up to `max`. */
  openAlarms(max: number): Promise<number>;
  operators(page: Page): Promise<Listed>;
  /** Days of bills, the newest first; `before` one of them, yyyymmdd. */
  bills(page: { readonly limit: number; readonly before?: string | undefined }): Promise<readonly Stored[]>;
  /** One day, of every way to pay. */
  billsOf(bill_date: string): Promise<readonly Stored[]>;
  /** The operators of these openids, by openid. */
  namesOf(openids: readonly string[]): Promise<Readonly<Record<string, string>>>;
}

/** As many refunds, alarms and acts of one order as are shown. */
const OF_ONE_ORDER_MAX = 100;
/** The platform gives no more documents at once. */
const NAMES_MAX = 100;

const Named = v.object({ _id: v.string(), name: v.string() });
const Id = v.object({ _id: v.string() });

export function overviewIn(database: Database): Overview {
  const { command } = database;
  const all = (collection: string, page: Page, filter: Fields = {}) =>
    newestFirst(database, { collection, filter, by: 'created_at' }, page);
  const newest = (collection: string, filter: Fields) =>
    database.find(collection, filter, { orderBy: 'created_at', direction: 'desc', limit: OF_ONE_ORDER_MAX });
  // Fits what lacks the field as well: an alarm that nobody has dealt with.
  const open = { done_at: command.eq(null) };

  return {
    orders: ({ openid, ...page }) => all(ORDERS, page, openid === undefined ? {} : { _openid: openid }),

    async ordersOfNumber(number) {
      const [order, ofPayment] = await Promise.all([
        database.get(ORDERS, number),
        newest(ORDERS, { transaction_id: number }),
      ]);
      return order === undefined ? ofPayment : [order, ...ofPayment];
    },

    async order(out_trade_no) {
      const order = await database.get(ORDERS, out_trade_no);
      if (order === undefined) return { order: null, user: null, refunds: [], alarms: [], audit: [] };
      const openid =
        typeof order === 'object' && order !== null && '_openid' in order ? order._openid : undefined;
      const [user, refunds, alarms] = await Promise.all([
        typeof openid === 'string' ? database.get(USERS, openid) : null,
        newest(REFUNDS, { out_trade_no }),
        newest(ALARMS, { subject: out_trade_no }),
      ]);
      const subject = command.in([out_trade_no, ...idsOf(refunds), ...idsOf(alarms)]);
      return { order, user: user ?? null, refunds, alarms, audit: await newest(AUDIT, { subject }) };
    },

    refunds: (page) => all(REFUNDS, page),
    openAlarms: async (max) =>
      (await database.find(ALARMS, open, { orderBy: 'created_at', direction: 'desc', limit: max })).length,
    operators: (page) => all(OPERATORS, page),

    bills: ({ limit, before = '99999999' }) =>
      database.find(
        BILLS,
        { bill_date: command.lt(before) },
        { orderBy: 'bill_date', direction: 'desc', limit },
      ),
    billsOf: (bill_date) => database.find(BILLS, { bill_date }, { orderBy: '_id', limit: CHANNELS.length }),

    async alarms({ limit, from }) {
      const page = { limit, from: from && { at: from.at, after_id: from.after_id } };
      const done = (place: Page) =>
        newestFirst(database, { collection: ALARMS, filter: {}, by: 'done_at' }, place);
      const inDone = ({ documents, next }: Listed) => ({ documents, next: next && { ...next, done: true } });
      if (from?.done) return inDone(await done(page));
      const opened = await all(ALARMS, page, open);
      if (opened.next) return opened;
      const { documents, next } = inDone(await done({ limit }));
      return { documents: [...opened.documents, ...documents], next };
    },

    async namesOf(openids) {
      const wanted = [...new Set(openids)].slice(0, NAMES_MAX);
      if (wanted.length === 0) return {};
      const page = { orderBy: '_id', limit: NAMES_MAX };
      const found = await database.find(OPERATORS, { _id: command.in(wanted) }, page);
      return Object.fromEntries(
        found.flatMap((operator) => (v.is(Named, operator) ? [[operator._id, operator.name]] : [])),
      );
    },
  };
}

function idsOf(documents: readonly Stored[]): string[] {
  return documents.flatMap((document) => (v.is(Id, document) ? [document._id] : []));
}
