import type { CreateOrderRequest, ErrorAnswer } from '../../../cloudfunctions/_shared/contract';
import { keepOrder, orderBeingConfirmed } from '../kept-orders';
import { type Attempt, attemptFor, keepAttempt } from '../order/attempts';
import type { Order, OrderCreated } from '../order/order';
import { termOf } from '../term';
import type { Bought, Checkout, OrderRequest } from './checkout';
import { type Placed, placeOrder } from './placing';
import { offerReminder } from './reminding';
import {
  forgetRequestId,
  lastRequestId,
  requestIdsFor,
  requestIdsKept,
  supersedeChoice,
  supersedeRequestId,
} from './request-ids';
import { remedyFor } from './virtual-payment';

/**
 * Orders what was chosen and opens the cashier. Asked again for the same choice it finds the same order, until that
 * order is over or its price is no longer the one that is shown; then it orders again, and an unpaid order at another
 * price is given up for it. `onCashier` is called when the order exists and the cashier is about to open.
 */
export async function buy(checkout: Checkout, request: OrderRequest, onCashier: () => void): Promise<Bought> {
  const last = lastRequestId(checkout.store, request);
  const confirming = last && orderBeingConfirmed(checkout.store, last);
  if (confirming) return { kind: 'ordered', out_trade_no: confirming.out_trade_no };
  const kept = requestIdsKept(checkout.store, request);
  const first = await order(checkout, request);
  // A product that is paid through WeChat Pay again need not wait for its order of the other channel.
  const isOfOtherChannel = first.kind === 'hindered' && request.channel === 'wechatpay' && kept !== undefined;
  if (isOfOtherChannel) supersedeRequestId(checkout.store, kept.request_id);
  const placed = isOfOtherChannel || isOfAnEarlierOrder(first) ? await order(checkout, request) : first;
  return pay(checkout, { request, placed, tried: [] }, onCashier);
}

/**
 * Pays an order that exists already, at its own price: under its own request_id, as long as its number can be used. Virtual
 * payment takes a number once, so that an order whose cashier was opened gives way to a new one.
 */
export async function payAgain(checkout: Checkout, known: Order, onCashier: () => void): Promise<Bought> {
  const placed = isNumberUsed(checkout, known)
    ? await orderInstead(checkout, known)
    : await placeOrder(checkout, sameOrder(known), known.channel);
  return pay(checkout, { request: known, placed, tried: [] }, onCashier);
}

async function order(checkout: Checkout, request: OrderRequest): Promise<Placed> {
  const { product_id, total_fee, channel } = request;
  const ids = await requestIdsFor(checkout.store, request, checkout.newRequestId);
  const asked = { ...ids, product_id, ...termOf(request), expected_total_fee: total_fee };
  const placed = await placeOrder(checkout, asked, channel);
  if (placed.kind !== 'refused') return placed;
  const { errcode } = placed.error;
  if (errcode === 'REQUEST_ID_REUSED') supersedeRequestId(checkout.store, ids.request_id);
  if (errcode === 'ORDER_CLOSED' || errcode === 'ORDER_PAID') forgetRequestId(checkout.store, ids.request_id);
  return placed;
}

/** Orders the same once more in the place of an order; the server asks WeChat first whether that one is paid. */
function orderInstead(checkout: Checkout, known: Order): Promise<Placed> {
  supersedeChoice(checkout.store, known, known.request_id);
  return order(checkout, known);
}

/** What finds an order again. */
function sameOrder(known: Order): CreateOrderRequest {
  const { request_id, product_id, total_fee } = known;
  return { request_id, product_id, ...termOf(known), expected_total_fee: total_fee };
}

function isNumberUsed({ store }: Checkout, { channel, out_trade_no }: Order): boolean {
  return channel === 'virtualpay' && attemptFor(store, out_trade_no) !== undefined;
}

/** The order of an earlier visit is over, or has another price. The shopper wants one now, at this one. */
function isOfAnEarlierOrder(placed: Placed): boolean {
  if (placed.kind !== 'refused') return false;
  return placed.error.errcode === 'ORDER_CLOSED' || placed.error.errcode === 'REQUEST_ID_REUSED';
}

/** What is being paid, and what the phone tried by itself since the tap. */
interface Paying {
  readonly request: OrderRequest;
  readonly placed: Placed;
  readonly tried: readonly ReturnType<typeof remedyFor>[];
}

async function pay(
  checkout: Checkout,
  { request, placed, tried }: Paying,
  onCashier: () => void,
): Promise<Bought> {
  if (placed.kind === 'refused') return refusal(placed.error);
  if (placed.kind !== 'answered') return placed;
  const known = placed.answer.order;
  if (known.total_fee !== request.total_fee) return { kind: 'price-changed', total_fee: known.total_fee };
  keepOrder(checkout.store, placed.answer);
  const attempt = await openCashier(checkout, placed.answer, onCashier);
  const remedy = remedyFor(attempt);
  if (remedy === undefined || tried.includes(remedy))
    return { kind: 'ordered', out_trade_no: known.out_trade_no };
  const again =
    remedy === 'order-anew'
      ? await orderInstead(checkout, known)
      : await placeOrder(checkout, sameOrder(known), 'virtualpay');
  return pay(checkout, { request, placed: again, tried: [...tried, remedy] }, onCashier);
}

/** Before the cashier of virtual payment opens, the number counts as used: the phone may be gone before it is closed. */
async function openCashier(
  checkout: Checkout,
  { order: known, payment, reminder, now }: OrderCreated,
  onCashier: () => void,
): Promise<Attempt> {
  const { store } = checkout;
  const { out_trade_no, request_id } = known;
  if ('signData' in payment) {
    keepAttempt(store, out_trade_no, { kind: 'opened', at: now });
    supersedeChoice(store, known, request_id);
  }
  onCashier();
  const keep = (attempt: Attempt) => keepAttempt(store, out_trade_no, attempt);
  const attempt = await checkout.pay(payment, keep);
  keep(attempt);
  if (attempt.kind === 'done' && reminder !== undefined)
    await offerReminder(checkout, { ...reminder, out_trade_no, now });
  return attempt;
}

function refusal({ errcode, total_fee, out_trade_no }: ErrorAnswer): Bought {
  if (errcode === 'PRICE_CHANGED' && total_fee !== undefined) return { kind: 'price-changed', total_fee };
  const isPaid = errcode === 'ORDER_PAID' || errcode === 'ORDER_HELD';
  if (isPaid && out_trade_no !== undefined) return { kind: 'ordered', out_trade_no };
  return { kind: 'refused', errcode };
}
