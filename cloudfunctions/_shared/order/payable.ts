import { type Product, priceOf } from './catalogue.ts';
import { isSameOrderRequest, type OrderRequest, type OrderTerms } from './draft.ts';
import { isUnsettled, type Order } from './order.ts';
import type { Ports } from './ports.ts';
import { closed, notOnSale, paid, paidOrHeld, priceChanged, type Refusal, refusal } from './refusal.ts';
import { SENDABLE_LEFT_MS } from './schedule.ts';
import { termKey } from './term.ts';

/** What was asked for, on whose terms, and what the catalogue says of it now. */
export interface Asked {
  readonly request: OrderRequest;
  readonly terms: OrderTerms;
  readonly product: Product | undefined;
}

/** An order that can be paid now. */
export interface Payable {
  readonly kind: 'payable';
  readonly order: Order;
}

/** What an order that exists means for this request; `unsent` when it is not prepared yet. */
export function payableOf(
  { clock, channelOf }: Pick<Ports, 'clock' | 'channelOf'>,
  order: Order,
  asked: Asked,
): Payable | Refusal | 'unsent' {
  const { request } = asked;
  const now = clock.now();
  if (!isSameOrderRequest(order, request)) {
    const errmsg = `This request_id ordered ${order.product_id} for ${termKey(order)}. Make a new one for a new choice.`;
    return refusal('REQUEST_ID_REUSED', errmsg);
  }
  const refused = order.trade_state === 'REFUND' ? paid(order) : paidOrHeld(order);
  if (refused) return refused;
  const isOver = !isUnsettled(order) || order.cancelled_at !== null || now >= order.time_expire;
  // An order of the merchant we were before cannot be signed for under the one we are.
  if (isOver || channelOf(order).unaskable(order)) return closed(order);
  if (order.total_fee !== request.expected_total_fee) return atAnotherPrice(order, asked);
  if (order.prepaid_at !== null) return { kind: 'payable', order };
  return order.time_expire.getTime() - now.getTime() < SENDABLE_LEFT_MS ? closed(order) : 'unsent';
}

/** The shopper saw another price than the order's. If it is today's, they want a new order, under a new request_id. */
function atAnotherPrice(order: Order, { request, product }: Asked): Refusal {
  const total_fee = product && priceOf(product, request);
  if (total_fee === undefined) return notOnSale(request);
  if (total_fee !== request.expected_total_fee) return priceChanged(total_fee);
  const errmsg = `This request_id ordered at ${order.total_fee} fen. Make a new one for the price now.`;
  return refusal('REQUEST_ID_REUSED', errmsg);
}
