import * as v from 'valibot';
import { type Answer, type Asker, ask } from './client.ts';
import { type Env, envOfType } from './env.ts';
import { VirtualPayError } from './errors.ts';

/** What `order_type` says an order is: a payment or a refund, through WeChat Pay or through Apple. */
const ORDER_TYPES = { 0: 'payment', 1: 'refund', 7: 'apple-payment', 8: 'apple-refund' } as const;

/** What `status` says; a number that is not documented is `unknown`. */
const STATUSES = {
  0: 'initialised',
  1: 'created',
  2: 'paid',
  3: 'delivering',
  4: 'delivered',
  5: 'refunded',
  6: 'closed',
  7: 'refund-failed',
  8: 'refunded-to-user',
  9: 'recovered',
  10: 'split-returned',
} as const;

export type OrderType = (typeof ORDER_TYPES)[keyof typeof ORDER_TYPES] | 'unknown';
export type OrderStatus = (typeof STATUSES)[keyof typeof STATUSES] | 'unknown';

/** An order or a refund, as query_order answers. It names neither the shopper nor the item: those are what was asked with. */
export interface VirtualOrder {
  readonly kind: 'order';
  readonly order_id: string;
  readonly order_type: OrderType;
  readonly status: OrderStatus;
  /** The number, for the log. */
  readonly status_code: number;
  readonly env: Env | undefined;
  readonly order_fee: number | undefined;
  readonly paid_fee: number | undefined;
  readonly refund_fee: number | undefined;
  /** What can still be refunded; some answers lack it. */
  readonly left_fee: number | undefined;
  readonly paid_time: Date | undefined;
  /** When it was delivered; it says so, whatever became of the order since. */
  readonly provide_time: Date | undefined;
  readonly wx_order_id: string | undefined;
  /** WeChat Pay's number of the payment. */
  readonly wxpay_order_id: string | undefined;
  /** The merchant's number that the shopper sees on the bill. */
  readonly channel_order_id: string | undefined;
}

/** There is no such order: the cashier was never opened with its number, or it is another shopper's or another env's. */
export interface NoOrder {
  readonly kind: 'absent';
}

const fee = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0)));
const text = v.nullish(v.string());

const Order = v.object({
  order_id: v.string(),
  order_type: v.number(),
  status: v.number(),
  env_type: v.number(),
  order_fee: fee,
  paid_fee: fee,
  refund_fee: fee,
  left_fee: fee,
  paid_time: v.nullish(v.number()),
  provide_time: v.nullish(v.number()),
  wx_order_id: text,
  wxpay_order_id: text,
  channel_order_id: text,
});

/** How query_order says that there is no such order, beside an order of null. */
const NO_SUCH_ORDER = { errcode: 268490002, words: '数据不存在' } as const;

/**
 * Asks what became of an order (query_order), by our own number only: with WeChat's beside it there would be no order.
 * @param key.order_id an out_trade_no, or the refund_order_id of a refund
 * @throws VirtualPayError
 */
export async function queryOrder(
  asker: Asker,
  { openid, order_id }: { readonly openid: string; readonly order_id: string },
): Promise<VirtualOrder | NoOrder> {
  const fields = { openid, env: asker.env, order_id };
  const answer = await ask(asker, { path: '/xpay/query_order', fields, isAnswer: saysNoSuchOrder });
  if (answer.errcode !== 0 || answer.order === null) return { kind: 'absent' };
  const read = v.safeParse(Order, answer.order);
  if (!read.success) {
    const [issue] = read.issues;
    const message = `query_order's answer is not as documented: ${v.getDotPath(issue) ?? 'order'}.`;
    throw new VirtualPayError('ANSWER_REFUSED', message);
  }
  if (read.output.order_id !== order_id)
    throw new VirtualPayError('ANSWER_REFUSED', 'query_order answered about another order.');
  return orderOf(read.output);
}

/** By its words, or by an order of null beside whatever words: the same errcode says that a field is wrong. */
function saysNoSuchOrder({ errcode, errmsg, order }: Answer): boolean {
  return errcode === NO_SUCH_ORDER.errcode && (errmsg.includes(NO_SUCH_ORDER.words) || order === null);
}

function orderOf(order: v.InferOutput<typeof Order>): VirtualOrder {
  return {
    kind: 'order',
    order_id: order.order_id,
    order_type: named(ORDER_TYPES, order.order_type),
    status: named(STATUSES, order.status),
    status_code: order.status,
    env: envOfType(order.env_type),
    order_fee: order.order_fee ?? undefined,
    paid_fee: order.paid_fee ?? undefined,
    refund_fee: order.refund_fee ?? undefined,
    left_fee: order.left_fee ?? undefined,
    paid_time: momentOf(order.paid_time),
    provide_time: momentOf(order.provide_time),
    wx_order_id: order.wx_order_id || undefined,
    wxpay_order_id: order.wxpay_order_id || undefined,
    channel_order_id: order.channel_order_id || undefined,
  };
}

function momentOf(seconds: number | null | undefined): Date | undefined {
  return seconds ? new Date(seconds * 1000) : undefined;
}

function named<Name extends string>(names: Readonly<Record<number, Name>>, code: number): Name | 'unknown' {
  return names[code] ?? 'unknown';
}
