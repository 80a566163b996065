import { MERCHANT } from '../local-world.ts';
import { order } from './purchase.ts';
import type { Scenario } from './scenario.ts';

export const heldOrder: Scenario = {
  title:
    'a signed notice about an order of 李雷 names another amount: the order is held, and an alarm is raised',
  async play(world) {
    const { out_trade_no } = await order(world, world.shopper('李雷'), { product_id: 'city', months: 3 });
    await world.wechatpay.forgeNotice(MERCHANT.mch_id, out_trade_no, 'wrong amount');
  },
};
