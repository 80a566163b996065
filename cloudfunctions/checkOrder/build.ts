import { orderFunction } from '../_shared/cloud/functions/order-function.ts';
import type { World } from '../_shared/cloud/world.ts';
import { check } from '../_shared/order/check.ts';

/** Asks WeChat about one of the shopper's orders, now, and answers the order as it is then. */
export function build(world: World) {
  return orderFunction(world, check);
}
