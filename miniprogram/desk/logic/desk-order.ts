import type { DeskPlace } from '../../../cloudfunctions/_shared/desk-contract';
import { fieldsOf, momentIn, textIn } from '../../logic/fields';
import { type Order, orderFrom } from '../../logic/order/order';

/** An order as the desk lists it; `openid` is its shopper. */
export interface DeskOrder extends Order {
  readonly openid: string;
}

/** One that cannot be shown is named, so that it is not overlooked. */
export interface Unreadable {
  readonly unreadable: string;
}

/** A page of a list, and where the next one begins. */
export interface DeskOrders {
  readonly orders: readonly (DeskOrder | Unreadable)[];
  readonly next: DeskPlace | undefined;
}

export function ordersFrom(found: unknown): DeskOrders | undefined {
  const fields = fieldsOf(found);
  if (!Array.isArray(fields?.orders)) return undefined;
  return { orders: fields.orders.map(deskOrderFrom), next: placeIn(fields.next) };
}

export function deskOrderFrom(found: unknown): DeskOrder | Unreadable {
  const fields = fieldsOf(found);
  const order = orderFrom(found);
  const openid = textIn(fields?.openid);
  if (order !== undefined && openid !== undefined) return { ...order, openid };
  return { unreadable: textIn(fields?.unreadable) ?? textIn(fields?.out_trade_no) ?? '' };
}

/** Goes back to the server as it came. */
export function placeIn(found: unknown): DeskPlace | undefined {
  const fields = fieldsOf(found);
  const at = momentIn(fields?.at);
  if (at === undefined) return undefined;
  const after_id = fields?.after_id;
  return {
    at,
    ...(typeof after_id === 'string' ? { after_id } : {}),
    ...(fields?.done === true ? { done: true } : {}),
  };
}
