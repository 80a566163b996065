import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../browser.ts';
import { buy, cashier, order, untilOrderIs } from './actions.ts';
import { shoot } from './screenshots.ts';
import { openWholeWorld, type WholeWorld } from './whole-world.ts';

describe.skipIf(!hasBrowser())('a world that sells through virtual payment', () => {
  let world: WholeWorld;
  beforeAll(async () => {
    world = await openWholeWorld({ sellsBy: 'virtualpay' });
  });
  afterEach(() => world.tidy());
  afterAll(() => world?.close());

  const orders = () => world.cloud.documents('orders');
  /** The newest at WeChat, which forgets nothing between the tests. */
  const atWeChat = () => world.virtualpay.orders().at(-1);

  test('every product is sold so, here on an iPhone through Apple', async () => {
    const page = await world.pickUp({ platform: 'ios' });
    await order(page);
    await page.getByRole('dialog', { name: 'App Store' }).getByTestId('apple-buy').click();
    await untilOrderIs(page, 'paid');
    await shoot(page, 'virtual-apple');
    expect(atWeChat()).toMatchObject({ is_apple: true });
    expect(world.wechatpay.orders()).toEqual([]);
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

  test('the console forges an event about an order that nobody paid, and nothing happens', async () => {
    const console = await world.openConsole();
    const phone = console.frameLocator('iframe[title="手机"]');
    await order(phone);
    // The console's phone is one on which every channel can be used: Android.
    await cashier(phone).waitFor();
    await console.getByTestId('switch-forge-event').click();
    await console.getByTestId('sequence').getByText('伪造的推送：never paid').waitFor();
    await console.getByTestId('sequence').getByText('不该相信它').waitFor();
    expect(orders()).toMatchObject([{ trade_state: 'NOTPAY' }]);
    await shoot(console, 'virtual-console');
  });
});
