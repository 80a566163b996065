import * as v from 'valibot';
import { readMerchantConfig } from '../_shared/cloud/config.ts';
import { identityOf } from '../_shared/cloud/identity.ts';
import { openShop } from '../_shared/cloud/shop.ts';
import type { World } from '../_shared/cloud/world.ts';
import { type SweepReport, sweep } from '../_shared/order/sweep.ts';

/** Of the 60 seconds the platform gives, so many are for beginning; the rest is for ending what was begun. */
const BEGIN_WITHIN_MS = 40_000;

const FromShopper = v.object({ userInfo: v.unknown() });

/** Run by the timer: asks WeChat about every order that is due. A shopper may not run it. */
export function build(world: World) {
  return async (event: unknown, context: unknown): Promise<SweepReport | { errcode: 'FORBIDDEN' }> => {
    // Only this call's own context counts: an openid that an earlier call left in the process must not stop the timer.
    if (identityOf(context)?.openid || v.is(FromShopper, event)) return { errcode: 'FORBIDDEN' };
    const ports = await openShop(world, readMerchantConfig(world.variables));
    const deadline = new Date(world.clock.now().getTime() + BEGIN_WITHIN_MS);
    const report = await sweep(ports, { deadline });
    world.logger.info('orders.swept', { ...report });
    return report;
  };
}
