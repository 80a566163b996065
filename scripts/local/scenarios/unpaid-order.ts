import { order } from './purchase.ts';
import type { Scenario } from './scenario.ts';

export const unpaidOrder: Scenario = {
  title: '李雷 ordered three months of the city and did not pay',
  async play(world) {
    await order(world, world.shopper('李雷'), { product_id: 'city', months: 3 });
  },
};
