import type { ErrorCode } from '../contract.ts';
import type { Order } from './order.ts';
import { type TermFields, termKey } from './term.ts';

/** An expected no: the shopper receives the code of the reason, and nothing was changed. */
export interface Refusal<Code extends string = ErrorCode> {
  readonly kind: 'refusal';
  readonly errcode: Code;
  readonly errmsg: string;
  readonly total_fee?: number;
  readonly out_trade_no?: string;
  readonly refunded_fee?: number;
  readonly out_refund_no?: string;
}

export function refusal<Code extends string = ErrorCode>(
  errcode: Code,
  errmsg: string,
  more: { total_fee?: number; out_trade_no?: string; refunded_fee?: number; out_refund_no?: string } = {},
): Refusal<Code> {
  return { kind: 'refusal', errcode, errmsg, ...more };
}

export const unclear = refusal(
  'WECHATPAY_UNAVAILABLE',
  'WeChat Pay gave no clear answer. The same call can be made again.',
);

export const notFound = refusal('ORDER_NOT_FOUND', 'You have no order of this out_trade_no.');

export function notOnSale({ product_id, ...term }: Pick<Order, 'product_id'> & TermFields): Refusal {
  return refusal('PRODUCT_NOT_ON_SALE', `${product_id} is not on sale for ${termKey(term)}.`);
}

export function priceChanged(total_fee: number): Refusal {
  return refusal('PRICE_CHANGED', `The price is ${total_fee} fen now.`, { total_fee });
}

/** Why an order cannot be paid, nor another in its place: money came for it. Undefined where none did. */
export function paidOrHeld(order: Order): Refusal | undefined {
  if (order.trade_state === 'SUCCESS') return paid(order);
  if (!order.under_review) return undefined;
  const errmsg = 'A payment of this order is being looked into. Do not pay again.';
  return refusal('ORDER_HELD', errmsg, { out_trade_no: order._id });
}

export function paid(order: Order): Refusal {
  return refusal('ORDER_PAID', 'The order is paid already.', { out_trade_no: order._id });
}

export function closed(order: Order): Refusal {
  const errmsg = 'The order cannot be paid any more. Order again with a new request_id.';
  return refusal('ORDER_CLOSED', errmsg, { out_trade_no: order._id });
}
