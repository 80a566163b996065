import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { MINUTE_MS, openShop, type Shop, type Shopper } from './shop.ts';

let shop: Shop;
let operator: Shopper;

beforeAll(async () => {
  shop = await openShop();
  operator = await shop.newOperator();
});
afterAll(() => shop.close());

const REFUND = '/secapi/pay/refund';

/** Refunds, which must be answered, and gives the answer. */
async function refund(out_trade_no: string, change = {}) {
  const answer = await shop.refundOrder(operator, shop.newRefund(out_trade_no, change));
  if ('errcode' in answer) throw new Error(`${answer.errcode}: ${answer.errmsg}`);
  return answer;
}

/** What WeChat has of the refunds of an order. */
const atWeChat = (out_trade_no: string) =>
  (shop.wechatpay.order(MERCHANT.mch_id, out_trade_no)?.refunds ?? []).map(
    ({ refund_fee, refund_status }) => [refund_fee, refund_status],
  );

describe('an operator gives money back', () => {
  test('the whole of it: the order is REFUND, and the membership ends when that is booked', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    const answer = await refund(out_trade_no, { refund_fee: 4800 });
    expect(answer.refund).toMatchObject({ state: 'PROCESSING', takes: 'all', requested_by: operator.openid });
    expect(answer.order).toMatchObject({ trade_state: 'SUCCESS', refund_reserved_fee: 4800 });
    expect(shop.membership(shopper)?.getTime()).toBeGreaterThan(
      shop.clock.now().getTime() + 80 * 24 * 60 * MINUTE_MS,
    );

    await shop.clock.advance(MINUTE_MS);
    await shop.deliver();
    expect(shop.stored(out_trade_no)).toMatchObject({
      trade_state: 'REFUND',
      refunded_fee: 4800,
      refund_reserved_fee: 0,
      next_query_at: null,
      refunds: [{ refund_fee: 4800, state: 'SUCCESS' }],
    });
    expect(shop.membership(shopper)?.getTime()).toBeLessThanOrEqual(shop.clock.now().getTime());
    expect(atWeChat(out_trade_no)).toEqual([[4800, 'SUCCESS']]);
    expect(shop.alarms(out_trade_no)).toEqual([]);
  });

  test('a part of it takes its share of the days', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    const before = shop.membership(shopper)?.getTime() ?? 0;
    expect((await refund(out_trade_no, { refund_fee: 1600 })).refund.takes).toEqual({ days: 30 });
    await shop.clock.advance(MINUTE_MS);
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: 1600 });
    expect(shop.membership(shopper)?.getTime()).toBe(before - 30 * 24 * 60 * MINUTE_MS);
  });

  test('its answer is lost, and the timer finds it: one refund', async () => {
    const shopper = shop.newShopper();
    const out_trade_no = await shop.placePaid(shopper);
    shop.wechatpay.faults.add({ kind: 'break', when: 'after', path: REFUND, out_trade_no });
    shop.wechatpay.faults.add({ kind: 'lose-notice', out_trade_no, count: Number.POSITIVE_INFINITY });
    expect((await refund(out_trade_no)).refund.state).toBe('PROCESSING');
    await shop.clock.advance(2 * MINUTE_MS);
    expect(shop.refunds(out_trade_no)).toMatchObject([{ state: 'SUCCESS', refund_fee: 1000 }]);
    expect(atWeChat(out_trade_no)).toEqual([[1000, 'SUCCESS']]);
  });

  test('it never arrives, and the timer sends it again under the same number', async () => {
    const out_trade_no = await shop.placePaid(shop.newShopper());
    shop.wechatpay.faults.add({ kind: 'break', when: 'before', path: REFUND, out_trade_no });
    await refund(out_trade_no);
    await shop.clock.advance(5 * MINUTE_MS);
    expect(atWeChat(out_trade_no)).toEqual([[1000, 'SUCCESS']]);
    expect(shop.asked(REFUND, out_trade_no)).toBe(2);
  });
});
