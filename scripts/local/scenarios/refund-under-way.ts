import { randomUUID } from 'node:crypto';
import { buy } from './purchase.ts';
import type { Scenario } from './scenario.ts';

const REFUNDED_FEN = 1000;

export const refundUnderWay: Scenario = {
  title: '王芳, an operator, gives 李雷 ten yuan back; WeChat has accepted the refund and not ended it',
  async play(world) {
    const [shopper, operator] = [world.shopper('李雷'), world.shopper('王芳')];
    const { out_trade_no } = await buy(world, shopper, { product_id: 'city', months: 3 });
    await world.cloud.insert('operators', {
      ...{ _id: operator.openid, name: '王芳', active: true },
      created_at: world.clock.now(),
    });
    const answer: unknown = await operator.call('refundOrder', {
      ...{ request_id: randomUUID(), out_trade_no, refund_fee: REFUNDED_FEN, reason: '买错了' },
      expected_refunded_fee: 0,
    });
    if (Object(answer).refund === undefined)
      throw new Error(`refundOrder refused: ${JSON.stringify(answer)}`);
  },
};
