import type { Database, Fields } from '../database.ts';
import { ALARMS } from './alarms.ts';
import { OPERATORS } from './operators.ts';
import { ORDERS } from './orders.ts';
import { REFUNDS } from './refunds.ts';
import { USERS } from './users.ts';

/** A document as it is stored: administrators look at what is there, readable or not. */
type Stored = unknown;

/** How much of a list: the newest so many. */
export interface Page {
  readonly limit: number;
}

/** What administrators see. Documents are handed over as they are, since what cannot be read is what they look for. */
export interface Overview {
  orders(page: Page & { readonly openid?: string }): Promise<readonly Stored[]>;
  /** An order with its refunds and its alarms, and its shopper's memberships; `order` is null where there is none. */
  order(out_trade_no: string): Promise<{
    readonly order: Stored;
    readonly user: Stored;
    readonly refunds: readonly Stored[];
    readonly alarms: readonly Stored[];
  }>;
  refunds(page: Page): Promise<readonly Stored[]>;
  alarms(page: Page): Promise<readonly Stored[]>;
  operators(page: Page): Promise<readonly Stored[]>;
}

/** As many refunds and alarms of one order as are shown. */
const OF_ONE_ORDER_MAX = 100;

export function overviewIn(database: Database): Overview {
  const { command } = database;
  const newest = (collection: string, filter: Fields, limit: number) =>
    database.find(collection, filter, { orderBy: 'created_at', direction: 'desc', limit });
  const always = { created_at: command.gt(new Date(0)) };

  return {
    orders: ({ openid, limit }) => newest(ORDERS, openid === undefined ? always : { _openid: openid }, limit),

    async order(out_trade_no) {
      const order = await database.get(ORDERS, out_trade_no);
      if (order === undefined) return { order: null, user: null, refunds: [], alarms: [] };
      const openid =
        typeof order === 'object' && order !== null && '_openid' in order ? order._openid : undefined;
      const [user, refunds, alarms] = await Promise.all([
        typeof openid === 'string' ? database.get(USERS, openid) : null,
        newest(REFUNDS, { out_trade_no }, OF_ONE_ORDER_MAX),
        newest(ALARMS, { subject: out_trade_no }, OF_ONE_ORDER_MAX),
      ]);
      return { order, user: user ?? null, refunds, alarms };
    },

    refunds: ({ limit }) => newest(REFUNDS, always, limit),
    alarms: ({ limit }) => newest(ALARMS, always, limit),
    operators: ({ limit }) => newest(OPERATORS, always, limit),
  };
}
