import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storedOrder } from '../../cloudfunctions/_shared/cloud/database/stores/stored-order.ts';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { sampleOrder } from '../order/samples.ts';
import { MINUTE_MS, openShop, type Shop, type Shopper } from './shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

/** An order that was open when the merchant number was changed to the one that the functions have. */
async function orderOfBefore(): Promise<{ shopper: Shopper; out_trade_no: string }> {
  const shopper = shop.newShopper();
  const out_trade_no = randomBytes(16).toString('hex');
  const created_at = shop.clock.now();
  const order = sampleOrder({
    ...{ _id: out_trade_no, _openid: shopper.openid, appid: MERCHANT.appid, mch_id: '1900000001' },
    ...{ created_at, time_start: created_at, prepaid_at: created_at, next_query_at: created_at },
    time_expire: new Date(created_at.getTime() + 30 * MINUTE_MS),
  });
  await shop.cloud.insert('orders', storedOrder(order));
  return { shopper, out_trade_no };
}

test('the timer alerts a human, naming the order, asks WeChat nothing about it, and goes on with the others', async () => {
  const { out_trade_no } = await orderOfBefore();
  const paid = await shop.place(shop.newShopper());
  await shop.clock.advance(2 * MINUTE_MS);
  shop.wechatpay.force(MERCHANT.mch_id, paid.order.out_trade_no, 'SUCCESS');
  await shop.clock.advance(4 * MINUTE_MS);
  expect(shop.alarms(out_trade_no)).toEqual(['MERCHANT_CHANGED']);
  expect(shop.asked('/pay/orderquery', out_trade_no)).toBe(0);
  expect(shop.stored(out_trade_no).trade_state).toBe('NOTPAY');
  expect(shop.stored(paid.order.out_trade_no).trade_state).toBe('SUCCESS');
});

test('the timer comes back to it ever more seldom, and never gives it up', async () => {
  const { out_trade_no } = await orderOfBefore();
  const reported = () =>
    shop.host.logs.filter(({ line }) => line.includes('MERCHANT_CHANGED') && line.includes(out_trade_no))
      .length;
  await shop.clock.advance(40 * MINUTE_MS);
  const before = reported();
  expect(before).toBeLessThanOrEqual(12);
  await shop.clock.advance(6 * 60 * MINUTE_MS);
  expect(reported() - before).toBeLessThanOrEqual(10);
  expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'NOTPAY', next_query_at: expect.any(Date) });
});

test('its page is answered what is known', async () => {
  const { shopper, out_trade_no } = await orderOfBefore();
  const answer = await shop.checkOrder(shopper, out_trade_no);
  expect(answer).toMatchObject({ order: { out_trade_no, trade_state: 'NOTPAY' } });
});

test('its shopper can give it up, and WeChat is not asked', async () => {
  const { shopper, out_trade_no } = await orderOfBefore();
  const answer = await shop.cancelOrder(shopper, out_trade_no);
  expect(answer).toMatchObject({ order: { trade_state: 'NOTPAY', cancelled_at: expect.any(String) } });
  expect(shop.asked('/pay/orderquery', out_trade_no)).toBe(0);
  expect(shop.alarms('MERCHANT_MISCONFIGURED')).toEqual([]);
});
