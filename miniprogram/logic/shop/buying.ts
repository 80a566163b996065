import type {
  CreateOrderAnswer,
  CreateOrderRequest,
  ErrorAnswer,
  ErrorCode,
  PaymentParameters,
} from '../../../cloudfunctions/_shared/contract';
import type { Answered } from '../answer';
import { type Attempt, keepAttempt } from '../order/attempts';
import type { Store } from '../store';
import { type Choice, forgetRequestId, requestIdFor } from './request-ids';

/** What buying needs of the phone and the server. */
export interface Checkout {
  readonly store: Store;
  newRequestId(): Promise<string>;
  createOrder(request: CreateOrderRequest): Promise<Answered<CreateOrderAnswer>>;
  /** Opens WeChat's cashier and says how it was left. */
  pay(payment: PaymentParameters): Promise<Attempt>;
}

/** How buying ended, from the shopper's side. */
export type Bought =
  /** There is an order to look at: it was paid for, its payment is looked into, the cashier was closed, or it has another price than the one shown. */
  | { readonly kind: 'ordered'; readonly out_trade_no: string }
  | { readonly kind: 'price-changed'; readonly total_fee: number }
  | { readonly kind: 'refused'; readonly errcode: ErrorCode }
  | { readonly kind: 'lost'; readonly offline: boolean };

export interface OrderRequest extends Choice {
  /** The price on the button, in fen. */
  readonly total_fee: number;
}

/**
 * Orders what was chosen and opens the cashier. Asked again for the same choice it finds the same order, until that
 * order is over; then it orders anew. `onCashier` is called when the order stands and the cashier is about to open.
 */
export async function buy(checkout: Checkout, request: OrderRequest, onCashier: () => void): Promise<Bought> {
  const first = await order(checkout, request);
  // The order of an earlier visit is over. The shopper wants one now, so a second call asks for a new one.
  const answered = isOfAnEarlierOrder(first) ? await order(checkout, request) : first;
  if (answered.kind === 'refused') return refusal(answered.error);
  if (answered.kind === 'lost') return answered;
  const { order: found, payment } = answered.answer;
  // An order from before a change of price keeps its price. The order page shows it and asks.
  if (found.total_fee === request.total_fee)
    await openCashier(checkout, found.out_trade_no, payment, onCashier);
  return { kind: 'ordered', out_trade_no: found.out_trade_no };
}

/** Pays an order that stands already, under its own request_id and price. */
export async function payAgain(
  checkout: Checkout,
  order: OrderRequest & { request_id: string },
  onCashier: () => void,
): Promise<Bought> {
  const { request_id, product_id, months, total_fee } = order;
  const answered = await checkout.createOrder({
    request_id,
    product_id,
    months,
    expected_total_fee: total_fee,
  });
  if (answered.kind === 'refused') return refusal(answered.error);
  if (answered.kind === 'lost') return answered;
  const { out_trade_no } = answered.answer.order;
  await openCashier(checkout, out_trade_no, answered.answer.payment, onCashier);
  return { kind: 'ordered', out_trade_no };
}

async function order(checkout: Checkout, request: OrderRequest): Promise<Answered<CreateOrderAnswer>> {
  const { product_id, months, total_fee } = request;
  const request_id = await requestIdFor(checkout.store, request, checkout.newRequestId);
  const answered = await checkout.createOrder({
    request_id,
    product_id,
    months,
    expected_total_fee: total_fee,
  });
  if (answered.kind === 'refused' && SPENT.includes(answered.error.errcode))
    forgetRequestId(checkout.store, request_id);
  return answered;
}

function isOfAnEarlierOrder(answered: Answered<CreateOrderAnswer>): boolean {
  if (answered.kind !== 'refused') return false;
  return answered.error.errcode === 'ORDER_CLOSED' || answered.error.errcode === 'REQUEST_ID_REUSED';
}

async function openCashier(
  checkout: Checkout,
  out_trade_no: string,
  payment: PaymentParameters,
  onCashier: () => void,
) {
  onCashier();
  keepAttempt(checkout.store, out_trade_no, await checkout.pay(payment));
}

function refusal({ errcode, total_fee, out_trade_no }: ErrorAnswer): Bought {
  if (errcode === 'PRICE_CHANGED' && total_fee !== undefined) return { kind: 'price-changed', total_fee };
  const isPaid = errcode === 'ORDER_PAID' || errcode === 'ORDER_HELD';
  if (isPaid && out_trade_no !== undefined) return { kind: 'ordered', out_trade_no };
  return { kind: 'refused', errcode };
}

/** Refusals after which a request_id finds nothing that can still be paid. */
const SPENT: readonly ErrorCode[] = ['ORDER_CLOSED', 'ORDER_PAID', 'REQUEST_ID_REUSED'];
