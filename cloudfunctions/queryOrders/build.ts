import { readMerchantConfig } from '../_shared/cloud/config.ts';
import { openShop } from '../_shared/cloud/shop.ts';
import { timerFunction } from '../_shared/cloud/timer.ts';
import type { World } from '../_shared/cloud/world.ts';
import { sweep } from '../_shared/order/sweep.ts';

/** Of the 60 seconds the platform gives, so many are for beginning; the rest is for ending what was begun. */
const BEGIN_WITHIN_MS = 40_000;

/** Run by the timer: asks WeChat about every order that is due, settles it, or closes it at its end. */
export function build(world: World) {
  return timerFunction(world, async () => {
    const ports = await openShop(world, readMerchantConfig(world.variables));
    const deadline = new Date(world.clock.now().getTime() + BEGIN_WITHIN_MS);
    const report = await sweep(ports, { deadline });
    world.logger.info('orders.swept', { ...report });
    return report;
  });
}
