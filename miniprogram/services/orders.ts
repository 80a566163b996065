import type { CreateOrderRequest } from '../../cloudfunctions/_shared/contract';
import type { Answered } from '../logic/answer';
import { fieldsOf, momentIn, textIn } from '../logic/fields';
import { forgetOrder } from '../logic/kept-orders';
import { type Attempt, attemptFor, forgetAttempt } from '../logic/order/attempts';
import {
  type Order,
  type OrderAnswered,
  type OrderCreated,
  orderFrom,
  paymentFrom,
} from '../logic/order/order';
import { isOver, mayStillBePaid, shownState } from '../logic/order/order-state';
import { forgetRequestId, supersedeRequestId } from '../logic/shop/request-ids';
import { serverNow } from './clock';
import { call, DOCUMENTS_MAX, MINE, type Read, readDocuments } from './cloud';
import { storage } from './storage';

export function createOrder(request: CreateOrderRequest): Promise<Answered<OrderCreated>> {
  return call('createOrder', request, (found) => {
    const answer = answerFrom(found);
    const payment = paymentFrom(fieldsOf(found)?.payment);
    if (answer === undefined || payment === undefined) return undefined;
    const template_id = textIn(fieldsOf(fieldsOf(found)?.reminder)?.template_id);
    return { ...answer, payment, ...(template_id ? { reminder: { template_id } } : {}) };
  });
}

/** Has the server ask WeChat about this order now. */
export function checkOrder(out_trade_no: string): Promise<Answered<OrderAnswered>> {
  return call('checkOrder', { out_trade_no }, answerFrom);
}

/** Says that the shopper agreed to be reminded before the order's membership ends; once more where no answer came. */
export async function wantReminder(out_trade_no: string): Promise<void> {
  const say = () => call('checkOrder', { out_trade_no, remind: true }, answerFrom);
  if ((await say()).kind === 'lost') await say();
}

export function cancelOrder(out_trade_no: string): Promise<Answered<OrderAnswered>> {
  return call('cancelOrder', { out_trade_no }, answerFrom);
}

/** One order of this shopper's. `absent` when there is none, or it is someone else's. */
export type FoundOrder =
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'absent' | 'unreadable' };

export async function readOrder(out_trade_no: string): Promise<Read<FoundOrder>> {
  const orders = wx.cloud.database().collection('orders');
  const read = await readDocuments(orders.where({ ...MINE, _id: out_trade_no }).limit(1));
  if (read.kind === 'lost') return read;
  if (read.found.length === 0) return { kind: 'read', found: { kind: 'absent' } };
  const [order] = readable(read.found);
  return { kind: 'read', found: order === undefined ? { kind: 'unreadable' } : { kind: 'order', order } };
}

/** Orders of this shopper's, newest first; `next` is where those behind them begin, undefined when there are none. */
export interface OrdersRead {
  readonly orders: readonly Order[];
  readonly next: number | undefined;
}

/** So many pages without one readable order are passed over at once; then the shopper is asked whether to go on. */
const UNREADABLE_PAGES_MAX = 10;

/** A page of orders. Documents that cannot be read are left out, and a page of nothing else does not end the list. */
export async function readOrders(from: number): Promise<Read<OrdersRead>> {
  const orders = wx.cloud.database().collection('orders');
  const newestFirst = orders.where({ ...MINE }).orderBy('created_at', 'desc');
  let next = from;
  for (let page = 0; page < UNREADABLE_PAGES_MAX; page += 1) {
    const read = await readDocuments(newestFirst.skip(next).limit(DOCUMENTS_MAX));
    if (read.kind === 'lost') return read;
    next += read.found.length;
    const found = readable(read.found);
    if (read.found.length < DOCUMENTS_MAX) return { kind: 'read', found: { orders: found, next: undefined } };
    if (found.length > 0) return { kind: 'read', found: { orders: found, next } };
  }
  return { kind: 'read', found: { orders: [], next } };
}

function readable(documents: readonly unknown[]): Order[] {
  return documents.flatMap((found) => {
    const order = orderFrom(found);
    if (order === undefined) console.warn('orders', 'unreadable', fieldsOf(found)?._id);
    return order ?? [];
  });
}

/** How the cashier was last left for this order. Once the order is over, what the phone kept for its sake is dropped. */
export function lastAttempt(order: Order): Attempt | undefined {
  const attempt = attemptFor(storage, order.out_trade_no);
  if (!isOver(shownState(order, attempt, serverNow()))) return attempt;
  if (mayStillBePaid(order)) supersedeRequestId(storage, order.request_id);
  else forgetRequestId(storage, order.request_id);
  forgetAttempt(storage, order.out_trade_no);
  forgetOrder(storage, order.out_trade_no);
  return undefined;
}

function answerFrom(found: unknown): OrderAnswered | undefined {
  const fields = fieldsOf(found);
  const order = orderFrom(fields?.order);
  const now = momentIn(fields?.now);
  return order === undefined || now === undefined ? undefined : { order, now };
}
