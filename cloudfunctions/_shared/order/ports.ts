import type { Alarm } from './alarms.ts';
import type { Product } from './catalogue.ts';
import type { ChannelOf } from './channel.ts';
import type { Member, NewUser, User } from './membership.ts';
import type { Order } from './order.ts';
import type { AuditEntry } from './refunds/audit.ts';
import type { RefundEntry } from './refunds/entry.ts';
import type { Refund } from './refunds/refund.ts';

/** What the rules of this floor need from the runtime. The floor above fills it in. */
export interface Ports {
  readonly clock: { now(): Date };
  /** When this call must have answered; see deadline.ts. */
  readonly deadline: Date;
  readonly channelOf: ChannelOf;
  readonly products: Products;
  readonly users: Users;
  readonly orders: Orders;
  readonly refunds: Refunds;
  readonly ledger: Ledger;
  readonly alarms: Alarms;
  readonly logger: Logger;
}

/** Structured logging. ERROR is for what a human must look at, and nothing that an outsider can cause. */
export interface Logger {
  readonly info: Log;
  /** What needs no human: WeChat did not answer, a notice was forged. */
  readonly warn: Log;
  readonly error: Log;
}

/** One line a fact: `order.settled`, and the ids that belong to it. Never a key, a sign, a body or a whole openid. */
export type Log = (fact: string, fields: Readonly<Record<string, string | number | boolean | null>>) => void;

export interface Products {
  /** Undefined when there is none, or when its document cannot be read (which raises an alarm). */
  find(product_id: string): Promise<Product | undefined>;
}

export interface Users {
  isRegistered(openid: string): Promise<boolean>;
  /** Registers a shopper. Finding them registered already is fine. */
  add(user: NewUser): Promise<void>;
}

/** `from` is the order as it was read; a write below happens only if that part has not changed since. */
export interface Orders {
  find(out_trade_no: string): Promise<Order | undefined>;
  /** `exists` when an order of that number is there already; it is left as it is. */
  add(order: Order): Promise<'added' | 'exists'>;
  /** The shopper's newest orders, the latest first; without those that cannot be read (which raise an alarm). */
  newest(openid: string, limit: number): Promise<Order[]>;
  /** Orders whose next_query_at has come by `now`, or by `until` before it, the longest waiting first, at most `limit` of them. */
  due(now: Date, page: { limit: number; from?: DueFrom | undefined; until?: Date }): Promise<DuePage>;
  /** Notes that an unsettled, uncancelled order is payable now, and under what. False when it was so, or is over. */
  rememberPrepared(from: Order, change: Pick<Order, 'by_channel' | 'prepaid_at'>): Promise<boolean>;
  /** Takes an order to ask WeChat about it, or about a refund of it. False when another was quicker. */
  claim(
    from: Order,
    change: Pick<Order, 'queried_at' | 'next_query_at' | 'query_count' | 'undelivered_since'>,
  ): Promise<boolean>;
  /** Notes that the shopper gave up an unsettled order. False when it is settled or was cancelled already. */
  markCancelled(from: Order, change: Pick<Order, 'cancelled_at' | 'next_query_at'>): Promise<boolean>;
  /** Notes that another order took the place of an unsettled one. False when it is settled, or was cancelled since it was read. */
  markSuperseded(
    from: Order,
    change: Required<Pick<Order, 'superseded_by' | 'cancelled_at' | 'next_query_at'>>,
  ): Promise<boolean>;
}

export interface Refunds {
  find(out_refund_no: string): Promise<Refund | undefined>;
  /** Notes that WeChat is about to be asked for it. False when it was given up, or another was quicker. */
  markSent(from: Refund, change: Pick<Refund, 'sent_at'>): Promise<boolean>;
  /** Notes what WeChat said to it, as long as it is open. */
  note(from: Refund, change: Pick<Refund, 'refund_id' | 'err_code' | 'err_code_des'>): Promise<void>;
}

/** A part of the orders that are due. */
export interface DuePage {
  readonly orders: readonly Order[];
  /** Where the next page begins; undefined when there are no more. */
  readonly next: DueFrom | undefined;
}

/** A place among the orders that are due, in the order of (next_query_at, _id). */
export interface DueFrom {
  readonly next_query_at: Date;
  /** Of the orders due at that moment, those up to this one were read; none of them when it is absent. */
  readonly after_id?: string;
}

/** Where money is booked: orders and memberships, together or not at all. */
export interface Ledger {
  /**
   * Runs `work` in a transaction. It is run again, whole, when another was in the way or the outcome is unknown; so it
   * reads everything it decides on, and does nothing else than what `transaction` offers.
   */
  transaction<Result>(work: (transaction: LedgerTransaction) => Promise<Result>): Promise<Result>;
}

/** What a settlement may change of an order: never what was ordered. */
export type OrderChange = Partial<Omit<Order, '_id' | '_openid' | 'grants' | 'refunds'>>;

/** The same with the list of its refunds, which is only ever written as a whole, and within a transaction. */
export type LedgerChange = OrderChange & { readonly refunds?: RefundEntry[] };

/** One transaction's view. Its calls are made one after the other. */
export interface LedgerTransaction {
  order(out_trade_no: string): Promise<Order | undefined>;
  /** Which orders an order supersedes and is superseded by; undefined too when it cannot be read, which blocks no settlement. */
  link(
    out_trade_no: string,
  ): Promise<Pick<Order, 'trade_state' | 'supersedes' | 'superseded_by'> | undefined>;
  user(openid: string): Promise<User | undefined>;
  writeOrder(out_trade_no: string, change: LedgerChange): Promise<void>;
  addUser(user: NewUser): Promise<void>;
  writeMemberships(user: Member): Promise<void>;
  refund(out_refund_no: string): Promise<Refund | undefined>;
  /** Writes the whole refund, whether it is there or not. */
  writeRefund(refund: Refund): Promise<void>;
  raise(alarm: Alarm): Promise<void>;
  /** Writes down who did what, together with what was done. */
  audit(entry: AuditEntry): Promise<void>;
}

export interface Alarms {
  /** Logs the alarm as an ERROR and keeps it, unless the same one is there already. Never throws: the line in the log is enough. */
  raise(alarm: Alarm): Promise<void>;
}
