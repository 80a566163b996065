import type {
  CreateOrderAnswer,
  CreateOrderRequest,
  OrderAnswer,
  OrderView,
} from '../../cloudfunctions/_shared/contract';
import type { Answered } from '../logic/answer';
import { fieldsOf, momentIn } from '../logic/fields';
import { type Attempt, attemptFor, forgetAttempt } from '../logic/order/attempts';
import { orderFrom, paymentFrom } from '../logic/order/order';
import { isOver, shownState } from '../logic/order/order-state';
import { forgetRequestId } from '../logic/shop/request-ids';
import { serverNow } from './clock';
import { call, DOCUMENTS_MAX, MINE, type Read, readDocuments } from './cloud';
import { storage } from './storage';

export function createOrder(request: CreateOrderRequest): Promise<Answered<CreateOrderAnswer>> {
  return call('createOrder', request, (found) => {
    const answer = answerFrom(found);
    const payment = paymentFrom(fieldsOf(found)?.payment);
    return answer === undefined || payment === undefined ? undefined : { ...answer, payment };
  });
}

/** Has the server ask WeChat about this order now. */
export function checkOrder(out_trade_no: string): Promise<Answered<OrderAnswer>> {
  return call('checkOrder', { out_trade_no }, answerFrom);
}

export function cancelOrder(out_trade_no: string): Promise<Answered<OrderAnswer>> {
  return call('cancelOrder', { out_trade_no }, answerFrom);
}

/** One order of this shopper's; found is undefined when there is none, or it is someone else's. */
export async function readOrder(out_trade_no: string): Promise<Read<OrderView | undefined>> {
  const orders = wx.cloud.database().collection('orders');
  const read = await readDocuments(orders.where({ ...MINE, _id: out_trade_no }).limit(1));
  return read.kind === 'read' ? { kind: 'read', found: orderFrom(read.found[0]) } : read;
}

/** A page of this shopper's orders, newest first. `isLast` when there are no more behind it. */
export async function readOrders(skip: number): Promise<Read<{ orders: OrderView[]; isLast: boolean }>> {
  const orders = wx.cloud.database().collection('orders');
  const newestFirst = orders.where({ ...MINE }).orderBy('created_at', 'desc');
  const read = await readDocuments(newestFirst.skip(skip).limit(DOCUMENTS_MAX));
  if (read.kind === 'lost') return read;
  const isLast = read.found.length < DOCUMENTS_MAX;
  return { kind: 'read', found: { orders: read.found.flatMap((found) => orderFrom(found) ?? []), isLast } };
}

/** How the cashier was last left for this order. Once the order is over, what the phone kept for its sake is dropped. */
export function lastAttempt(order: OrderView): Attempt | undefined {
  const attempt = attemptFor(storage, order.out_trade_no);
  if (!isOver(shownState(order, attempt, serverNow()))) return attempt;
  forgetRequestId(storage, order.request_id);
  forgetAttempt(storage, order.out_trade_no);
  return undefined;
}

function answerFrom(found: unknown): OrderAnswer | undefined {
  const fields = fieldsOf(found);
  const order = orderFrom(fields?.order);
  const now = momentIn(fields?.now);
  return order === undefined || now === undefined ? undefined : { order, now };
}
