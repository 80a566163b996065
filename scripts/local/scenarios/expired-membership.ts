import { buy } from './purchase.ts';
import type { Scenario } from './scenario.ts';

/** Longer than any month, by a day. */
const A_MONTH_AND_A_DAY_MS = 32 * 24 * 3_600_000;

export const expiredMembership: Scenario = {
  title: '李雷 was a member of the city for a month, which is over',
  async play(world) {
    await buy(world, world.shopper('李雷'), { product_id: 'city', months: 1 });
    await world.clock.advance(A_MONTH_AND_A_DAY_MS);
  },
};
