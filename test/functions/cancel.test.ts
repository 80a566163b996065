import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { MINUTE_MS, openShop, type Shop, TIMER_MS } from './shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});
afterEach(() => shop.wechatpay.faults.clear());
afterAll(() => shop.close());

describe('a shopper gives an order up', () => {
  test('when it is young: no more signatures, and WeChat’s side is closed when it is old enough', async () => {
    const shopper = shop.newShopper();
    const request = shop.newRequest();
    const { order } = await shop.place(shopper, request);
    const { out_trade_no } = order;
    await shop.clock.advance(MINUTE_MS);
    const answer = await shop.cancelOrder(shopper, out_trade_no);
    expect(answer).toMatchObject({ order: { trade_state: 'NOTPAY', cancelled_at: expect.any(String) } });
    expect(await shop.createOrder(shopper, request)).toMatchObject({ errcode: 'ORDER_CLOSED', out_trade_no });
    expect(shop.atWeChat(out_trade_no)).toBe('NOTPAY');
    await shop.clock.advance(6 * MINUTE_MS + TIMER_MS);
    expect(shop.atWeChat(out_trade_no)).toBe('CLOSED');
    expect(shop.stored(out_trade_no)).toMatchObject({ trade_state: 'CLOSED', next_query_at: null });
  });

  test('when it is old enough: it is closed at once, at WeChat first', async () => {
    const shopper = shop.newShopper();
    const { order } = await shop.place(shopper);
    // Some seconds past the minute, so that the timer did not ask a moment ago.
    await shop.clock.advance(6 * MINUTE_MS + 10_000);
    const answer = await shop.cancelOrder(shopper, order.out_trade_no);
    expect(answer).toMatchObject({ order: { trade_state: 'CLOSED' } });
    expect(shop.atWeChat(order.out_trade_no)).toBe('CLOSED');
  });

  test('and had paid it already: the payment wins', async () => {
    const shopper = shop.newShopper();
    const answer = await shop.place(shopper);
    shop.paySilently(shopper, answer);
    const cancelled = await shop.cancelOrder(shopper, answer.order.out_trade_no);
    expect(cancelled).toMatchObject({ order: { trade_state: 'SUCCESS', cancelled_at: null } });
    expect(shop.membership(shopper)).toBeDefined();
  });

  test('and pays it a moment later, with a signature from before: the payment wins', async () => {
    const shopper = shop.newShopper();
    const answer = await shop.place(shopper);
    await shop.cancelOrder(shopper, answer.order.out_trade_no);
    shop.pay(shopper, answer);
    await shop.deliver();
    expect(shop.stored(answer.order.out_trade_no)).toMatchObject({ trade_state: 'SUCCESS' });
    expect(shop.membership(shopper)).toBeDefined();
    expect(shop.alarms(answer.order.out_trade_no)).toEqual([]);
  });

  test('and pays it while WeChat is closing it: the payment wins', async () => {
    const shopper = shop.newShopper();
    const { order } = await shop.place(shopper);
    const { out_trade_no } = order;
    await shop.clock.advance(6 * MINUTE_MS + 10_000);
    const run = () => shop.wechatpay.force(MERCHANT.mch_id, out_trade_no, 'SUCCESS');
    const unhook = shop.wechatpay.hook({ when: 'before', path: '/pay/closeorder', run });
    const answer = await shop.cancelOrder(shopper, out_trade_no);
    unhook();
    expect(answer).toMatchObject({ order: { trade_state: 'SUCCESS' } });
  });

  test('twice: the second answer is the same', async () => {
    const shopper = shop.newShopper();
    const { order } = await shop.place(shopper);
    const first = await shop.cancelOrder(shopper, order.out_trade_no);
    const second = await shop.cancelOrder(shopper, order.out_trade_no);
    expect('order' in second && second.order).toEqual('order' in first && first.order);
  });

  test('a moment after the page asked: it is cancelled all the same, and WeChat is not asked twice', async () => {
    const shopper = shop.newShopper();
    const { order } = await shop.place(shopper);
    await shop.checkOrder(shopper, order.out_trade_no);
    const answer = await shop.cancelOrder(shopper, order.out_trade_no);
    expect(answer).toMatchObject({ order: { cancelled_at: expect.any(String) } });
    expect(shop.asked('/pay/orderquery', order.out_trade_no)).toBe(1);
  });

  test('while WeChat does not answer: nothing is cancelled, since a payment may be there', async () => {
    const shopper = shop.newShopper();
    const { order } = await shop.place(shopper);
    shop.wechatpay.faults.add({ kind: 'refuse', err_code: 'SYSTEMERROR', path: '/pay/orderquery' });
    const answer = await shop.cancelOrder(shopper, order.out_trade_no);
    expect(answer).toMatchObject({ errcode: 'WECHATPAY_UNAVAILABLE' });
    expect(shop.stored(order.out_trade_no).cancelled_at).toBeNull();
  });

  test('that WeChat never saw: it is cancelled, and closed in the end', async () => {
    const shopper = shop.newShopper();
    const request = shop.newRequest();
    await shop.wechatpayServer.down();
    await shop.createOrder(shopper, request);
    await shop.wechatpayServer.up();
    const [stored] = shop.cloud.documents('orders').filter(({ _openid }) => _openid === shopper.openid);
    const out_trade_no = String(stored?._id);
    await shop.cancelOrder(shopper, out_trade_no);
    await shop.clock.advance(34 * MINUTE_MS);
    expect(shop.stored(out_trade_no)).toMatchObject({
      trade_state: 'CLOSED',
      cancelled_at: expect.any(Date),
    });
  });
});
