import * as v from 'valibot';
import { viewOf } from '../../channels/view.ts';
import type { OrderAnswer, OrderReference } from '../../contract.ts';
import type { Order } from '../../order/order.ts';
import type { Ports } from '../../order/ports.ts';
import type { Refusal } from '../../order/refusal.ts';
import type { Runtime } from '../runtime.ts';
import { openServices } from '../services.ts';
import { readShopConfig } from '../shop-config.ts';
import { callable } from './callable.ts';

/** An out_trade_no as we make them. */
export const OrderReferenceSchema = v.object({
  out_trade_no: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/, 'must be the out_trade_no of an order')),
}) satisfies v.GenericSchema<OrderReference>;

/** A function by which a shopper does something with one order, and is answered the order as it is then. */
export function orderFunction<Input extends OrderReference>(
  runtime: Runtime,
  schema: v.GenericSchema<unknown, Input>,
  act: (ports: Ports, which: Input & { openid: string }) => Promise<Order | Refusal>,
) {
  return callable<Input, Omit<OrderAnswer, 'now'>>(runtime, schema, async ({ openid, input, deadline }) => {
    const ports = await openServices(runtime, readShopConfig(runtime.variables), deadline);
    const answer = await act(ports, { ...input, openid });
    return 'kind' in answer ? answer : { order: viewOf(answer) };
  });
}
