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
  /** The order that it is about, where what was sent does not name it. */
  readonly about?: string;
  /** Whose phone it came from or went to. */
  readonly openid?: string;
  readonly payload?: unknown;
  /** How far the world's clock was ahead of the machine then, in milliseconds: it grows when somebody moves the clock. */
  readonly offset: number;
}

/** A way to pay. */
export type Channel = 'wechatpay' | 'virtualpay';

/** Where the servers of the world listen that programs call, by what they stand for: its ports need not be in a row. */
export interface WorldAddresses {
  /** What wx-server-sdk asks. */
  readonly cloud: string;
  readonly http: string;
  readonly wechatpay: string;
  readonly weixin: string;
}

/** Everything but the events, as it is now. */
export interface ConsoleState {
  /** The local world's time. */
  readonly now: string;
  /** How far that is ahead of this machine, in milliseconds. */
  readonly offset: number;
  readonly simulatorUrl: string | null;
  /** The page that the phone opens first; null for the mini-program's own first page. */
  readonly phonePath: string | null;
  readonly shoppers: readonly Shopper[];
  /** Newest first, at most as many as a table shows: those that fit what was asked for. */
  readonly orders: readonly OrderHereAndThere[];
  /** How many there are in all. */
  readonly orderCount: number;
  readonly collections: readonly { readonly name: string; readonly count: number }[];
  /** What a product is called, by its `_id`. */
  readonly productNames: Readonly<Record<string, string>>;
  /** The functions that have a timer. */
  readonly timers: readonly string[];
  /** By their names. */
  readonly switches: Readonly<Record<string, SwitchState>>;
  /** The ways to pay that something is sold through: only their own switches are shown. */
  readonly channels: readonly Channel[];
  /** What will happen if nobody intervenes, soonest first. */
  readonly planned: readonly Planned[];
}

export interface Shopper {
  readonly openid: string;
  readonly name: string;
}

/** One order twice: as the database has it and as WeChat has it. */
export interface OrderHereAndThere {
  readonly out_trade_no: string;
  readonly channel: Channel;
  readonly body: string;
  readonly openid: string | null;
  readonly transaction_id: string | null;
  /** Fen. */
  readonly total_fee: number | null;
  readonly created_at: string | null;
  readonly time_expire: string | null;
  /** Until when the membership lasts that it gave. */
  readonly expires_at: string | null;
  /** trade_state in the database; null when there is no such document. */
  readonly here: string | null;
  /** trade_state at WeChat Pay, or the status at virtual payment; null when WeChat does not know this order. */
  readonly there: string | null;
  readonly next_query_at: string | null;
  readonly cancelled: boolean;
  /** Only a human goes on with it. */
  readonly under_review: boolean;
  /** What WeChat said of the payment, or tried to; null while it is not paid. */
  readonly notices: Notices | null;
  /** What was given back, in fen; left out where nothing was. */
  readonly refunds?: RefundsHereAndThere;
}

/** Notices of WeChat Pay, or events of virtual payment. */
export interface Notices {
  readonly sent: number;
  /** What came of the last one, in the words of that side's README, with the reason where there is one. */
  readonly last: string | null;
  readonly next_at: string | null;
}

export interface RefundsHereAndThere {
  readonly here: number;
  /** Reserved here for one that is under way. */
  readonly reserved: number;
  readonly there: number;
  /** What WeChat Pay could still give back. */
  readonly left: number;
}

/** Faults of one way to pay, and those of whatever way. */
export const SWITCH_NAMES = {
  wechatpay: ['lose', 'repeat', 'delay', 'break', 'fail'],
  virtualpay: [
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
  anyway: ['down', 'slow', 'system-error', 'conflict', 'kill', 'offline'],
} as const;

export type SwitchName = (typeof SWITCH_NAMES)[keyof typeof SWITCH_NAMES][number];

export const ALL_SWITCHES: readonly SwitchName[] = Object.values(SWITCH_NAMES).flat();

/** How long a fault lasts: so often, for so many minutes of the world's time, or until it is taken back. */
export type Lasting = { readonly times: number } | { readonly minutes: number } | 'until taken back';

export interface SwitchState {
  readonly isArmed: boolean;
  /** How often it happened since the world started, as far as that is counted: a fault that lasts is not. */
  readonly used: number;
  /** How often it will still happen; null where that is not limited. */
  readonly left: number | null;
  /** When it is taken back by itself. */
  readonly until: string | null;
}

export type Planned =
  | { readonly kind: 'notice'; readonly at: string; readonly out_trade_no: string; readonly turn: number }
  | { readonly kind: 'event'; readonly at: string; readonly out_trade_no: string; readonly turn: number }
  | { readonly kind: 'timer'; readonly at: string; readonly functionName: string };

/** The newest documents of a collection that fit a filter, each as JSON shows it. */
export interface CollectionDocuments {
  readonly name: string;
  /** How many fit. */
  readonly count: number;
  readonly documents: readonly Readonly<Record<string, unknown>>[];
}

/** What somebody saved of a world, to be shown without it. */
export interface Recording {
  readonly state: ConsoleState;
  /** Oldest first, as in the trace. */
  readonly events: readonly ConsoleEvent[];
  readonly documents: readonly CollectionDocuments[];
  /** Newest first. */
  readonly logs: readonly LogLine[];
  /** The order that whoever saved it looked at alone. */
  readonly order: string | null;
}

/** A line that a function wrote. */
export interface LogLine {
  readonly at: string;
  readonly functionName: string;
  readonly invocation: string | null;
  readonly isError: boolean;
  readonly line: string;
}

/** Why something was not done; the page has a sentence for each in both languages. */
export type RefusalCode =
  | 'MALFORMED'
  | 'NO_SUCH_ORDER'
  | 'NOT_PAID'
  | 'NOTHING_LEFT'
  | 'OF_A_SCRIPT'
  | 'NO_UNPAID_ORDER'
  | 'TIMER_FAILED'
  | 'NO_PHONE'
  | 'NO_SUCH_COLLECTION'
  | 'NO_SUCH_DOCUMENT'
  | 'DOCUMENT_REFUSED'
  | 'FILTER_REFUSED'
  | 'DOCUMENT_MASKED'
  | 'NO_ANSWER';

/** What a button's call answers; `message` is for scripts, and where the code does not say all. */
export type Outcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: RefusalCode; readonly message: string };
