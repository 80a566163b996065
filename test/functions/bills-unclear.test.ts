import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBillDay } from '../../cloudfunctions/_shared/cloud/database/stores/bills.ts';
import type { BillDay } from '../../cloudfunctions/_shared/order/bills/day.ts';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { DAYS_PASS, MINUTE_MS, openShop, type Shop, type Shopper } from './shop.ts';

const DAY_MS = 24 * 60 * MINUTE_MS;

let shop: Shop;

beforeEach(async () => {
  shop = await openShop({}, DAYS_PASS);
});
afterEach(() => shop.close());

const day = (bill_date = '20270115'): BillDay | undefined =>
  shop.cloud
    .documents('bills')
    .map(readBillDay)
    .find((each) => each.bill_date === bill_date);

/** An order of each shopper that is closed here, for which money came of which WeChat notifies nobody. */
async function paidAfterClose(...shoppers: readonly Shopper[]): Promise<string[]> {
  const placed = await Promise.all(shoppers.map((shopper) => shop.place(shopper)));
  await shop.clock.advance(40 * MINUTE_MS);
  return placed.map(({ order: { out_trade_no } }) => {
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'CLOSED', next_query_at: null });
    shop.wechatpay.force(MERCHANT.mch_id, out_trade_no, 'SUCCESS');
    return out_trade_no;
  });
}

test.each([
  ['how often it is asked', 'FREQUENCY_LIMITED'],
  ['the merchant’s settings', 'NOAUTH'],
] as const)(
  'WeChat refuses one of two questions for %s: the day stays open, and a later run asks again',
  async (_why, err_code) => {
    const numbers = await paidAfterClose(shop.newShopper(), shop.newShopper());
    // The other question is answered after this one, and well.
    shop.wechatpay.faults.add({ kind: 'refuse', err_code, path: '/pay/orderquery', count: 1 });
    await shop.clock.advance(DAY_MS);
    expect(day()).toMatchObject({ state: 'OPEN', differences: { repaired: 1, alarmed: 0 } });
    await shop.timers.runNow('reconcileBills');
    expect(day()).toMatchObject({ state: 'DONE', differences: { repaired: 2, alarmed: 0 } });
    for (const each of numbers) expect(shop.stored(each)).toMatchObject({ trade_state: 'SUCCESS' });
  },
);

test('an order that somebody edited into nonsense is named, and keeps no other and no later day waiting', async () => {
  const [broken = '', other = ''] = await paidAfterClose(shop.newShopper(), shop.newShopper());
  await shop.edit('orders', broken, { next_query_at: '2027-01-16 20:00' });
  await shop.clock.advance(DAY_MS);
  const [later = ''] = await paidAfterClose(shop.newShopper());
  await shop.clock.advance(DAY_MS);
  for (const each of [other, later]) expect(shop.stored(each)).toMatchObject({ trade_state: 'SUCCESS' });
  expect(day()).toMatchObject({ state: 'OPEN' });
  expect(day('20270116')).toMatchObject({ state: 'DONE', differences: { repaired: 1 } });
  expect(shop.alarms(broken)).toEqual(['ORDER_UNREADABLE']);

  await shop.edit('orders', broken, { next_query_at: null });
  await shop.clock.advance(DAY_MS);
  expect(shop.stored(broken)).toMatchObject({ trade_state: 'SUCCESS' });
  expect(day()).toMatchObject({ state: 'DONE', differences: { repaired: 2 } });
});

test('a refund whose document is gone is named by the order it is of, and keeps no other waiting', async () => {
  const operator = await shop.newOperator();
  const [broken, other] = [await shop.placePaid(shop.newShopper()), await shop.placePaid(shop.newShopper())];
  const { out_refund_no } = await begunRefund(broken);
  await begunRefund(other);
  await shop.cloud.dispatch({
    ...{ action: 'database.removeDocument', collectionName: 'refunds' },
    query: JSON.stringify({ _id: out_refund_no }),
  });
  await shop.clock.advance(60 * MINUTE_MS);
  expect(shop.alarms(broken)).toEqual(['ORDER_UNREADABLE']);
  expect(shop.stored(other)).toMatchObject({ trade_state: 'REFUND' });

  async function begunRefund(out_trade_no: string) {
    shop.wechatpay.faults.add({ kind: 'refuse', err_code: 'SYSTEMERROR', path: '/secapi/pay/refund' });
    const answer = await shop.refundOrder(operator, shop.newRefund(out_trade_no));
    if (!('refund' in answer)) throw new Error(answer.errcode);
    return answer.refund;
  }
});
