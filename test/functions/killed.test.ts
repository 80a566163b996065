import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FUNCTIONS_DIRECTORY } from '../../scripts/build.ts';
import { FunctionHost } from '../../scripts/local/cloud/functions/host.ts';
import { ENV_ID, MERCHANT } from '../../scripts/local/local-world.ts';
import { functions } from '../../scripts/manifest.ts';
import { MINUTE_MS, openShop, type Shop } from './shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

describe('createOrder is killed', () => {
  test.each([
    ['after it saved the order, before it asked WeChat', 'before'],
    ['after WeChat worked on its question, before the answer came', 'after'],
  ] as const)('%s: the same call goes on with the same order', async (_, when) => {
    const shopper = shop.newShopper();
    const request = shop.newRequest();
    const run = () => shop.host.kill('createOrder');
    const unhook = shop.wechatpay.hook({ when, path: '/pay/unifiedorder', run });
    await expect(shop.createOrder(shopper, request)).rejects.toMatchObject({
      code: 'FUNCTIONS_EXECUTE_FAIL',
    });
    unhook();
    const orders = () => shop.cloud.documents('orders').filter(({ _openid }) => _openid === shopper.openid);
    expect(orders()).toMatchObject([{ trade_state: 'NOTPAY', prepay_id: null }]);

    const answer = await shop.createOrder(shopper, request);
    if ('errcode' in answer) throw new Error(answer.errcode);
    expect(orders()).toHaveLength(1);
    shop.pay(shopper, answer);
    await shop.deliver();
    expect(shop.membership(shopper)).toBeDefined();
  });

  test('after it saved the order, and the shopper never comes back: the order is closed in the end', async () => {
    const shopper = shop.newShopper();
    shop.cloud.faults.add({
      kind: 'kill-after',
      function: 'createOrder',
      collection: 'orders',
      action: 'database.insertDocument',
    });
    await expect(shop.createOrder(shopper, shop.newRequest())).rejects.toThrow();
    await shop.clock.advance(40 * MINUTE_MS);
    const [order] = shop.cloud.documents('orders').filter(({ _openid }) => _openid === shopper.openid);
    expect(order).toMatchObject({ trade_state: 'CLOSED', prepay_id: null });
  });
});

describe('payNotify is killed', () => {
  test('after it settled, before it replied: WeChat repeats, and nothing is added twice', async () => {
    const shopper = shop.newShopper();
    const answer = await shop.place(shopper);
    shop.paySilently(shopper, answer);
    const { out_trade_no } = answer.order;
    shop.cloud.faults.add({
      kind: 'kill-after',
      function: 'payNotify',
      action: 'database.commitTransaction',
    });
    const [lost] = await shop.wechatpay.resendNotice(MERCHANT.mch_id, out_trade_no);
    expect(lost?.outcome).not.toBe('SUCCESS');
    const until = shop.membership(shopper);
    expect(until).toBeDefined();
    expect(await shop.wechatpay.resendNotice(MERCHANT.mch_id, out_trade_no)).toMatchObject([
      { outcome: 'SUCCESS' },
    ]);
    expect(shop.membership(shopper)).toEqual(until);
  });

  test('between the two writes of its transaction: neither is there, and the next notice does both', async () => {
    const shopper = shop.newShopper();
    const answer = await shop.place(shopper);
    shop.paySilently(shopper, answer);
    const { out_trade_no } = answer.order;
    shop.cloud.faults.add({
      kind: 'kill-after',
      function: 'payNotify',
      collection: 'users',
      action: 'database.modifyDocument',
    });
    await shop.wechatpay.resendNotice(MERCHANT.mch_id, out_trade_no);
    expect(shop.stored(out_trade_no).trade_state).toBe('NOTPAY');
    expect(shop.membership(shopper)).toBeUndefined();
    // The dead function's transaction holds both documents until the platform gives it up after 30 seconds.
    await shop.clock.advance(31_000);
    await shop.wechatpay.resendNotice(MERCHANT.mch_id, out_trade_no);
    expect(shop.stored(out_trade_no).trade_state).toBe('SUCCESS');
    expect(shop.membership(shopper)).toBeDefined();
  });
});

describe('a warm instance that another shopper used', () => {
  test('takes the shopper of this call, not of the one before', async () => {
    const [first, second] = [shop.newShopper(), shop.newShopper()];
    await shop.place(first);
    const answer = await shop.place(second);
    expect(shop.stored(answer.order.out_trade_no)._openid).toBe(second.openid);
  });

  test('takes nobody when the call has no shopper', async () => {
    await shop.place(shop.newShopper());
    const answer = await shop.host.callFromFunction('createOrder', shop.newRequest());
    expect(answer).toMatchObject({ errcode: 'OPENID_MISSING' });
  });

  test('still runs the timer: an openid left in the process is not this call’s', async () => {
    await shop.sweep();
    const { openid, appid } = shop.newShopper();
    // Without its rule a shopper reaches queryOrders, is refused, and leaves an openid behind in the warm process.
    const event = { userInfo: { openId: openid } };
    const call = { functionName: 'queryOrders', from: 'mini-program', source: 'wx_client', event } as const;
    const unruled = new FunctionHost({
      clock: shop.clock,
      trace: shop.trace,
      functions: functions.map((manifest) => ({ ...manifest, invoke: 'shoppers' })),
      directory: FUNCTIONS_DIRECTORY,
      envId: ENV_ID,
      baseEnv: shop.cloudServer.env,
      variables: { WECHAT_PAY_MCH_ID: MERCHANT.mch_id, WECHAT_PAY_API_KEY: MERCHANT.api_key },
    });
    const refused = await unruled.invoke({ ...call, shopper: { openid, appid } });
    expect(refused).toMatchObject({ kind: 'answered', result: '{"errcode":"FORBIDDEN"}' });
    const timer = {
      functionName: 'queryOrders',
      from: 'timer',
      source: 'wx_trigger',
      event: { Type: 'Timer' },
    } as const;
    const swept = await unruled.invoke(timer);
    await unruled.close();
    expect(JSON.parse(swept.kind === 'answered' ? swept.result : '{}')).toMatchObject({ complete: true });
  });
});
