import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { ChannelName, TradeState } from '../contract.ts';
import { RefundEntrySchema } from './refunds/entry.ts';
import { type TermFields, TermSchema, termOf } from './term.ts';

/** Every state an order can be in. WeChat's other words (REVOKED, ACCEPT) change nothing. */
export const TRADE_STATES = [
  'NOTPAY',
  'USERPAYING',
  'PAYERROR',
  'SUCCESS',
  'CLOSED',
  'REFUND',
] as const satisfies readonly TradeState[];

/** The states in which money may still come: WeChat is asked again until an order leaves them. */
export const UNSETTLED_STATES = ['NOTPAY', 'USERPAYING', 'PAYERROR'] as const satisfies readonly TradeState[];

/** The ways to pay. A product and an order that name none are paid through the first. */
export const CHANNELS = ['wechatpay', 'virtualpay'] as const satisfies readonly ChannelName[];

const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(0));
const orNull = <Schema extends v.GenericSchema>(schema: Schema) => v.nullable(schema);

/** What a channel stores with an order, by its own names. The rules carry it along and never look into it. */
export type ChannelFields = Readonly<Record<string, unknown>>;

const channelFields = v.record(v.string(), v.unknown());

/** An order. Amounts in fen, moments as Date; null is "not yet". */
export const OrderSchema = v.object({
  /** out_trade_no. */
  _id: v.string(),
  /** The shopper; named as the security rules need it. */
  _openid: v.string(),
  user_id: v.string(),
  request_id: v.string(),
  product_id: v.string(),
  months: wholeNumber,
  /** How it is paid. Missing where its product names no channel. */
  channel: v.exactOptional(v.picklist(CHANNELS)),
  /** What it gives once it is paid, as the product was when it was ordered; absent: its months of its product. */
  grants: v.exactOptional(v.array(v.object({ membership: v.string(), term: TermSchema }))),
  created_at: v.date(),

  /** What the order's channel keeps with it, under the channel's name. */
  by_channel: v.object({
    wechatpay: v.exactOptional(channelFields),
    virtualpay: v.exactOptional(channelFields),
  }),

  trade_state: v.picklist(TRADE_STATES),
  /** When it was last made payable; null before the payment side has taken it. */
  prepaid_at: orNull(v.date()),
  /** When the timer asks WeChat next; null when nothing is left to ask. */
  next_query_at: orNull(v.date()),
  /** When WeChat was last asked; whoever asks moves it first, so that two never ask at once. */
  queried_at: orNull(v.date()),
  query_count: wholeNumber,
  cancelled_at: orNull(v.date()),
  /** The order that this one took the place of, and the one that took the place of this. */
  supersedes: v.exactOptional(v.string()),
  superseded_by: v.exactOptional(v.string()),
  /**
   * Since when the shopper has what they paid for and WeChat has not been told so, where it wants to know. Null or absent:
   * it knows, or need not.
   */
  undelivered_since: v.exactOptional(orNull(v.date())),
  /** A payment came that is not this order's: only a human goes on from here. */
  under_review: v.boolean(),

  // Everything the payment side was asked with, so that asking again is asking the same.
  appid: v.string(),
  mch_id: v.string(),
  body: v.string(),
  total_fee: wholeNumber,
  /** The environment. Orders from before it was sent lack it, and go on without. */
  attach: v.exactOptional(v.string()),
  time_start: v.date(),
  time_expire: v.date(),

  // What WeChat said of the payment.
  transaction_id: orNull(v.string()),
  time_end: orNull(v.date()),
  bank_type: orNull(v.string()),
  cash_fee: orNull(wholeNumber),
  /** What coupons paid. Missing on an order of an earlier release. */
  coupon_fee: v.exactOptional(orNull(wholeNumber)),
  /** What the merchant is paid where it is less than total_fee. Missing on an order of an earlier release. */
  settlement_total_fee: v.exactOptional(orNull(wholeNumber)),
  /** Until when the membership lasts that this order paid for. */
  expires_at: orNull(v.date()),

  /** What was given back of it, and what is reserved for a refund under way, in fen. Absent: nothing. */
  refunded_fee: v.exactOptional(wholeNumber),
  refund_reserved_fee: v.exactOptional(wholeNumber),
  /** Its refunds, the oldest first, those that came to nothing too. */
  refunds: v.exactOptional(v.array(RefundEntrySchema)),
});

export type Order = v.InferOutput<typeof OrderSchema>;

/** What an order gives once it is paid: for how long of which memberships. */
export function grantsOf({
  grants,
  product_id,
  ...fields
}: Pick<Order, 'grants' | 'product_id'> & TermFields) {
  return grants ?? [{ membership: product_id, term: termOf(fields) }];
}

/** The channel of an order or a product: WeChat Pay where none is named. */
export function channelNameOf({ channel = 'wechatpay' }: { readonly channel?: ChannelName | undefined }) {
  return channel;
}

/** What an order keeps for its channel, with more or other fields. */
export function withFields(order: Pick<Order, 'channel' | 'by_channel'>, fields: ChannelFields) {
  const name = channelNameOf(order);
  return { ...order.by_channel, [name]: { ...order.by_channel[name], ...fields } };
}

export function isUnsettled(order: Pick<Order, 'trade_state'>): boolean {
  return UNSETTLED_STATES.some((state) => state === order.trade_state);
}

/** Whether the payment side is still to be told that a paid order was delivered; not of one that was given back whole. */
export function isUndelivered({
  trade_state,
  undelivered_since,
  refunded_fee = 0,
  total_fee,
}: Pick<Order, 'trade_state' | 'undelivered_since' | 'refunded_fee' | 'total_fee'>): boolean {
  const isPaid = trade_state === 'SUCCESS' || trade_state === 'REFUND';
  return isPaid && Boolean(undelivered_since) && refunded_fee < total_fee;
}

/** Derives text from parts so that no two lists of parts give the same: every part is preceded by its length. */
export function digestOf(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  return hash.digest('hex');
}

/**
 * The order's number, 32 hexadecimal characters: the same request gives the same number, so that a repeated call finds
 * the first one's order. It is not a secret; ownership guards an order.
 */
export function outTradeNo(request: {
  environment: string;
  appid: string;
  openid: string;
  request_id: string;
}) {
  return digestOf([request.environment, request.appid, request.openid, request.request_id]).slice(0, 32);
}

/** The registered shopper's number, derived as well: two first calls at once register the same user. */
export function userId(shopper: { environment: string; appid: string; openid: string }): string {
  return `u${digestOf([shopper.environment, shopper.appid, shopper.openid]).slice(0, 15)}`;
}
