import type { ChannelName } from '../../contract.ts';
import type { Order } from '../order.ts';
import type { Ports } from '../ports.ts';
import type { Refund } from '../refunds/refund.ts';
import type { BillCursor, BillDay } from './day.ts';

/** What comparing bills needs beside the other ports. */
export interface BillPorts extends Ports {
  readonly bills: Bills;
  readonly billed: BilledOrders;
  readonly billedRefunds: BilledRefunds;
  /** The environment, as it is sent with every order. Undefined where the call does not say it. */
  readonly environment: string | undefined;
}

/** A refund that ended on some day, as far as bills are compared with it. */
export type EndedRefund = Pick<
  Refund,
  '_id' | 'out_trade_no' | 'channel' | 'refund_fee' | 'state' | 'requested_by' | 'created_at' | 'billed_on'
>;

/** A place among the refunds that ended, in the order of (ended_at, _id). */
export interface EndedFrom {
  readonly moment: Date;
  readonly after_id?: string;
}

/** Refunds as bills are compared with them. */
export interface BilledRefunds {
  /** Notes that the bill of a day has these, as many of them as there are. */
  note(out_refund_nos: readonly string[], bill_date: string): Promise<void>;
  /** Refunds that ended from one moment to before another, and where the next ones begin. */
  ended(page: {
    readonly from: EndedFrom;
    readonly before: Date;
    readonly limit: number;
  }): Promise<{ readonly refunds: readonly EndedRefund[]; readonly next: EndedFrom | undefined }>;
}

export interface Bills {
  /** The days among these that were begun, in one read. */
  among(channel: ChannelName, bill_dates: readonly string[]): Promise<readonly BillDay[]>;
  /** False when another run has begun it. */
  add(day: BillDay): Promise<boolean>;
  /** Writes what became of a day, if it is still as it was read. */
  save(from: Pick<BillDay, '_id' | 'revision'>, change: BillDayChange): Promise<boolean>;
}

export type BillDayChange = Omit<BillDay, '_id' | 'channel' | 'bill_date' | 'revision' | 'created_at'>;

/** The part of an order that a bill is compared with. */
export type BilledOrder = Pick<
  Order,
  '_id' | 'appid' | 'mch_id' | 'trade_state' | 'total_fee' | 'transaction_id' | 'time_end' | 'refunds'
>;

/** Orders as bills are compared with them. One that cannot be read raises an alarm and is left out. */
export interface BilledOrders {
  /** As many of these orders as there are. */
  among(out_trade_nos: readonly string[]): Promise<ReadonlyMap<string, BilledOrder>>;
  /** The same, whole. */
  whole(out_trade_nos: readonly string[]): Promise<readonly Order[]>;
  /** Orders that were paid from one moment to before another, by (time_end, _id), and where the next ones begin. */
  paid(page: {
    readonly from: NonNullable<BillCursor['paid_from']>;
    readonly before: Date;
    readonly limit: number;
  }): Promise<{ readonly orders: readonly BilledOrder[]; readonly next: BillCursor['paid_from'] }>;
  /** When the first order was made, and in which app the newest. Undefined when there is none. */
  span(): Promise<{ readonly first: Date; readonly appid: string } | undefined>;
}
