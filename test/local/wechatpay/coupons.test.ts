import { expect, test } from 'vitest';
import type { CouponUse } from '../../../scripts/local/wechatpay/faults.ts';
import { createWorld, MERCHANT, OUT_TRADE_NO, PAYER } from './world.ts';

/** What is said of an order of 4,800 fen that was paid with these, in its notice and in the answer to orderquery. */
async function paidWith(...coupons: readonly Omit<CouponUse, 'kind'>[]) {
  const world = createWorld();
  const payment = world.payment(await world.order());
  for (const coupon of coupons) world.wechatpay.faults.add({ kind: 'use-coupon', ...coupon });
  expect(world.wechatpay.cashier.pay(payment, PAYER).errMsg).toBe('requestPayment:ok');
  await world.clock.advance(0);
  await world.wechatpay.noticesSettled();
  return { world, notice: world.received[0]?.notice ?? {}, answer: await world.query() };
}

const moneyIn = (message: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(message)
      .filter(([name]) => /^(total_fee|cash_fee|settlement_total_fee|coupon_.*)$/.test(name))
      .map(([name, value]) => [name, /^coupon_id/.test(name) ? 'an id' : value]),
  );

test.each<[string, Omit<CouponUse, 'kind'>[], Record<string, string>]>([
  ['no coupon', [], { cash_fee: '4800' }],
  [
    'a CASH coupon',
    [{ coupon_fee: 500 }],
    { cash_fee: '4300', coupon_fee: '500', coupon_count: '1', coupon_id_0: 'an id', coupon_fee_0: '500' },
  ],
  [
    'a NO_CASH coupon',
    [{ coupon_fee: 500, coupon_type: 'NO_CASH' }],
    {
      ...{ cash_fee: '4300', settlement_total_fee: '4300', coupon_fee: '500', coupon_count: '1' },
      ...{ coupon_id_0: 'an id', coupon_fee_0: '500', coupon_type_0: 'NO_CASH' },
    },
  ],
  [
    'one of each',
    [{ coupon_fee: 100 }, { coupon_fee: 200, coupon_type: 'NO_CASH' }],
    {
      ...{ cash_fee: '4500', settlement_total_fee: '4600', coupon_fee: '300', coupon_count: '2' },
      ...{ coupon_id_0: 'an id', coupon_fee_0: '100', coupon_type_0: 'CASH' },
      ...{ coupon_id_1: 'an id', coupon_fee_1: '200', coupon_type_1: 'NO_CASH' },
    },
  ],
  [
    'one that is worth more than the order, and one that is not needed',
    [{ coupon_fee: 9900 }, { coupon_fee: 100 }],
    { cash_fee: '0', coupon_fee: '4800', coupon_count: '1', coupon_id_0: 'an id', coupon_fee_0: '4800' },
  ],
])('%s: notice and answer say the same, and total_fee stays', async (_, coupons, money) => {
  const { notice, answer } = await paidWith(...coupons);
  expect(moneyIn(notice)).toEqual({ total_fee: '4800', ...money });
  expect(moneyIn(answer)).toEqual({ total_fee: '4800', ...money });
});

test('a coupon is used once, and only in the payment it was asked for', async () => {
  const { world } = await paidWith({ coupon_fee: 500 });
  world.wechatpay.faults.add({ kind: 'use-coupon', coupon_fee: 1, out_trade_no: 'another-order' });
  const payment = world.payment(await world.order({ out_trade_no: 'second-order' }));
  world.wechatpay.cashier.pay(payment, PAYER);
  expect(moneyIn(await world.query({ out_trade_no: 'second-order' }))).not.toHaveProperty('coupon_fee');
});

test('a payment that fails uses no coupon', async () => {
  const world = createWorld();
  const payment = world.payment(await world.order());
  world.wechatpay.faults.add({ kind: 'use-coupon', coupon_fee: 500 });
  world.wechatpay.faults.add({ kind: 'fail-payment', err_code: 'NOTENOUGH' });
  world.wechatpay.cashier.pay(payment, PAYER);
  world.wechatpay.cashier.pay(payment, PAYER);
  expect((await world.query()).coupon_fee).toBe('500');
});

test('coupons are kept from run to run', async () => {
  const { world, answer } = await paidWith({ coupon_fee: 500, coupon_type: 'NO_CASH' });
  const orders = JSON.parse(JSON.stringify(world.wechatpay.orders())) as unknown[];
  const second = createWorld({ orders });
  expect(moneyIn(await second.query())).toEqual(moneyIn(answer));
  expect(second.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.payment?.coupons).toHaveLength(1);
});
