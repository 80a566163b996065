import { afterEach, describe, expect, test } from 'vitest';
import { MINUTE_MS, openShop, type Shop, TIMER_MS } from './shop.ts';

let shop: Shop;

afterEach(() => shop.close());

test('a shop that signs with MD5 sells as well', async () => {
  shop = await openShop({ WECHAT_PAY_SIGN_TYPE: 'MD5' });
  const shopper = shop.newShopper();
  const answer = await shop.place(shopper);
  expect(answer.payment.signType).toBe('MD5');
  shop.pay(shopper, answer);
  await shop.deliver();
  expect(shop.stored(answer.order.out_trade_no).trade_state).toBe('SUCCESS');
});

describe('orders that live 10 minutes', () => {
  test('are closed after 10 minutes', async () => {
    shop = await openShop({ ORDER_LIFETIME_MINUTES: '10' });
    const { order } = await shop.place(shop.newShopper());
    await shop.clock.advance(9 * MINUTE_MS);
    expect(shop.stored(order.out_trade_no).trade_state).toBe('NOTPAY');
    await shop.clock.advance(MINUTE_MS + TIMER_MS);
    expect(shop.stored(order.out_trade_no).trade_state).toBe('CLOSED');
    expect(shop.atWeChat(order.out_trade_no)).toBe('CLOSED');
  });

  test('are not sent to WeChat any more when they could not be closed at their end', async () => {
    shop = await openShop({ ORDER_LIFETIME_MINUTES: '10' });
    const shopper = shop.newShopper();
    const request = shop.newRequest();
    await shop.wechatpayServer.down();
    expect(await shop.createOrder(shopper, request)).toMatchObject({ errcode: 'WECHATPAY_UNAVAILABLE' });
    await shop.wechatpayServer.up();
    // At five and a half minutes from its end: the call that sends it may take 20 seconds.
    await shop.clock.advance(4.5 * MINUTE_MS);
    const answer = await shop.createOrder(shopper, request);
    expect(answer).toMatchObject({ errcode: 'ORDER_CLOSED' });
    const [stored] = shop.cloud.documents('orders');
    expect(shop.atWeChat(String(stored?._id))).toBeUndefined();
  });

  test('are sent as long as they can be closed at their end', async () => {
    shop = await openShop({ ORDER_LIFETIME_MINUTES: '10' });
    const shopper = shop.newShopper();
    const request = shop.newRequest();
    await shop.wechatpayServer.down();
    expect(await shop.createOrder(shopper, request)).toMatchObject({ errcode: 'WECHATPAY_UNAVAILABLE' });
    await shop.wechatpayServer.up();
    await shop.clock.advance(4 * MINUTE_MS + 20_000);
    const { order } = await shop.place(shopper, request);
    // On a slow machine an order can be a second younger than the world, and end just after a run of the timer.
    await shop.clock.advance(6 * MINUTE_MS + TIMER_MS);
    expect(shop.atWeChat(order.out_trade_no)).toBe('CLOSED');
  });
});

test('an order that lives 110 minutes can be paid in its last minute, under the prepay_id of its first', async () => {
  shop = await openShop({ ORDER_LIFETIME_MINUTES: '110' });
  const shopper = shop.newShopper();
  const request = shop.newRequest();
  await shop.place(shopper, request);
  await shop.clock.advance(109 * MINUTE_MS);
  const again = await shop.createOrder(shopper, request);
  if ('errcode' in again) throw new Error(again.errcode);
  shop.pay(shopper, again);
  await shop.deliver();
  expect(shop.membership(shopper)).toBeDefined();
});

describe('a merchant that is not configured', () => {
  test.each([
    ['createOrder', 'no key', { WECHAT_PAY_API_KEY: '' }],
    ['createOrder', 'a lifetime too short', { ORDER_LIFETIME_MINUTES: '5' }],
    [
      'createOrder',
      'a notify URL that WeChat Pay does not take',
      { WECHAT_PAY_NOTIFY_URL: 'https://pay.example.com/[payNotify]' },
    ],
  ])('%s with %s says so by code, reveals no value, and raises one alarm', async (_name, _why, variables) => {
    shop = await openShop(variables);
    const answer = await shop.createOrder(shop.newShopper(), shop.newRequest());
    expect(answer).toMatchObject({ errcode: 'MERCHANT_MISCONFIGURED', now: expect.any(String) });
    expect(JSON.stringify(answer)).not.toMatch(/WECHAT_PAY|LIFETIME/);
    await shop.createOrder(shop.newShopper(), shop.newRequest());
    expect(shop.alarms('CONFIGURATION_WRONG')).toEqual(['MERCHANT_MISCONFIGURED']);
    expect(shop.cloud.documents('orders')).toEqual([]);
  });

  test('an order that WeChat Pay would refuse for what it is asked with is not saved', async () => {
    shop = await openShop();
    const shopper = { ...shop.newShopper(), appid: 'wx 10ca110ca110ca11' };
    const answer = await shop.createOrder(shopper, shop.newRequest());
    expect(answer).toMatchObject({ errcode: 'MERCHANT_MISCONFIGURED' });
    expect(shop.alarms('PARAMETER_REFUSED')).toEqual(['MERCHANT_MISCONFIGURED']);
    expect(shop.cloud.documents('orders')).toEqual([]);
    expect(shop.cloud.documents('users')).toEqual([]);
  });

  test('queryOrders logs it before it fails, where the shop cannot be paid in another way', async () => {
    shop = await openShop({ WECHAT_PAY_MCH_ID: '', VIRTUAL_PAY_APP_KEY: '', VIRTUAL_PAY_OFFER_ID: '' });
    await expect(shop.sweep()).rejects.toMatchObject({ code: 'FUNCTIONS_EXECUTE_FAIL' });
    expect(shop.host.logs.map(({ line }) => line).join('\n')).toContain('WECHAT_PAY_MCH_ID is missing');
    expect(shop.alarms('CONFIGURATION_WRONG')).toEqual(['MERCHANT_MISCONFIGURED']);
  });
});

describe('a database in trouble', () => {
  test('an alarm that cannot be kept stops neither the run nor the answer', async () => {
    shop = await openShop();
    const placed = await Promise.all([1, 2, 3].map(() => shop.place(shop.newShopper())));
    await shop.clock.advance(40_000);
    for (const { order } of placed) shop.wechatpay.force('1230000109', order.out_trade_no, 'SUCCESS');
    const [first] = placed;
    const out_trade_no = first?.order.out_trade_no ?? '';
    shop.wechatpay.faults.add({ kind: 'refuse', err_code: 'NOAUTH', path: '/pay/orderquery', out_trade_no });
    shop.cloud.faults.add({ kind: 'expired', collection: 'alarms', times: 9 });
    shop.cloud.faults.add({ kind: 'cut-before', collection: 'alarms', times: 9 });
    expect(await shop.sweep()).toMatchObject({ settled: 2, failed: 1, complete: true });
  });

  test.each(['conflict', 'busy', 'expired', 'cut-before', 'cut-after'] as const)(
    'a %s in the middle of a settlement is met by settling again, once',
    async (kind) => {
      shop = await openShop();
      const shopper = shop.newShopper();
      const answer = await shop.place(shopper);
      shop.cloud.faults.add({ kind, function: 'payNotify', collection: 'orders' });
      shop.pay(shopper, answer);
      await shop.deliver();
      expect(shop.stored(answer.order.out_trade_no).trade_state).toBe('SUCCESS');
      const days = ((shop.membership(shopper)?.getTime() ?? 0) - shop.clock.now().getTime()) / 86_400_000;
      expect(Math.round(days)).toBe(90);
    },
  );

  test.each(['conflict', 'cut-before', 'cut-after'] as const)(
    'a commit that ends in %s is met by settling again, and nothing is added twice',
    async (kind) => {
      shop = await openShop();
      const shopper = shop.newShopper();
      const answer = await shop.place(shopper);
      shop.cloud.faults.add({ kind, function: 'payNotify', action: 'database.commitTransaction' });
      shop.pay(shopper, answer);
      await shop.deliver();
      expect(shop.stored(answer.order.out_trade_no).trade_state).toBe('SUCCESS');
      const days = ((shop.membership(shopper)?.getTime() ?? 0) - shop.clock.now().getTime()) / 86_400_000;
      expect(Math.round(days)).toBe(90);
    },
  );

  test('a database that does not answer is reported by code, with nothing of our inside', async () => {
    shop = await openShop();
    shop.cloud.faults.add({ kind: 'cut-before', collection: 'orders', times: 9 });
    const answer = await shop.createOrder(shop.newShopper(), shop.newRequest());
    expect(answer).toEqual({
      errcode: 'INTERNAL_ERROR',
      errmsg: 'Something went wrong here. The same call can be made again.',
      now: expect.any(String),
    });
  });

  test('an idle connection that died costs the shopper nothing', async () => {
    shop = await openShop();
    const shopper = shop.newShopper();
    await shop.place(shopper);
    shop.cloud.faults.add({ kind: 'reset', function: 'createOrder', times: 3 });
    expect(await shop.createOrder(shopper, shop.newRequest())).toHaveProperty('payment');
  });
});
