import type {
  CreateOrderAnswer,
  CreateOrderRequest,
  ErrorAnswer,
  ErrorCode,
  PaymentParameters,
} from '../../cloudfunctions/_shared/contract';
import type { Answered } from './answer';
import { type Attempt, keepAttempt } from './attempts';
import { type Choice, forgetRequestId, requestIdFor } from './request-ids';
import type { Store } from './store';

/** What buying needs of the phone and the server. */
export interface Till {
  readonly store: Store;
  newRequestId(): Promise<string>;
  createOrder(request: CreateOrderRequest): Promise<Answered<CreateOrderAnswer>>;
  /** Opens WeChat's cashier and says how it was left. */
  pay(payment: PaymentParameters): Promise<Attempt>;
}

/** How buying ended, from the shopper's side. */
export type Bought =
  /** There is an order to look at: it was paid for, the cashier was closed, or it has another price than the one shown. */
  | { readonly kind: 'ordered'; readonly out_trade_no: string }
  | { readonly kind: 'price-changed'; readonly total_fee: number }
  | { readonly kind: 'refused'; readonly errcode: ErrorCode }
  | { readonly kind: 'lost'; readonly offline: boolean };

export interface Wish extends Choice {
  /** The price on the button, in fen. */
  readonly total_fee: number;
}

/**
 * Orders what was chosen and opens the cashier. Asked again for the same choice it finds the same order, until that
 * order is over; then it orders anew. `onCashier` is called when the order stands and the cashier is about to open.
 */
export async function buy(till: Till, wish: Wish, onCashier: () => void): Promise<Bought> {
  const first = await order(till, wish);
  // The order of an earlier visit is over. The shopper wants one now, so a second call asks for a new one.
  const answered = isOfAnEarlierOrder(first) ? await order(till, wish) : first;
  if (answered.kind === 'refused') return refusal(answered.error);
  if (answered.kind === 'lost') return answered;
  const { order: found, payment } = answered.answer;
  // An order from before a change of price keeps its price. The order page shows it and asks.
  if (found.total_fee === wish.total_fee) await openCashier(till, found.out_trade_no, payment, onCashier);
  return { kind: 'ordered', out_trade_no: found.out_trade_no };
}

/** Pays an order that stands already, under its own request_id and price. */
export async function payAgain(
  till: Till,
  order: Wish & { request_id: string },
  onCashier: () => void,
): Promise<Bought> {
  const { request_id, product_id, months, total_fee } = order;
  const answered = await till.createOrder({ request_id, product_id, months, expected_total_fee: total_fee });
  if (answered.kind === 'refused') return refusal(answered.error);
  if (answered.kind === 'lost') return answered;
  const { out_trade_no } = answered.answer.order;
  await openCashier(till, out_trade_no, answered.answer.payment, onCashier);
  return { kind: 'ordered', out_trade_no };
}

async function order(till: Till, wish: Wish): Promise<Answered<CreateOrderAnswer>> {
  const { product_id, months, total_fee } = wish;
  const request_id = await requestIdFor(till.store, wish, till.newRequestId);
  const answered = await till.createOrder({ request_id, product_id, months, expected_total_fee: total_fee });
  if (answered.kind === 'refused' && SPENT.includes(answered.error.errcode))
    forgetRequestId(till.store, request_id);
  return answered;
}

function isOfAnEarlierOrder(answered: Answered<CreateOrderAnswer>): boolean {
  if (answered.kind !== 'refused') return false;
  return answered.error.errcode === 'ORDER_CLOSED' || answered.error.errcode === 'REQUEST_ID_REUSED';
}

async function openCashier(
  till: Till,
  out_trade_no: string,
  payment: PaymentParameters,
  onCashier: () => void,
) {
  onCashier();
  keepAttempt(till.store, out_trade_no, await till.pay(payment));
}

function refusal({ errcode, total_fee, out_trade_no }: ErrorAnswer): Bought {
  if (errcode === 'PRICE_CHANGED' && total_fee !== undefined) return { kind: 'price-changed', total_fee };
  if (errcode === 'ORDER_PAID' && out_trade_no !== undefined) return { kind: 'ordered', out_trade_no };
  return { kind: 'refused', errcode };
}

/** Refusals after which a request_id finds nothing that can still be paid. */
const SPENT: readonly ErrorCode[] = ['ORDER_CLOSED', 'ORDER_PAID', 'REQUEST_ID_REUSED'];
