import { callable } from '../_shared/cloud/callable.ts';
import { readMerchantConfig } from '../_shared/cloud/config.ts';
import { OrderRequestSchema } from '../_shared/cloud/order-request.ts';
import { openShop } from '../_shared/cloud/shop.ts';
import type { World } from '../_shared/cloud/world.ts';
import type { OrderAnswer, OrderRequest } from '../_shared/contract.ts';
import { cancel } from '../_shared/order/cancel.ts';
import { viewOf } from '../_shared/order/view.ts';

/** Gives up one of the shopper's orders, unless it turns out paid, and answers the order as it is then. */
export function build(world: World) {
  return callable<OrderRequest, Omit<OrderAnswer, 'now'>>(
    world,
    OrderRequestSchema,
    async ({ openid, input }) => {
      const ports = await openShop(world, readMerchantConfig(world.variables));
      const answer = await cancel(ports, { openid, out_trade_no: input.out_trade_no });
      return 'kind' in answer ? answer : { order: viewOf(answer) };
    },
  );
}
