import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../browser.ts';
import { buy, enter, order, untilOrderIs } from './actions.ts';
import { shoot } from './screenshots.ts';
import { MINUTE_MS, openWholeWorld, type WholeWorld } from './whole-world.ts';

describe.skipIf(!hasBrowser())('buying through virtual payment', () => {
  let world: WholeWorld;
  beforeAll(async () => {
    world = await openWholeWorld({ sellsBy: 'virtualpay' });
  });
  afterEach(() => world.tidy());
  afterAll(() => world?.close());

  const orders = () => world.cloud.documents('orders');
  /** The newest at WeChat, which forgets nothing between the tests. */
  const atWeChat = () => world.virtualpay.orders().at(-1);
  const buyOnIphone = async (page: Page) => {
    await order(page);
    await page.getByRole('dialog', { name: 'App Store' }).getByTestId('apple-buy').click();
  };

  test('on Android with a password, and the membership shows', async () => {
    const page = await world.pickUp({ platform: 'android' });
    await order(page);
    await shoot(page, 'virtual-cashier');
    await enter(page, '123456');
    await untilOrderIs(page, 'paid');
    expect(orders()).toMatchObject([{ trade_state: 'SUCCESS', channel: 'virtualpay', total_fee: 4800 }]);
    expect(world.wechatpay.orders()).toEqual([]);
  });

  test('on an iPhone through Apple', async () => {
    const page = await world.pickUp({ platform: 'ios' });
    await buyOnIphone(page);
    await untilOrderIs(page, 'paid');
    await shoot(page, 'virtual-apple');
    expect(atWeChat()).toMatchObject({ is_apple: true });
  });

  test('the event and the success get lost, every question fails: the timer finds the payment', async () => {
    const page = await world.pickUp({ platform: 'android' });
    const count = Number.POSITIVE_INFINITY;
    world.virtualpay.faults.add({ kind: 'lose-event', count });
    world.virtualpay.faults.add({ kind: 'lose-success' });
    const answerAgain = world.weixin.faults.add({
      ...{ kind: 'refuse', errcode: -1, path: '/xpay/query_order', count },
    });
    await buy(page);
    await expect
      .poll(() => atWeChat()?.out_trade_no === orders()[0]?._id && atWeChat()?.payment)
      .toBeTruthy();
    expect(orders()).toMatchObject([{ trade_state: 'NOTPAY' }]);
    answerAgain();
    await world.clock.advance(3 * MINUTE_MS);
    expect(orders()).toMatchObject([{ trade_state: 'SUCCESS' }]);
    await untilOrderIs(page, 'paid');
    expect(atWeChat()).toMatchObject({ status: 4 });
  });

  test('a session_key that is replaced between signing and paying: the phone signs in again by itself', async () => {
    const page = await world.pickUp({ platform: 'android' });
    const loginElsewhere = world.weixin.hook({
      when: 'after',
      path: '/sns/jscode2session',
      run: () => {
        loginElsewhere();
        world.weixin.sessions.replaceKey(String(orders()[0]?._openid));
      },
    });
    await buy(page);
    await untilOrderIs(page, 'paid');
    expect(world.calls.filter(({ name }) => name === 'createOrder')).toHaveLength(2);
  });

  test.each(['ios', 'android'] as const)(
    'an old WeChat on %s is told so, and no order is made',
    async (platform) => {
      const page = await world.pickUp({ platform, client: 'old' });
      await order(page);
      await page.getByText('微信版本过低').waitFor();
      expect(orders()).toEqual([]);
      await shoot(page, `virtual-old-${platform}`);
    },
  );

  test('the console forges an event about an order that nobody paid, and nothing happens', async () => {
    const console = await world.openConsole();
    const phone = console.frameLocator('iframe[title="手机"]');
    await order(phone);
    await phone.getByTestId('apple-buy').waitFor();
    await console.getByTestId('switch-forge-event').click();
    await console.getByTestId('sequence').getByText('伪造的推送：never paid').waitFor();
    await console.getByTestId('sequence').getByText('不该相信它').waitFor();
    expect(orders()).toMatchObject([{ trade_state: 'NOTPAY' }]);
    await shoot(console, 'virtual-console');
  });
});
