import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop } from './shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const NONE = { coupon_fee: null, settlement_total_fee: null };

/** The money of an order, as it is stored. */
function moneyOf(out_trade_no: string) {
  const { total_fee, cash_fee, coupon_fee, settlement_total_fee } = shop.stored(out_trade_no);
  return { total_fee, cash_fee, coupon_fee, settlement_total_fee };
}

test.each(['by its notice', 'by the timer'])(
  'an order paid with coupons is settled %s, and keeps them',
  async (how) => {
    const shopper = shop.newShopper();
    const answer = await shop.place(shopper);
    const { out_trade_no } = answer.order;
    shop.wechatpay.faults.add({ kind: 'use-coupon', coupon_fee: 300, out_trade_no });
    shop.wechatpay.faults.add({ kind: 'use-coupon', coupon_fee: 500, coupon_type: 'NO_CASH', out_trade_no });
    if (how === 'by its notice') {
      shop.pay(shopper, answer);
      await shop.deliver();
    } else {
      shop.paySilently(shopper, answer);
      await shop.untilAsked();
    }
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'SUCCESS', under_review: false });
    const money = { total_fee: 4800, cash_fee: 4000, coupon_fee: 800, settlement_total_fee: 4300 };
    expect(moneyOf(out_trade_no)).toEqual(money);
    expect(shop.membership(shopper)).toBeDefined();
    expect(shop.alarms(out_trade_no)).toEqual([]);
  },
);

test('an order that a coupon paid whole is settled', async () => {
  const shopper = shop.newShopper();
  const answer = await shop.place(shopper);
  const { out_trade_no } = answer.order;
  shop.wechatpay.faults.add({ kind: 'use-coupon', coupon_fee: 4800, out_trade_no });
  shop.pay(shopper, answer);
  await shop.deliver();
  expect(moneyOf(out_trade_no)).toEqual({ ...NONE, total_fee: 4800, cash_fee: 0, coupon_fee: 4800 });
  expect(shop.membership(shopper)).toBeDefined();
});

test('an order is made without these fields, as in earlier releases, and paid without coupons says so', async () => {
  const shopper = shop.newShopper();
  const answer = await shop.place(shopper);
  const { out_trade_no } = answer.order;
  const [stored] = shop.cloud.documents('orders').filter(({ _id }) => _id === out_trade_no);
  expect(stored).not.toHaveProperty('coupon_fee');
  shop.pay(shopper, answer);
  await shop.deliver();
  expect(moneyOf(out_trade_no)).toEqual({ ...NONE, total_fee: 4800, cash_fee: 4800 });
});
