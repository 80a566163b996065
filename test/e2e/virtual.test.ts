import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { soldVirtually } from '../../scripts/local/virtual-world.ts';
import type { VirtualPayFault } from '../../scripts/local/virtualpay/faults.ts';
import { hasBrowser } from '../browser.ts';
import {
  appleSheet,
  buy,
  cashier,
  enter,
  openOrders,
  order,
  orderUnpaid,
  pageOf,
  untilOrderIs,
} from './actions.ts';
import { collisions } from './collisions.ts';
import { changeProduct } from './documents.ts';
import { shoot } from './screenshots.ts';
import { MINUTE_MS, openWholeWorld, type WholeWorld } from './whole-world.ts';

const CITY = {
  _id: 'city',
  name: '城市版',
  options: [
    { months: 1, total_fee: 1800 },
    { months: 3, total_fee: 4800 },
  ],
};

describe.skipIf(!hasBrowser())('buying by virtual payment', () => {
  let world: WholeWorld;
  beforeAll(async () => {
    world = await openWholeWorld();
  });
  beforeEach(async () => {
    const { channel, items } = soldVirtually(CITY, world.virtualpay);
    await changeProduct(world.cloud, 'city', { options: CITY.options, virtual: true, channel, items });
  });
  afterEach(() => world.tidy());
  afterAll(() => world?.close());

  const orders = () => world.cloud.documents('orders');
  const byAge = () => orders().toSorted((one, other) => Number(one.created_at) - Number(other.created_at));
  const created = () => world.calls.filter(({ name }) => name === 'createOrder');
  const add = (fault: VirtualPayFault & { readonly count?: number }) => world.virtualpay.faults.add(fault);

  test('on Android: WeChat’s cashier, then paid, and the membership shows', async () => {
    const page = await world.pickUp({ platform: 'android' });
    await page.getByTestId('once').getByText('使用微信支付').waitFor();
    await order(page);
    expect(await cashier(page).getByTestId('pay-amount').textContent()).toBe('¥48.00');
    await shoot(page, 'virtual-cashier');
    await enter(page, '123456');
    await untilOrderIs(page, 'paid');
    await shoot(page, 'virtual-paid');
    expect(orders()).toMatchObject([{ trade_state: 'SUCCESS', channel: 'virtualpay', total_fee: 4800 }]);
    expect(created()).toMatchObject([{ payload: { code: expect.any(String) } }]);
    await page.getByRole('button', { name: '完成' }).click();
    await page
      .getByTestId('product-city')
      .getByText(/^有效期至 \d{4}\.04\.15$/)
      .waitFor();
  });

  test('on iOS: Apple’s sheet, and the pages say who took the money and who refunds it', async () => {
    const page = await world.pickUp({ platform: 'ios' });
    await page.getByTestId('once').getByText('如需退款，请向 Apple 申请').waitFor();
    expect(await page.getByTestId('not-offered').count()).toBe(0);
    await shoot(page, 'virtual-shop-ios');
    await order(page);
    await appleSheet(page).getByTestId('apple-buy').waitFor();
    await shoot(page, 'virtual-apple');
    await appleSheet(page).getByTestId('apple-buy').click();
    await untilOrderIs(page, 'paid');
    const shown = pageOf(page, 'order');
    await shown.getByText('App Store', { exact: true }).waitFor();
    await shown.getByText('请向 Apple 申请').waitFor();
    await shoot(page, 'virtual-paid-ios');
  });

  test.each(['android', 'ios'] as const)(
    'on %s the event is lost and the page left: the timer finds the payment',
    async (platform) => {
      add({ kind: 'lose-event', count: Number.POSITIVE_INFINITY });
      add({ kind: 'hide-payment', ms: MINUTE_MS });
      const page = await world.pickUp({ platform });
      await order(page);
      if (platform === 'ios') await appleSheet(page).getByTestId('apple-buy').click();
      else await enter(page, '123456');
      await untilOrderIs(page, 'confirming');
      expect(await pageOf(page, 'order').textContent()).not.toContain('成功');
      await shoot(page, `virtual-confirming-${platform}`);
      await page.getByRole('button', { name: '返回会员页' }).click();
      await world.clock.advance(10 * MINUTE_MS);
      const mine = await openOrders(page);
      await mine.getByTestId(`order-${orders()[0]?._id}`).getByText('已支付').waitFor();
      await mine.getByTestId('membership-city').waitFor();
    },
  );

  test.each([
    ['android', '当前版本的微信不支持购买此会员，请更新后再来。'],
    ['ios', '购买此会员需要微信 8.0.68 或更高版本，请更新后再来。'],
  ] as const)('an old WeChat on %s is told kindly, and nothing is ordered', async (platform, text) => {
    const page = await world.pickUp({ platform, client: 'old' });
    await order(page);
    await page.getByTestId('notice').getByText(text).waitFor();
    await shoot(page, `virtual-old-${platform}`);
    expect([created(), orders()]).toEqual([[], []]);
    await page.getByRole('button', { name: '更新微信' }).click();
    await page.getByText('本地模拟：updateWeChatApp').waitFor();
    await page.getByRole('button', { name: '支付 48 元' }).waitFor();
  });

  test('the cashier is closed, and paying again is a new order in the place of the old one', async () => {
    const page = await world.pickUp({ platform: 'android' });
    await orderUnpaid(page);
    await pageOf(page, 'order')
      .getByText(/你尚未付款/)
      .waitFor();
    await shoot(page, 'virtual-unpaid');
    await page.getByTestId('pay-again').click();
    await enter(page, '123456');
    await untilOrderIs(page, 'paid');
    const [old, young] = byAge();
    expect(old).toMatchObject({ cancelled_at: expect.any(Date), superseded_by: young?._id });
    expect(young).toMatchObject({ trade_state: 'SUCCESS', supersedes: old?._id });
    await page.getByRole('button', { name: '完成' }).click();
    await pageOf(page, 'shop').getByTestId('pay').waitFor();
  });

  test('an order that was cancelled is named by the next one, since virtual payment does not close it', async () => {
    const page = await world.pickUp({ platform: 'android' });
    await orderUnpaid(page);
    await page.getByTestId('cancel').click();
    const dialog = page.getByRole('dialog', { name: '取消这笔订单？' });
    await dialog.getByRole('button', { name: '取消订单' }).click();
    await untilOrderIs(page, 'cancelled');
    await page.getByRole('button', { name: '重新选购' }).click();
    await buy(page);
    await untilOrderIs(page, 'paid');
    expect(created().at(-1)).toMatchObject({ payload: { supersedes: byAge()[0]?.request_id } });
  });

  test('what the shopper paid without the phone learning of it is shown, and not paid twice', async () => {
    add({ kind: 'lose-success' });
    add({ kind: 'lose-event', count: Number.POSITIVE_INFINITY });
    add({ kind: 'hide-payment', ms: MINUTE_MS });
    const page = await world.pickUp({ platform: 'android' });
    await buy(page);
    await untilOrderIs(page, 'unpaid');
    await pageOf(page, 'order')
      .getByText(/如已付款，结果会在这里更新。/)
      .waitFor();
    await shoot(page, 'virtual-success-lost');
    await page.getByRole('button', { name: '返回', exact: true }).click();
    await world.clock.advance(MINUTE_MS);
    await pageOf(page, 'shop').getByRole('button', { name: '支付 48 元' }).click();
    await untilOrderIs(page, 'paid');
    expect(orders()).toHaveLength(1);
    expect(created()).toMatchObject([{}, { payload: { supersedes: expect.any(String) } }]);
  });

  test.each([
    [-15005, 1],
    [-15007, 1],
    [-15002, 2],
  ] as const)('a cashier that refuses with %i is served once by the phone itself', async (errCode, count) => {
    add({ kind: 'refuse-payment', errCode });
    const page = await world.pickUp({ platform: 'android' });
    await buy(page);
    await untilOrderIs(page, 'paid');
    expect(orders()).toHaveLength(count);
    expect(created()).toHaveLength(2);
  });

  test.each([
    [-15010, '商家支付设置异常', /暂时无法付款，请联系商家（-15010）。/],
    [-15014, '商品尚未生效', /通常半小时内可以购买。/],
    [-4, '支付未完成', /出于安全考虑/],
  ] as const)('a cashier that refuses with %i says so on the order page', async (errCode, title, text) => {
    add({ kind: 'refuse-payment', errCode });
    const page = await world.pickUp({ platform: 'android' });
    await order(page);
    await untilOrderIs(page, 'unpaid');
    await pageOf(page, 'order').getByText(title, { exact: true }).waitFor();
    await pageOf(page, 'order').getByText(text).waitFor();
    await shoot(page, `virtual-refused${errCode}`);
    await page.getByTestId('pay-again').click();
    await enter(page, '123456');
    await untilOrderIs(page, 'paid');
  });

  test('when its time is up an order is expired and stays NOTPAY, and late money shows as paid', async () => {
    add({ kind: 'lose-event', count: Number.POSITIVE_INFINITY });
    add({ kind: 'lose-success' });
    add({ kind: 'hide-payment', ms: 60 * MINUTE_MS });
    const page = await world.pickUp({ platform: 'android' });
    await buy(page);
    await untilOrderIs(page, 'unpaid');
    await world.clock.advance(31 * MINUTE_MS);
    await untilOrderIs(page, 'expired');
    await pageOf(page, 'order')
      .getByText(/订单已无法支付。/)
      .waitFor();
    await shoot(page, 'virtual-expired');
    expect(orders()).toMatchObject([{ trade_state: 'NOTPAY' }]);
    await world.clock.advance(120 * MINUTE_MS);
    const later = await world.pickUp({
      platform: 'android',
      path: `/pages/order/order?out_trade_no=${orders()[0]?._id}`,
    });
    await untilOrderIs(later, 'paid');
  });

  test('an order from before the product was switched is paid through WeChat Pay as it was placed', async () => {
    await changeProduct(world.cloud, 'city', { channel: 'wechatpay', virtual: false });
    const page = await world.pickUp({ platform: 'android' });
    await orderUnpaid(page);
    await changeProduct(world.cloud, 'city', { channel: 'virtualpay', virtual: true });
    await page.getByTestId('pay-again').click();
    await enter(page, '123456');
    await untilOrderIs(page, 'paid');
    expect(orders()).toMatchObject([{ trade_state: 'SUCCESS' }]);
    expect(world.virtualpay.orders().filter(({ out_trade_no }) => out_trade_no === orders()[0]?._id)).toEqual(
      [],
    );
  });

  test('a page from before the product was switched signs in when the server asks for it', async () => {
    await changeProduct(world.cloud, 'city', { channel: 'wechatpay', virtual: false });
    const page = await world.pickUp({ platform: 'android' });
    await page.getByTestId('months-3').click();
    await changeProduct(world.cloud, 'city', { channel: 'virtualpay', virtual: true });
    await page.getByTestId('pay').click();
    await enter(page, '123456');
    await untilOrderIs(page, 'paid');
    expect(orders()).toMatchObject([{ channel: 'virtualpay' }]);
  });

  test.each([
    ['not published', () => [], '商家支付设置异常'],
    [
      'not effective yet',
      () => [
        {
          item_id: 'city_3m_4800',
          months: 3,
          price: 4800,
          env: 0,
          effective_at: new Date(world.clock.now().getTime() + 10 * MINUTE_MS).toISOString(),
        },
      ],
      '新价格尚未生效',
    ],
  ] as const)('an item that is %s is told in the shop', async (_, items, title) => {
    await changeProduct(world.cloud, 'city', { items: items() });
    const page = await world.pickUp({ platform: 'android' });
    await order(page);
    await page.getByTestId('notice').getByText(title).waitFor();
    expect(await pageOf(page, 'shop').textContent()).not.toMatch(/[A-Z]{4}/);
    await page.getByRole('button', { name: '知道了' }).click();
    await page.getByRole('button', { name: '支付 48 元' }).waitFor();
    expect(orders()).toEqual([]);
  });

  test.each([
    { width: 320, text: 1 },
    { width: 320, text: 1.3 },
    { width: 375, text: 1 },
    { width: 430, text: 1 },
  ])('there is room for all of it on $width pixels, with text times $text', async (screen) => {
    const look = async (page: Awaited<ReturnType<WholeWorld['pickUp']>>, name: string) => {
      await shoot(page, `virtual-room-${screen.width}-${screen.text}-${name}`);
      expect(await collisions(page)).toEqual([]);
    };
    const old = await world.pickUp({ screen, client: 'old' });
    await order(old);
    await old.getByTestId('notice').waitFor();
    await look(old, 'old');
    add({ kind: 'refuse-payment', errCode: -15003 });
    const page = await world.pickUp({ screen, platform: 'ios' });
    await page.getByTestId('once').getByText(/Apple/).waitFor();
    await look(page, 'shop');
    await order(page);
    await untilOrderIs(page, 'unpaid');
    await pageOf(page, 'order').getByText('未收到支付结果').waitFor();
    await look(page, 'busy');
    add({ kind: 'refuse-payment', errCode: -15017 });
    await page.getByTestId('pay-again').click();
    await pageOf(page, 'order').getByText('商家暂时无法收款').waitFor();
    await look(page, 'restricted');
    await page.getByTestId('pay-again').click();
    await appleSheet(page).getByTestId('apple-buy').click();
    await untilOrderIs(page, 'paid');
    await look(page, 'paid');
  });
});
