import { OrderReferenceSchema, orderFunction } from '../_shared/cloud/functions/order-function.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { cancel } from '../_shared/order/cancel.ts';

/** Gives up one of the shopper's orders, unless it turns out paid, and answers the order as it is then. */
export function build(runtime: Runtime) {
  return orderFunction(runtime, OrderReferenceSchema, cancel);
}
