import { readMerchantConfig } from '../_shared/cloud/config.ts';
import { timerFunction } from '../_shared/cloud/functions/timer-function.ts';
import { openShop } from '../_shared/cloud/shop.ts';
import type { World } from '../_shared/cloud/world.ts';
import { sweep } from '../_shared/order/sweep.ts';

/** Run by the timer: asks WeChat about every order that is due, settles it, or closes it at its end. */
export function build(world: World) {
  return timerFunction(world, async (deadline) => {
    const report = await sweep(await openShop(world, readMerchantConfig(world.variables), deadline));
    world.logger.info('orders.swept', { ...report });
    return report;
  });
}
