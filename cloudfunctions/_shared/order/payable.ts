import { type Product, priceOf } from './catalogue.ts';
import type { OrderRequest, Terms } from './draft.ts';
import { isUnsettled, type Order } from './order.ts';
import { closed, notOnSale, paid, paidOrHeld, priceChanged, type Refusal, refusal } from './refusal.ts';
import { SENDABLE_LEFT_MS } from './schedule.ts';

/** What was asked for, on whose terms, and what the catalogue says of it now. */
export interface Asked {
  readonly request: OrderRequest;
  readonly terms: Terms;
  readonly product: Product | undefined;
}

/** An order that can be paid under its prepay_id. */
export interface Payable {
  readonly kind: 'payable';
  readonly order: Order;
  readonly prepay_id: string;
}

/** What an order that exists means for this request; `unsent` when WeChat has not given it a prepay_id yet. */
export function payableOf(order: Order, asked: Asked, now: Date): Payable | Refusal | 'unsent' {
  const { request, terms } = asked;
  if (order.product_id !== request.product_id || order.months !== request.months) {
    const errmsg = `This request_id ordered ${order.product_id} for ${order.months} months. Make a new one for a new choice.`;
    return refusal('REQUEST_ID_REUSED', errmsg);
  }
  const refused = order.trade_state === 'REFUND' ? paid(order) : paidOrHeld(order);
  if (refused) return refused;
  const isOver = !isUnsettled(order) || order.cancelled_at !== null || now >= order.time_expire;
  // An order of the merchant we were before cannot be signed for under the one we are.
  if (isOver || order.mch_id !== terms.mch_id) return closed(order);
  if (order.total_fee !== request.expected_total_fee) return atAnotherPrice(order, asked);
  if (order.prepay_id) return { kind: 'payable', order, prepay_id: order.prepay_id };
  return order.time_expire.getTime() - now.getTime() < SENDABLE_LEFT_MS ? closed(order) : 'unsent';
}

/** The shopper saw another price than the order's. If it is today's, they want a new order, under a new request_id. */
function atAnotherPrice(order: Order, { request, product }: Asked): Refusal {
  const total_fee = product && priceOf(product, request.months);
  if (total_fee === undefined) return notOnSale(request);
  if (total_fee !== request.expected_total_fee) return priceChanged(total_fee);
  const errmsg = `This request_id ordered at ${order.total_fee} fen. Make a new one for the price now.`;
  return refusal('REQUEST_ID_REUSED', errmsg);
}
