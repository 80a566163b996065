import type {
  CreateOrderRequest,
  ErrorAnswer,
  ErrorCode,
  PaymentParameters,
} from '../../../cloudfunctions/_shared/contract';
import type { Answered } from '../answer';
import { keepOrder, orderBeingConfirmed } from '../kept-orders';
import { type Attempt, keepAttempt } from '../order/attempts';
import type { OrderCreated } from '../order/order';
import type { Store } from '../store';
import { termOf } from '../term';
import {
  type Choice,
  forgetRequestId,
  requestIdsFor,
  requestIdsKept,
  supersedeRequestId,
} from './request-ids';

/** What buying needs of the phone and the server. */
export interface Checkout {
  readonly store: Store;
  newRequestId(): Promise<string>;
  createOrder(request: CreateOrderRequest): Promise<Answered<OrderCreated>>;
  /** Opens WeChat's cashier and says how it was left. */
  pay(payment: PaymentParameters): Promise<Attempt>;
}

/** How buying ended, from the shopper's side. */
export type Bought =
  /** There is an order to look at: it was paid for, its payment is looked into, or the cashier was closed. */
  | { readonly kind: 'ordered'; readonly out_trade_no: string }
  | { readonly kind: 'price-changed'; readonly total_fee: number }
  | { readonly kind: 'refused'; readonly errcode: ErrorCode }
  | { readonly kind: 'lost'; readonly offline: boolean };

export interface OrderRequest extends Choice {
  /** The price on the button that was tapped, in fen: nothing else is ever paid. */
  readonly total_fee: number;
}

/**
 * Orders what was chosen and opens the cashier. Asked again for the same choice it finds the same order, until that
 * order is over or its price is no longer the one that is shown; then it orders again, and an unpaid order at another
 * price is given up for it. `onCashier` is called when the order exists and the cashier is about to open.
 */
export async function buy(checkout: Checkout, request: OrderRequest, onCashier: () => void): Promise<Bought> {
  const kept = requestIdsKept(checkout.store, request);
  const confirming = kept && orderBeingConfirmed(checkout.store, kept.request_id);
  if (confirming) return { kind: 'ordered', out_trade_no: confirming.out_trade_no };
  const first = await order(checkout, request);
  const answered = isOfAnEarlierOrder(first) ? await order(checkout, request) : first;
  return pay(checkout, { request, answered }, onCashier);
}

/** Pays an order that exists already, under its own request_id and price. */
export async function payAgain(
  checkout: Checkout,
  order: OrderRequest & { request_id: string },
  onCashier: () => void,
): Promise<Bought> {
  const { request_id, product_id, total_fee } = order;
  const answered = await checkout.createOrder({
    request_id,
    product_id,
    ...termOf(order),
    expected_total_fee: total_fee,
  });
  return pay(checkout, { request: order, answered }, onCashier);
}

async function order(checkout: Checkout, request: OrderRequest): Promise<Answered<OrderCreated>> {
  const { product_id, total_fee } = request;
  const ids = await requestIdsFor(checkout.store, request, checkout.newRequestId);
  const answered = await checkout.createOrder({
    ...ids,
    product_id,
    ...termOf(request),
    expected_total_fee: total_fee,
  });
  if (answered.kind !== 'refused') return answered;
  const { errcode } = answered.error;
  if (errcode === 'REQUEST_ID_REUSED') supersedeRequestId(checkout.store, ids.request_id);
  if (errcode === 'ORDER_CLOSED' || errcode === 'ORDER_PAID') forgetRequestId(checkout.store, ids.request_id);
  return answered;
}

/** The order of an earlier visit is over, or has another price. The shopper wants one now, at this one. */
function isOfAnEarlierOrder(answered: Answered<OrderCreated>): boolean {
  if (answered.kind !== 'refused') return false;
  return answered.error.errcode === 'ORDER_CLOSED' || answered.error.errcode === 'REQUEST_ID_REUSED';
}

async function pay(
  checkout: Checkout,
  { request, answered }: { request: OrderRequest; answered: Answered<OrderCreated> },
  onCashier: () => void,
): Promise<Bought> {
  if (answered.kind === 'refused') return refusal(answered.error);
  if (answered.kind === 'lost') return answered;
  const { order, payment } = answered.answer;
  if (order.total_fee !== request.total_fee) return { kind: 'price-changed', total_fee: order.total_fee };
  keepOrder(checkout.store, answered.answer);
  onCashier();
  keepAttempt(checkout.store, order.out_trade_no, await checkout.pay(payment));
  return { kind: 'ordered', out_trade_no: order.out_trade_no };
}

function refusal({ errcode, total_fee, out_trade_no }: ErrorAnswer): Bought {
  if (errcode === 'PRICE_CHANGED' && total_fee !== undefined) return { kind: 'price-changed', total_fee };
  const isPaid = errcode === 'ORDER_PAID' || errcode === 'ORDER_HELD';
  if (isPaid && out_trade_no !== undefined) return { kind: 'ordered', out_trade_no };
  return { kind: 'refused', errcode };
}
