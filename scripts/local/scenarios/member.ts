import { buy } from './purchase.ts';
import type { Scenario } from './scenario.ts';

export const member: Scenario = {
  title: '李雷 is a member of the city for three months',
  async play(world) {
    await buy(world, world.shopper('李雷'), { product_id: 'city', months: 3 });
  },
};
