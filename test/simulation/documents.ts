import type { Document, Value } from '../../scripts/local/cloud/database/value.ts';

/** An order as it is in the database, as far as the invariants look at it. Moments in milliseconds; 0 is none. */
export interface StoredOrder {
  readonly out_trade_no: string;
  readonly openid: string;
  readonly request_id: string;
  readonly product_id: string;
  readonly months: number;
  readonly total_fee: number;
  readonly trade_state: string;
  readonly prepay_id: string;
  /** Who is paid through. */
  readonly channel: string;
  readonly held: boolean;
  readonly created_at: number;
  readonly time_expire: number;
  readonly cancelled_at: number;
  readonly next_query_at: number;
  readonly expires_at: number;
  /** The order whose place it took, and the one that took its own. */
  readonly supersedes: string;
  readonly superseded_by: string;
  /** Fen that were given back, and that are reserved for a refund under way. */
  readonly refunded_fee: number;
  readonly refund_reserved_fee: number;
  /** How many refunds it has, whatever became of them. */
  readonly refunds: number;
  /** A bill may list one that failed, and then it is asked about once more. */
  readonly hasRefund: boolean;
  readonly hasOpenRefund: boolean;
  /** Whether its delivery is still to be marked at WeChat. */
  readonly isUndelivered: boolean;
}

/** A document of `refunds`. */
export interface StoredRefund {
  readonly out_refund_no: string;
  readonly out_trade_no: string;
  readonly refund_fee: number;
  readonly state: string;
  /** Empty where it was made elsewhere. */
  readonly requested_by: string;
  /** WeChat's last no to it; empty where it said none. */
  readonly err_code: string;
}

/** A membership with what it came from. */
export interface StoredMembership {
  readonly expires_at: number;
  readonly grants: readonly Value[] | undefined;
}

/** Read here by itself, so that a mistake in the functions' own reader does not hide itself. */
export function storedOrder(document: Document): StoredOrder {
  return {
    out_trade_no: text(document._id),
    openid: text(document._openid),
    request_id: text(document.request_id),
    product_id: text(document.product_id),
    months: amount(document.months),
    total_fee: amount(document.total_fee),
    trade_state: text(document.trade_state),
    prepay_id: text(document.prepay_id),
    channel: text(document.channel) || 'wechatpay',
    held: document.held === true,
    created_at: moment(document.created_at),
    time_expire: moment(document.time_expire),
    cancelled_at: moment(document.cancelled_at),
    next_query_at: moment(document.next_query_at),
    expires_at: moment(document.expires_at),
    supersedes: text(document.supersedes),
    superseded_by: text(document.superseded_by),
    refunded_fee: amount(document.refunded_fee ?? 0),
    refund_reserved_fee: amount(document.refund_reserved_fee ?? 0),
    refunds: listOf(document.refunds).length,
    hasRefund: listOf(document.refunds).length > 0,
    hasOpenRefund: listOf(document.refunds).some(
      ({ state }) => state === 'PROCESSING' || state === 'ABNORMAL',
    ),
    isUndelivered: document.undelivered_since instanceof Date,
  };
}

export function storedRefund(document: Document): StoredRefund {
  return {
    out_refund_no: text(document._id),
    out_trade_no: text(document.out_trade_no),
    refund_fee: amount(document.refund_fee),
    state: text(document.state),
    requested_by: text(document.requested_by),
    err_code: text(document.err_code),
  };
}

/** The memberships of a user's document that have an end, with their grants. */
export function memberships(document: Document | undefined): ReadonlyMap<string, StoredMembership> {
  const held = Object.entries(Object(document?.memberships));
  return new Map(
    held.flatMap(([product_id, membership]) => {
      const { expires_at, grants }: { expires_at?: unknown; grants?: Value[] } = Object(membership);
      if (!(expires_at instanceof Date)) return [];
      return [[product_id, { expires_at: expires_at.getTime(), grants }] as const];
    }),
  );
}

function listOf(value: Value | undefined): readonly { readonly state?: unknown }[] {
  return Array.isArray(value) ? value.map((each) => Object(each)) : [];
}

/** Until when each membership of a user's document lasts; one that has no such moment is left out. */
export function membershipEnds(document: Document | undefined): ReadonlyMap<string, number> {
  const memberships = Object.entries(Object(document?.memberships));
  return new Map(
    memberships.flatMap(([product_id, held]) => {
      const expires_at: unknown = Object(held).expires_at;
      return expires_at instanceof Date ? [[product_id, expires_at.getTime()] as const] : [];
    }),
  );
}

/** Virtual payment closes nothing: an order of it is waited for so long after its time. */
export const LEFT_OPEN_MS = 7 * 24 * 3_600_000;

/** When an order that nobody pays is over. */
export function endOf({ channel, time_expire }: Pick<StoredOrder, 'channel' | 'time_expire'>): number {
  return channel === 'virtualpay' ? time_expire + LEFT_OPEN_MS : time_expire;
}

/** The price of each number of months on sale; none where the document could not be read, or is off sale. */
export function prices(document: Document): ReadonlyMap<number, number> {
  const { options, on_sale } = document;
  if (on_sale !== true || !Array.isArray(options)) return new Map();
  return new Map(options.map((option) => [Number(Object(option).months), Number(Object(option).total_fee)]));
}

export function isUnsettled({ trade_state }: Pick<StoredOrder, 'trade_state'>): boolean {
  return trade_state === 'NOTPAY' || trade_state === 'USERPAYING' || trade_state === 'PAYERROR';
}

function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

function amount(value: Value | undefined): number {
  return typeof value === 'number' ? value : Number.NaN;
}

function moment(value: Value | undefined): number {
  return value instanceof Date ? value.getTime() : 0;
}
