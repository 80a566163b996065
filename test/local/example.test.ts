import { expect, test } from 'vitest';
import { startLocalWorld } from '../../scripts/local/local-world.ts';
import { order } from '../../scripts/local/scenarios/purchase.ts';

test('a payment whose notice is lost is found by the timer', async () => {
  const world = await startLocalWorld();
  const shopper = world.shopper('李雷');
  const { payment } = await order(world, shopper, { product_id: 'city', months: 3 });
  world.wechatpay.faults.add({ kind: 'lose-notice' });
  await shopper.pay(payment);
  expect(world.cloud.documents('orders')).toMatchObject([{ trade_state: 'NOTPAY' }]);
  await world.clock.advance(5 * 60_000);
  expect(world.cloud.documents('orders')).toMatchObject([{ trade_state: 'SUCCESS' }]);
  await world.close();
});
