import type { Party } from '../trace.ts';

/** What crosses between the console's server and its page. Moments are ISO 8601 text. */

/** An event of the trace, as the page gets it: secrets masked. */
export interface ConsoleEvent {
  readonly seq: number;
  readonly at: string;
  readonly from: Party;
  readonly to: Party;
  readonly kind: 'call' | 'reply' | 'lost' | 'change';
  readonly label: string;
  readonly id?: string;
  readonly invocation?: string;
  readonly payload?: unknown;
  /** How far the world's clock was ahead of the machine then, in milliseconds: it grows when somebody moves the clock. */
  readonly offset: number;
}

/** Everything but the events, as it is now. */
export interface ConsoleState {
  /** The local world's time. */
  readonly now: string;
  /** How far that is ahead of this machine, in milliseconds. */
  readonly offset: number;
  readonly simulatorUrl: string | null;
  readonly shoppers: readonly Shopper[];
  /** Newest first, at most ORDERS_MAX. */
  readonly orders: readonly OrderHereAndThere[];
  readonly collections: readonly { readonly name: string; readonly count: number }[];
  /** What a product is called, by its `_id`. */
  readonly productNames: Readonly<Record<string, string>>;
  /** The functions that have a timer. */
  readonly timers: readonly string[];
  readonly switches: Readonly<Record<SwitchName, SwitchState>>;
  /** Whether something is sold through virtual payment here: else its switches are not shown. */
  readonly isVirtual: boolean;
  /** What will happen if nobody intervenes, soonest first. */
  readonly planned: readonly Planned[];
}

export interface Shopper {
  readonly openid: string;
  readonly name: string;
}

/** One order twice: as the database has it and as WeChat Pay has it. */
export interface OrderHereAndThere {
  readonly out_trade_no: string;
  readonly body: string;
  /** trade_state in the database; null when there is no such document. */
  readonly here: string | null;
  /** trade_state at WeChat Pay, or the status at virtual payment; null when WeChat does not know this order. */
  readonly there: string | null;
  readonly next_query_at: string | null;
  readonly cancelled: boolean;
  /** Only a human goes on with it. */
  readonly under_review: boolean;
  /** What was given back, in fen; left out where nothing was. */
  readonly refunds?: RefundsHereAndThere;
}

export interface RefundsHereAndThere {
  readonly here: number;
  /** Reserved here for one that is under way. */
  readonly reserved: number;
  readonly there: number;
  /** What WeChat Pay could still give back. */
  readonly left: number;
}

/** `payment` are faults of WeChat Pay and of what both channels have, `virtual` those of virtual payment. */
export const SWITCH_NAMES = {
  payment: ['lose', 'repeat', 'delay', 'break', 'fail'],
  virtual: [
    'lose-event',
    'repeat-event',
    'forge-event',
    'slow-query',
    'hide-payment',
    'lose-success',
    'unpublish',
    'replace-key',
    'kill-token',
  ],
} as const;

export type SwitchName = (typeof SWITCH_NAMES)[keyof typeof SWITCH_NAMES][number];

export interface SwitchState {
  readonly isArmed: boolean;
  /** How often it happened since the world started. */
  readonly used: number;
}

export type Planned =
  | { readonly kind: 'notice'; readonly at: string; readonly out_trade_no: string; readonly turn: number }
  | { readonly kind: 'event'; readonly at: string; readonly out_trade_no: string; readonly turn: number }
  | { readonly kind: 'timer'; readonly at: string; readonly functionName: string };

/** The newest documents of a collection, each as JSON shows it. */
export interface CollectionDocuments {
  readonly name: string;
  readonly count: number;
  readonly documents: readonly Readonly<Record<string, unknown>>[];
}

/** What a button's call answers. */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly message: string };
