import * as v from 'valibot';
import type { OrderView } from '../contract.ts';
import type { Order } from '../order/order.ts';
import { viewOf as viewOfOrder } from '../order/view.ts';
import { VirtualPayFieldsSchema } from './virtualpay.ts';

/** The part of an order that its owner may see, with what its channel knows of it. */
export function viewOf(order: Order): OrderView {
  const virtualpay = v.safeParse(VirtualPayFieldsSchema, order.by_channel.virtualpay);
  return { ...viewOfOrder(order), ...(virtualpay.success && virtualpay.output.apple && { apple: true }) };
}
