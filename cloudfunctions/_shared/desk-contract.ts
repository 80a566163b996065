import type { ChannelName, OperatorRefundView, OrderView } from './contract.ts';

/**
 * What crosses between the desk (the operators' pages) and `serveDesk`: types only. Amounts are whole fen, moments ISO 8601.
 */

/** What an operator's phone asks for. */
export type DeskRequest =
  | { act: 'me' }
  /** The newest orders; with `search` those of a number, a transaction number or a shopper's openid. */
  | { act: 'orders'; search?: string; from?: DeskPlace }
  | { act: 'order'; out_trade_no: string }
  /** The open ones first. */
  | { act: 'alarms'; from?: DeskPlace }
  /** Says that an alarm was dealt with, or takes that back. */
  | { act: 'alarm.done'; alarm_id: string; done: boolean }
  /** The latest days of bills; with `before`, a bill_date, those before it. */
  | { act: 'bills'; before?: string };

/** Where the next page of a list begins; made by serveDesk, and sent back as it came. */
export interface DeskPlace {
  at: string;
  after_id?: string;
  done?: boolean;
}

/** `me`: who asks is an operator. */
export interface DeskMe {
  name: string;
  /** How many alarms nobody has dealt with, counted up to `open_alarms_max`. */
  open_alarms: number;
  open_alarms_max: number;
  now: string;
}

/** An order in the list. */
export interface DeskOrder extends OrderView {
  openid: string;
}

/** A document that somebody edited into something that cannot be read: it is named, so that it is not overlooked. */
export interface Unreadable {
  unreadable: string;
}

export interface DeskOrders {
  orders: readonly (DeskOrder | Unreadable)[];
  next?: DeskPlace;
  now: string;
}

/** `order`: all that happened to one. */
export interface DeskHistory {
  order: DeskOrderInFull | Unreadable;
  /** The newest first, as all lists here. */
  refunds: readonly (DeskRefund | Unreadable)[];
  alarms: readonly DeskAlarm[];
  /** What operators and administrators did. */
  audit: readonly DeskAct[];
  /** What it gave, as it stands in the shopper's memberships. */
  grants: readonly DeskGrant[];
  /** The names of those of whom the rest says the openid. */
  names: Readonly<Record<string, string>>;
  now: string;
}

export interface DeskOrderInFull extends DeskOrder {
  /** When WeChat is asked about it next; null when nothing is left to ask. */
  next_query_at: string | null;
  queried_at: string | null;
  query_count: number;
  supersedes: string | null;
  superseded_by: string | null;
  /** What it gives once it is paid, each with about how many days, for a share of them. */
  gives: readonly { membership: string; days: number }[];
}

export interface DeskRefund extends OperatorRefundView {
  /** When it succeeded or came to nothing. */
  ended_at: string | null;
}

export interface DeskGrant {
  membership: string;
  granted_at: string;
  /** When a refund of the order was booked; with `taken_days` it took so many, without them all that was not used. */
  cut_at: string | null;
  taken_days: number | null;
  /** Until when the whole membership lasts now. */
  expires_at: string;
}

export interface DeskAlarm {
  alarm_id: string;
  code: string;
  /** What happened, and what to do about it, in Chinese. */
  title: string;
  advice: string;
  /** What it is about: an out_trade_no, a product_id, or WeChat's err_code. */
  subject: string;
  message: string;
  created_at: string | null;
  done_at: string | null;
  done_by: string | null;
}

export interface DeskAct {
  act: string;
  by: string;
  subject: string;
  details: string;
  created_at: string;
}

export interface DeskAlarms {
  alarms: readonly DeskAlarm[];
  next?: DeskPlace;
  names: Readonly<Record<string, string>>;
  now: string;
}

export interface DeskAlarmAnswer {
  alarm: DeskAlarm;
  names: Readonly<Record<string, string>>;
  now: string;
}

export interface DeskBills {
  bills: readonly (DeskBill | Unreadable)[];
  /** Where older days begin; sent back as `before`. */
  next?: string;
  now: string;
}

/** One day of one channel. */
export interface DeskBill {
  channel: ChannelName;
  /** yyyymmdd in China's time. */
  bill_date: string;
  /** OPEN: not compared to its end. */
  state: 'OPEN' | 'DONE';
  payments: DeskSum;
  refunds: DeskSum;
  /** What WeChat keeps of it. */
  fees: number;
  /** Where the books did not agree: booked from the bill, or told to a human; and lines that are not this shop's. */
  differences: { repaired: number; alarmed: number; others: number };
  /** The first of the differences, one by one. */
  details: readonly { kind: 'repaired' | 'alarmed'; out_trade_no: string; fee: number }[];
}

export interface DeskSum {
  count: number;
  fee: number;
}
