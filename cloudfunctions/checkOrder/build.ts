import { orderFunction } from '../_shared/cloud/functions/order-function.ts';
import type { Runtime } from '../_shared/cloud/runtime.ts';
import { check } from '../_shared/order/check.ts';

/** Asks WeChat about one of the shopper's orders, now, and answers the order as it is then. */
export function build(runtime: Runtime) {
  return orderFunction(runtime, check);
}
