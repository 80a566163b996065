import { buy } from './purchase.ts';
import type { Scenario } from './scenario.ts';

export const lostNotice: Scenario = {
  title: '李雷 paid, and the first notice was lost: the order is unpaid here until the timer asks',
  async play(world) {
    world.wechatpay.faults.add({ kind: 'lose-notice' });
    world.virtualpay.faults.add({ kind: 'lose-event' });
    await buy(world, world.shopper('李雷'), { product_id: 'city', months: 3 });
    // Whichever of the two was not needed must not befall a later payment.
    world.wechatpay.faults.clear();
    world.virtualpay.faults.clear();
  },
};
