import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE_MS } from './shop.ts';
import { openVirtualShop, type VirtualShop } from './virtual-shop.ts';

// A setting of one way to pay that is missing or wrong stops no order of the other.

let shop: VirtualShop;
afterAll(() => shop.close());

/** Buys through virtual payment, with the event lost, so that the timer has to find the money. */
async function buyVirtual(): Promise<string> {
  const shopper = shop.newShopper();
  const placed = await shop.placeVirtual(shopper);
  shop.payVirtualSilently(shopper, placed);
  return placed.order.out_trade_no;
}

describe('a shop whose merchant number and key are not set', () => {
  beforeAll(async () => {
    const none = { WECHAT_PAY_MCH_ID: '', WECHAT_PAY_API_KEY: '', WECHAT_PAY_TIMEOUT_MS: 'soon' };
    shop = await openVirtualShop(none);
  });

  test('sells through virtual payment, asks, cancels and settles', async () => {
    const paid = await buyVirtual();
    const shopper = shop.newShopper();
    const { order } = await shop.placeVirtual(shopper);
    const { out_trade_no } = order;
    expect(await shop.checkOrder(shopper, out_trade_no)).toMatchObject({ order: { trade_state: 'NOTPAY' } });
    const cancelled = await shop.cancelOrder(shopper, out_trade_no);
    expect(cancelled).toMatchObject({ order: { cancelled_at: expect.any(String) } });
    await shop.clock.advance(2 * MINUTE_MS);
    expect(shop.stored(paid).trade_state).toBe('SUCCESS');
    expect(shop.alarms('CONFIGURATION_WRONG')).toEqual([]);
  });

  test('refunds through virtual payment', async () => {
    const out_trade_no = await buyVirtual();
    await shop.clock.advance(2 * MINUTE_MS);
    const operator = await shop.newOperator();
    const answer = await shop.refundOrder(operator, shop.newRefund(out_trade_no, { refund_fee: 500 }));
    expect(answer).toMatchObject({ refund: { state: 'PROCESSING' } });
  });

  test('says of a product of WeChat Pay that the shop is not configured, and alarms its merchant', async () => {
    const answer = await shop.createOrder(shop.newShopper(), shop.newRequest());
    expect(answer).toMatchObject({ errcode: 'MERCHANT_MISCONFIGURED' });
    expect(shop.alarms('CONFIGURATION_WRONG')).toEqual(['MERCHANT_MISCONFIGURED']);
    await shop.close();
  });
});

describe.each([
  ['a key of WeChat Pay that is none', { WECHAT_PAY_API_KEY: 'short' }, 'WECHAT_PAY_API_KEY'],
  ['an AppSecret that is none', { WEIXIN_APP_SECRET: 'short' }, 'WEIXIN_APP_SECRET'],
])('a shop with %s', (_, wrong, name) => {
  test('calls its merchant in the timer’s next run, once, although no order is due', async () => {
    shop = await openVirtualShop(wrong);
    expect(await shop.sweep()).toMatchObject({ asked: 0, failed: 0, complete: true });
    await shop.sweep();
    expect(shop.cloud.documents('alarms')).toMatchObject([
      { code: 'MERCHANT_MISCONFIGURED', message: expect.stringContaining(name) },
    ]);
    // An order that needs it raises the same alarm, and none besides.
    await shop.createOrder(shop.newShopper(), shop.newRequest());
    await shop.createVirtual(shop.newShopper(), shop.virtualRequest(shop.newShopper()));
    expect(shop.alarms('CONFIGURATION_WRONG')).toEqual(['MERCHANT_MISCONFIGURED']);
    await shop.close();
  });
});

describe.each([
  ['no AppSecret', { WEIXIN_APP_SECRET: '' }],
  ['an origin that is none', { WEIXIN_API_ORIGIN: 'nowhere' }],
])('a shop with %s', (_, wrong) => {
  beforeAll(async () => {
    shop = await openVirtualShop(wrong);
  });

  test('sells through WeChat Pay, asks, settles and refunds', async () => {
    const shopper = shop.newShopper();
    const placed = await shop.place(shopper);
    shop.paySilently(shopper, placed);
    const { out_trade_no } = placed.order;
    await shop.clock.advance(2 * MINUTE_MS);
    expect(shop.stored(out_trade_no).trade_state).toBe('SUCCESS');
    const operator = await shop.newOperator();
    const answer = await shop.refundOrder(operator, shop.newRefund(out_trade_no));
    expect(answer).toMatchObject({ refund: { state: 'PROCESSING' } });
  });

  test('says of a product of virtual payment that the shop is not configured', async () => {
    const answer = await shop.createVirtual(shop.newShopper(), shop.virtualRequest(shop.newShopper()));
    expect(answer).toMatchObject({ errcode: 'MERCHANT_MISCONFIGURED' });
    expect(shop.alarms('CONFIGURATION_WRONG')).toEqual(['MERCHANT_MISCONFIGURED']);
    await shop.close();
  });
});
