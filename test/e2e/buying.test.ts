import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../browser.ts';
import {
  buy,
  cashier,
  closeCashier,
  enter,
  openOrders,
  order,
  orderUnpaid,
  pageOf,
  tapKeys,
  untilOrderIs,
} from './actions.ts';
import { changeProduct } from './documents.ts';
import { shoot } from './screenshots.ts';
import { cutDatabase, keepWeChatSilent, refuse } from './troubles.ts';
import { openWholeWorld, type WholeWorld } from './whole-world.ts';

describe.skipIf(!hasBrowser())('buying', () => {
  let world: WholeWorld;
  beforeAll(async () => {
    world = await openWholeWorld();
  });
  afterEach(() => world.tidy());
  afterAll(() => world?.close());

  const orders = () => world.cloud.documents('orders');

  test('a card, months, six digits: confirming until the server knows, then paid, and the membership shows', async () => {
    const page = await world.pickUp();
    const shop = pageOf(page, 'shop');
    await page.getByTestId('product-market').waitFor();
    await shoot(page, 'shop');
    await page.getByTestId('product-market').click();
    await page.getByTestId('months-6').click();
    expect(await page.getByTestId('total').textContent()).toBe('合计 · 省 ¥40¥188.00');
    expect(await page.getByTestId('pay').textContent()).toBe('支付 ¥188.00');
    await shoot(page, 'shop-chosen');

    const speak = keepWeChatSilent(world);
    await page.getByTestId('pay').click();
    expect(await cashier(page).getByTestId('pay-amount').textContent()).toBe('¥188.00');
    await tapKeys(page, '12345');
    await shoot(page, 'cashier');
    await tapKeys(page, '6');
    await untilOrderIs(page, 'confirming');
    expect(await pageOf(page, 'order').textContent()).not.toContain('成功');
    await shoot(page, 'order-confirming');
    speak();
    await untilOrderIs(page, 'paid');
    await pageOf(page, 'order')
      .getByText(/^\d{4} 年 7 月 15 日$/)
      .waitFor();
    await shoot(page, 'order-paid');

    await page.getByRole('button', { name: '完成' }).click();
    await page
      .getByTestId('product-market')
      .getByText(/^有效期至 \d{4}\.07\.15$/)
      .waitFor();
    await shop.getByText(/^延长 \d+ 个月$/).waitFor();
    await shoot(page, 'shop-held');
    const mine = await openOrders(page);
    await mine
      .getByTestId('membership-market')
      .getByText(/^\d{4}\.07\.15 到期$/)
      .waitFor();
    const [paid] = orders();
    await mine.getByTestId(`order-${paid?._id}`).getByText('已支付').waitFor();
    await shoot(page, 'orders-held');
    expect(orders()).toMatchObject([{ trade_state: 'SUCCESS', total_fee: 18_800, months: 6 }]);
  });

  test('a membership that is held is extended, and the shop says so before', async () => {
    const page = await world.pickUp();
    await buy(page);
    await untilOrderIs(page, 'paid');
    await page.getByRole('button', { name: '完成' }).click();
    await page
      .getByTestId('product-city')
      .getByText(/^有效期至/)
      .waitFor();
    await buy(page);
    await untilOrderIs(page, 'paid');
    await pageOf(page, 'order')
      .getByText(/^\d{4} 年 7 月 15 日$/)
      .waitFor();
    await shoot(page, 'order-extended');
    expect(orders()).toHaveLength(2);
  });

  test('the cashier is closed, and the same order is paid later', async () => {
    const page = await world.pickUp();
    await orderUnpaid(page);
    const shown = pageOf(page, 'order');
    await shown.getByText(/你尚未付款/).waitFor();
    expect(await page.getByTestId('pay-again').textContent()).toBe('继续支付 ¥48.00');
    await shoot(page, 'order-unpaid');
    await page.getByTestId('pay-again').click();
    await enter(page, '654321');
    await untilOrderIs(page, 'paid');
    expect(orders()).toMatchObject([{ trade_state: 'SUCCESS' }]);
  });

  test('a price that changed since it was read is asked for, never slipped in', async () => {
    const page = await world.pickUp();
    await page.getByTestId('months-3').click();
    await changeProduct(world.cloud, 'city', { options: [{ months: 3, total_fee: 5200 }] });
    await page.getByTestId('pay').click();
    await page.getByTestId('notice').getByText('价格已更新').waitFor();
    await shoot(page, 'shop-price-changed');
    expect(orders()).toEqual([]);
    expect(await page.getByTestId('pay').textContent()).toBe('支付 ¥52.00');
    await page.getByTestId('pay').click();
    expect(await cashier(page).getByTestId('pay-amount').textContent()).toBe('¥52.00');
    await enter(page, '123456');
    await untilOrderIs(page, 'paid');
    expect(orders()).toMatchObject([{ total_fee: 5200 }]);
  });

  test('an order left unpaid at an earlier price gives way to one at the price on the button', async () => {
    const page = await world.pickUp();
    const priced = (total_fee: number) => ({ options: [{ months: 3, total_fee }] });
    await changeProduct(world.cloud, 'city', priced(6800));
    await page.evaluate(`__sim.wx.reLaunch({ url: '/pages/shop/shop' })`);
    await page.getByRole('button', { name: '支付 68 元' }).click();
    await closeCashier(page);
    await untilOrderIs(page, 'unpaid');
    await changeProduct(world.cloud, 'city', priced(4900));
    await page.getByRole('button', { name: '返回', exact: true }).click();
    await page.getByTestId('notice').getByText('最新价格为 ¥49.00，请确认后再支付。').waitFor();
    await page.getByRole('button', { name: '支付 49 元' }).click();
    expect(await cashier(page).getByTestId('pay-amount').textContent()).toBe('¥49.00');
    await enter(page, '123456');
    await untilOrderIs(page, 'paid');
    const byPrice = orders().toSorted((one, other) => Number(one.total_fee) - Number(other.total_fee));
    expect(byPrice).toMatchObject([
      { total_fee: 4900, trade_state: 'SUCCESS' },
      { total_fee: 6800, cancelled_at: expect.any(Date) },
    ]);
  });

  test('two quick taps on the button make one order', async () => {
    const page = await world.pickUp();
    await page.getByTestId('pay').dblclick();
    await cashier(page).waitFor();
    await closeCashier(page);
    await untilOrderIs(page, 'unpaid');
    await page.getByTestId('pay-again').dblclick();
    await enter(page, '123456');
    await untilOrderIs(page, 'paid');
    expect(world.calls.filter(({ name }) => name === 'createOrder')).toHaveLength(2);
    expect(orders()).toHaveLength(1);
  });

  test('an answer that was lost is asked for again, and finds the order that was made', async () => {
    const page = await world.pickUp();
    await page.route(
      '**/__sim/function',
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await order(page);
    await page.getByTestId('notice').getByText('暂未收到下单结果').waitFor();
    await shoot(page, 'shop-answer-lost');
    expect(orders()).toHaveLength(1);
    await page.getByRole('button', { name: '重试' }).click();
    await enter(page, '123456');
    await untilOrderIs(page, 'paid');
    expect(orders()).toHaveLength(1);
    const [first, second, ...others] = world.calls.filter(({ name }) => name === 'createOrder');
    expect(others).toEqual([]);
    expect(second?.payload).toEqual(first?.payload);
  });

  test('a payment that was refused says why and can be tried again', async () => {
    const page = await world.pickUp();
    await order(page);
    await enter(page, '111111');
    await cashier(page).getByText('零钱余额不足').waitFor();
    await shoot(page, 'cashier-refused');
    await untilOrderIs(page, 'unpaid');
    await pageOf(page, 'order')
      .getByText(/微信支付提示：余额不足。/)
      .waitFor();
    await shoot(page, 'order-failed');
    await page.getByRole('button', { name: '重新支付 48 元' }).click();
    await enter(page, '123456');
    await untilOrderIs(page, 'paid');
    expect(orders()).toHaveLength(1);
  });

  test.each([
    {
      trouble: 'a shop that WeChat does not know',
      cause: () => refuse(world, 'unifiedorder', 'APPID_MCHID_NOT_MATCH'),
      title: '商家支付设置异常',
      label: '知道了',
      again: '支付 48 元',
    },
    {
      trouble: 'a WeChat that does not answer clearly',
      cause: () => refuse(world, 'unifiedorder'),
      title: '暂未收到下单结果',
      label: '重试',
    },
    {
      trouble: 'a mistake of our own',
      cause: () => cutDatabase(world),
      title: '暂未收到下单结果',
      label: '重试',
    },
  ])('$trouble is reported, and what to do next', async ({ cause, title, label, again }) => {
    const page = await world.pickUp();
    await page.getByTestId('months-3').click();
    await cause();
    await page.getByTestId('pay').click();
    await page.getByTestId('notice').getByText(title).waitFor();
    await shoot(page, `shop-${title}`);
    expect(await pageOf(page, 'shop').textContent()).not.toMatch(/[A-Z]{4}/);
    world.wechatpay.faults.clear();
    world.cloud.faults.clear();
    await page.getByRole('button', { name: label }).click();
    if (again !== undefined) await page.getByRole('button', { name: again }).click();
    await cashier(page).waitFor();
    expect(orders()).toHaveLength(1);
  });

  test('a product that was withdrawn is said to be, and nothing is bought in its place', async () => {
    const page = await world.pickUp();
    await page.getByTestId('months-3').click();
    await changeProduct(world.cloud, 'city', { on_sale: false });
    await page.getByTestId('pay').click();
    await page.getByTestId('notice').getByText('所选会员已停售').waitFor();
    await page.getByRole('button', { name: '重新加载' }).click();
    await page.getByTestId('notice').getByText('“城市版 · 3 个月”已停售，请重新选择。').waitFor();
    expect(await page.getByTestId('pay').textContent()).toBe('请选择会员');
    expect(await page.getByTestId('pay').isDisabled()).toBe(true);
    await shoot(page, 'shop-withdrawn');
    await page.getByTestId('product-market').click();
    await page.getByRole('button', { name: '支付 98 元' }).click();
    await cashier(page).waitFor();
    expect(orders()).toMatchObject([{ product_id: 'market', months: 3 }]);
  });

  test('months that were withdrawn while the shopper looked elsewhere are said to be', async () => {
    const page = await world.pickUp();
    await page.getByTestId('months-3').click();
    const mine = await openOrders(page);
    await mine.getByTestId('message').waitFor();
    await changeProduct(world.cloud, 'city', { options: [{ months: 1, total_fee: 1800 }] });
    await page.getByRole('button', { name: '返回', exact: true }).click();
    await page.getByTestId('notice').getByText('“城市版 · 3 个月”已停售，请重新选择。').waitFor();
    expect(await page.getByTestId('pay').textContent()).toBe('请选择时长');
    await page.getByTestId('months-1').click();
    expect(await page.getByTestId('notice').count()).toBe(0);
    expect(await page.getByTestId('pay').textContent()).toBe('支付 ¥18.00');
  });

  test('what cannot be bought is not shown, and more than twenty products are', async () => {
    const options = [{ months: 1, total_fee: 2000 }];
    const extra = { description: '', on_sale: true, options };
    for (let n = 10; n < 45; n += 1)
      await world.cloud.insert('products', { ...extra, _id: `extra_${n}`, name: `会员 ${n}` });
    await world.cloud.insert('products', { ...extra, _id: 'broken', name: '一行\n两行' });
    await world.cloud.insert('products', {
      ...extra,
      _id: 'dear',
      options: [{ months: 1, total_fee: 10_000_001 }],
    });
    const page = await world.pickUp();
    await page.getByTestId('product-extra_44').waitFor();
    expect(await page.locator('[data-testid^="product-"]').count()).toBe(3 + 35);
  });

  test('before it is read, the shop has the shape that it had the last time', async () => {
    await changeProduct(world.cloud, 'city', { on_sale: false });
    await changeProduct(world.cloud, 'market', { on_sale: false });
    await changeProduct(world.cloud, 'premium', { options: [{ months: 1, total_fee: 6800 }] });
    const page = await world.pickUp();
    await page.getByTestId('product-premium').waitFor();
    const shown = await pageOf(page, 'shop').getByText('一次性付款').boundingBox();
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/__sim/database', async (route) => {
      await held;
      await route.continue();
    });
    await page.evaluate(`__sim.wx.reLaunch({ url: '/pages/shop/shop' })`);
    const loading = await pageOf(page, 'shop').getByText('正在加载最新价格…').boundingBox();
    expect(loading?.y).toBe(shown?.y);
    answer();
    await page.getByTestId('product-premium').waitFor();
  });

  test('what is virtual is not offered on iOS, and on Android it is', async () => {
    await changeProduct(world.cloud, 'premium', { virtual: true });
    const iphone = await world.pickUp({ platform: 'ios' });
    await iphone
      .getByTestId('not-offered')
      .getByText(/虚拟商品（付费版）/)
      .waitFor();
    expect(await iphone.getByTestId('product-premium').count()).toBe(0);
    await shoot(iphone, 'shop-ios');
    const android = await world.pickUp({ platform: 'android' });
    await android.getByTestId('product-premium').waitFor();
    expect(await android.getByTestId('not-offered').count()).toBe(0);
  });

  test('a shop with nothing to sell says so', async () => {
    for (const _id of ['city', 'market', 'premium'])
      await changeProduct(world.cloud, _id, { on_sale: false });
    const page = await world.pickUp();
    await page.getByTestId('message').getByText('暂无在售会员').waitFor();
    await shoot(page, 'shop-empty');
  });
});
