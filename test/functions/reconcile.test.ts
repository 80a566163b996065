import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { MINUTE_MS, openShop, type Shop, TIMER_MS } from './shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({ WECHAT_PAY_TIMEOUT_MS: '3000' });
});
afterEach(() => shop.wechatpay.faults.clear());
afterAll(() => shop.close());

const ORDERQUERY = '/pay/orderquery';
const CLOSEORDER = '/pay/closeorder';
const forever = { count: Number.POSITIVE_INFINITY };

describe('a payment that no notice reported', () => {
  test('is found by the timer', async () => {
    const shopper = shop.newShopper();
    const answer = await shop.place(shopper);
    shop.paySilently(shopper, answer);
    await shop.untilAsked();
    expect(shop.stored(answer.order.out_trade_no).trade_state).toBe('SUCCESS');
    expect(shop.membership(shopper)).toBeDefined();
  });

  test('is found by the order page, at once', async () => {
    const shopper = shop.newShopper();
    const answer = await shop.place(shopper);
    shop.paySilently(shopper, answer);
    const checked = await shop.checkOrder(shopper, answer.order.out_trade_no);
    expect(checked).toMatchObject({ order: { trade_state: 'SUCCESS', expires_at: expect.any(String) } });
  });

  test('the order page asks WeChat at most every three seconds', async () => {
    const shopper = shop.newShopper();
    const fiveTimes = (out_trade_no: string) =>
      Promise.all(Array.from({ length: 5 }, () => shop.checkOrder(shopper, out_trade_no)));
    // Warm instances first: on a busy machine three real seconds can pass while five of them start.
    await fiveTimes('0'.repeat(32));
    const { order } = await shop.place(shopper);
    await fiveTimes(order.out_trade_no);
    expect(shop.asked(ORDERQUERY, order.out_trade_no)).toBe(1);
    await shop.clock.advance(4000);
    await shop.checkOrder(shopper, order.out_trade_no);
    expect(shop.asked(ORDERQUERY, order.out_trade_no)).toBe(2);
  });
});

describe('an order that is not paid', () => {
  test('is closed at its end, at WeChat first', async () => {
    const { order } = await shop.place(shop.newShopper());
    await shop.clock.advance(29 * MINUTE_MS);
    expect(shop.stored(order.out_trade_no).trade_state).toBe('NOTPAY');
    await shop.clock.advance(MINUTE_MS + TIMER_MS);
    expect(shop.atWeChat(order.out_trade_no)).toBe('CLOSED');
    expect(shop.stored(order.out_trade_no)).toMatchObject({ trade_state: 'CLOSED', next_query_at: null });
    expect(shop.asked(CLOSEORDER, order.out_trade_no)).toBe(1);
  });

  test('is not closed here while WeChat does not close it', async () => {
    const { order } = await shop.place(shop.newShopper());
    const { out_trade_no } = order;
    shop.wechatpay.faults.add({ kind: 'refuse', err_code: 'SYSTEMERROR', path: CLOSEORDER, ...forever });
    await shop.clock.advance(40 * MINUTE_MS);
    expect(shop.stored(out_trade_no).trade_state).toBe('NOTPAY');
    shop.wechatpay.faults.clear();
    await shop.clock.advance(20 * MINUTE_MS);
    expect(shop.stored(out_trade_no).trade_state).toBe('CLOSED');
  });

  test('a payment that lands while it is being closed wins', async () => {
    const shopper = shop.newShopper();
    const answer = await shop.place(shopper);
    const { out_trade_no } = answer.order;
    const unhook = shop.wechatpay.hook({
      when: 'before',
      path: CLOSEORDER,
      run: (call) =>
        call.out_trade_no === out_trade_no && shop.wechatpay.force(MERCHANT.mch_id, out_trade_no, 'SUCCESS'),
    });
    await shop.clock.advance(30 * MINUTE_MS + TIMER_MS);
    unhook();
    expect(shop.stored(out_trade_no).trade_state).toBe('SUCCESS');
    expect(shop.membership(shopper)).toBeDefined();
    expect(shop.alarms(out_trade_no)).toEqual([]);
  });

  test('money for an order that was closed is honoured, and a human is alerted', async () => {
    const shopper = shop.newShopper();
    const { order } = await shop.place(shopper);
    await shop.clock.advance(30 * MINUTE_MS + TIMER_MS);
    expect(shop.stored(order.out_trade_no).trade_state).toBe('CLOSED');
    shop.wechatpay.force(MERCHANT.mch_id, order.out_trade_no, 'SUCCESS');
    await shop.wechatpay.resendNotice(MERCHANT.mch_id, order.out_trade_no);
    expect(shop.stored(order.out_trade_no).trade_state).toBe('SUCCESS');
    expect(shop.membership(shopper)).toBeDefined();
    expect(shop.alarms(order.out_trade_no)).toEqual(['PAID_AFTER_CLOSE']);
  });

  test('a refund that somebody else made before we saw the payment is booked, and a human is alerted', async () => {
    const shopper = shop.newShopper();
    const { order } = await shop.place(shopper);
    shop.wechatpay.force(MERCHANT.mch_id, order.out_trade_no, 'REFUND');
    await shop.untilAsked();
    await shop.clock.advance(TIMER_MS + 1000);
    expect(shop.stored(order.out_trade_no)).toMatchObject({ trade_state: 'REFUND', refunded_fee: 4800 });
    expect(shop.membership(shopper)?.getTime()).toBeLessThanOrEqual(shop.clock.now().getTime());
    expect(shop.alarms(order.out_trade_no)).toEqual(['REFUND_BEFORE_PAYMENT']);
  });

  test('an order that never reached WeChat is closed in the end, and is not in the shopper’s way', async () => {
    // So that the run at which the one that WeChat has is closed comes before the others can be.
    await shop.untilTimer();
    await shop.clock.advance(MINUTE_MS / 2);
    const shopper = shop.newShopper();
    await shop.wechatpayServer.down();
    const wishes = Array.from({ length: 6 }, () => shop.newRequest());
    for (const request of wishes) {
      expect(await shop.createOrder(shopper, request)).toMatchObject({ errcode: 'WECHATPAY_UNAVAILABLE' });
    }
    await shop.wechatpayServer.up();
    expect(await shop.createOrder(shopper, shop.newRequest())).toHaveProperty('payment');
    await shop.clock.advance(31.5 * MINUTE_MS);
    const states = () =>
      shop.cloud
        .documents('orders')
        .flatMap((order) => (order._openid === shopper.openid ? [order.trade_state] : []));
    expect(states().filter((state) => state === 'NOTPAY').length).toBeGreaterThanOrEqual(6);
    await shop.clock.advance(10 * MINUTE_MS);
    expect(states()).toEqual(Array(7).fill('CLOSED'));
  });
});

describe('unknown is not failed', () => {
  test.each([
    ['answers SYSTEMERROR', { kind: 'refuse', err_code: 'SYSTEMERROR' }],
    ['breaks the connection before the work', { kind: 'break', when: 'before' }],
    ['breaks the connection after the work', { kind: 'break', when: 'after' }],
    ['does not answer in time', { kind: 'slow', ms: 60 * MINUTE_MS }],
  ] as const)('when WeChat %s, the order is kept and the same call can be made again', async (_, fault) => {
    const shopper = shop.newShopper();
    const request = shop.newRequest();
    // Twice, since a connection that broke while idle is tried again at once.
    shop.wechatpay.faults.add({ ...fault, path: '/pay/unifiedorder', count: 2 });
    expect(await shop.createOrder(shopper, request)).toMatchObject({ errcode: 'WECHATPAY_UNAVAILABLE' });
    shop.wechatpay.faults.clear();
    const again = await shop.createOrder(shopper, request);
    expect(again).toHaveProperty('payment');
    expect(shop.cloud.documents('orders').filter(({ _openid }) => _openid === shopper.openid)).toHaveLength(
      1,
    );
  });

  test('WeChat is down while the timer runs: the order stays as it is and is asked about again', async () => {
    const shopper = shop.newShopper();
    const answer = await shop.place(shopper);
    shop.paySilently(shopper, answer);
    await shop.wechatpayServer.down();
    await shop.untilAsked();
    expect(shop.stored(answer.order.out_trade_no)).toMatchObject({ trade_state: 'NOTPAY', query_count: 1 });
    await shop.wechatpayServer.up();
    await shop.clock.advance(2 * MINUTE_MS + 2 * TIMER_MS);
    expect(shop.stored(answer.order.out_trade_no).trade_state).toBe('SUCCESS');
  });

  test('a merchant misconfiguration is reported as such, raises one alarm, and settles nothing', async () => {
    const shopper = shop.newShopper();
    const fault = { kind: 'refuse', err_code: 'NOAUTH', path: '/pay/unifiedorder', count: 2 } as const;
    shop.wechatpay.faults.add(fault);
    for (let time = 0; time < 2; time++) {
      const answer = await shop.createOrder(shopper, shop.newRequest());
      expect(answer).toMatchObject({ errcode: 'MERCHANT_MISCONFIGURED' });
    }
    expect(shop.alarms('RETURN_FAIL')).toEqual(['MERCHANT_MISCONFIGURED']);
  });
});
