import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { storedOrder } from '../../cloudfunctions/_shared/cloud/database/stores/stored-order.ts';
import { hasBrowser } from '../browser.ts';
import { sampleOrder } from '../order/samples.ts';
import { buy, closeCashier, enter, openOrders, order, orderUnpaid, pageOf, untilOrderIs } from './actions.ts';
import { collisions } from './collisions.ts';
import { changeDocument, emptyCollection } from './documents.ts';
import { LI, WANG } from './screens.ts';
import { shoot } from './screenshots.ts';
import { keepWeChatSilent, loseNotices, refuse } from './troubles.ts';
import { MINUTE_MS, openWholeWorld, TIMER_MS, type WholeWorld } from './whole-world.ts';

describe.skipIf(!hasBrowser())('orders', () => {
  let world: WholeWorld;
  beforeAll(async () => {
    world = await openWholeWorld();
  });
  afterEach(() => world.tidy());
  afterAll(() => world?.close());

  const orders = () => world.cloud.documents('orders');
  const linkTo = (out_trade_no: unknown) => `/pages/order/order?out_trade_no=${out_trade_no}`;

  /** An order of Li's that was paid so many minutes ago. */
  async function keepPaidOrder(minutesAgo: number): Promise<string> {
    const at = new Date(world.clock.now().getTime() - minutesAgo * MINUTE_MS);
    const _id = String(minutesAgo).padStart(32, '0');
    const times = {
      created_at: at,
      time_start: at,
      time_end: at,
      time_expire: new Date(at.getTime() + MINUTE_MS),
    };
    const paid = sampleOrder({
      _id,
      _openid: LI.openid,
      trade_state: 'SUCCESS',
      next_query_at: null,
      ...times,
    });
    await world.cloud.insert('orders', storedOrder(paid));
    return _id;
  }

  /** The path that operators are told to set, up to where WeChat puts the order's number. */
  async function orderCentrePath(name: string): Promise<string | undefined> {
    const page = await readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
    return /`(pages\/\S+)\$\{商品订单号\}`/.exec(page)?.[1];
  }

  test('an order is cancelled once the shopper has confirmed it', async () => {
    const page = await world.pickUp();
    await orderUnpaid(page);
    const dialog = page.getByRole('dialog', { name: '取消这笔订单？' });
    await page.getByTestId('cancel').click();
    await shoot(page, 'order-cancel-asked');
    await dialog.getByRole('button', { name: '再想想' }).click();
    await untilOrderIs(page, 'unpaid');
    expect(orders()).toMatchObject([{ cancelled_at: null }]);
    await page.evaluate(`__sim.setTheme('dark')`);
    await page.getByTestId('cancel').click();
    expect(await styleOf(dialog.getByRole('button', { name: '取消订单' }), 'color')).toBe(
      'rgb(255, 138, 128)',
    );
    await dialog.getByRole('button', { name: '取消订单' }).click();
    await untilOrderIs(page, 'cancelled');
    await shoot(page, 'order-cancelled');
    expect(orders()).toMatchObject([{ cancelled_at: expect.any(Date) }]);

    await page.getByRole('button', { name: '重新选购' }).click();
    await order(page);
    await closeCashier(page);
    await untilOrderIs(page, 'unpaid');
    expect(orders()).toHaveLength(2);
  });

  test('when its time is up an order is expired, and closed when WeChat has closed it', async () => {
    const page = await world.pickUp();
    await orderUnpaid(page);
    const letClose = refuse(world, 'closeorder');
    await world.clock.advance(30 * MINUTE_MS);
    await untilOrderIs(page, 'expired');
    expect(await pageOf(page, 'order').textContent()).not.toMatch(/未扣款|未收到付款|未完成支付/);
    await shoot(page, 'order-expired');
    await page.getByRole('button', { name: '查询支付结果' }).click();
    await page.getByTestId('notice').waitFor();
    await shoot(page, 'order-expired-asked');
    letClose();
    await world.clock.advance(5 * MINUTE_MS);
    expect(orders()).toMatchObject([{ trade_state: 'CLOSED' }]);
    const later = await world.pickUp({ path: linkTo(orders()[0]?._id) });
    await untilOrderIs(later, 'closed');
    await shoot(later, 'order-closed');
  });

  test('a notice is lost and the order page left: the timer finds the payment', async () => {
    const page = await world.pickUp();
    const speak = keepWeChatSilent(world);
    await buy(page);
    await untilOrderIs(page, 'confirming');
    await page.getByRole('button', { name: '返回会员页' }).click();
    const mine = await openOrders(page);
    const row = mine.getByTestId(`order-${orders()[0]?._id}`);
    await row.getByText('确认中').waitFor();
    await shoot(page, 'orders-confirming');
    await page.getByRole('button', { name: '返回', exact: true }).click();
    speak();
    loseNotices(world);
    await world.clock.advance(MINUTE_MS + TIMER_MS);
    await openOrders(page);
    await row.getByText('已支付').waitFor();
    await mine.getByTestId('membership-city').waitFor();
  });

  test('a notice that comes three times at once extends the membership once', async () => {
    const page = await world.pickUp();
    world.wechatpay.faults.add({ kind: 'repeat-notice', times: 3, parallel: true });
    await buy(page);
    await untilOrderIs(page, 'paid');
    await world.wechatpay.noticesSettled();
    const [paid] = orders();
    expect(world.wechatpay.order(String(paid?.mch_id), String(paid?._id))?.notices).toHaveLength(3);
    await page.getByRole('button', { name: '完成' }).click();
    const mine = await openOrders(page);
    await mine
      .getByTestId('membership-city')
      .getByText(/^\d{4}\.04\.15 到期$/)
      .waitFor();
  });

  test('without a network the shop says so, and reads again when asked', async () => {
    const page = await world.pickUp();
    await page.evaluate('__sim.setNetwork(false)');
    await page.getByTestId('pay').click();
    await page.getByTestId('notice').getByText('无网络连接').waitFor();
    await shoot(page, 'shop-offline-pay');
    await page.evaluate(`__sim.wx.reLaunch({ url: '/pages/shop/shop' })`);
    await page.getByTestId('message').getByText('无网络连接').waitFor();
    await shoot(page, 'shop-offline');
    await page.evaluate('__sim.setNetwork(true)');
    await page.getByRole('button', { name: '重新加载' }).click();
    await page.getByTestId('product-city').waitFor();
    expect(orders()).toEqual([]);
  });

  test('an order page that loses the network says how old its word is, and goes on by itself', async () => {
    const page = await world.pickUp();
    const speak = keepWeChatSilent(world);
    await buy(page);
    await untilOrderIs(page, 'confirming');
    await page.evaluate('__sim.setNetwork(false)');
    await page
      .getByText(/^网络已断开，显示的是 10:\d\d 的结果$|^网络已断开，显示的是 1\d:\d\d 的结果$/)
      .waitFor();
    await shoot(page, 'order-offline');
    speak();
    await page.evaluate('__sim.setNetwork(true)');
    await untilOrderIs(page, 'paid');
  });

  test('right after the password the network is gone: the amount, and not to pay again, from what the phone kept', async () => {
    const page = await world.pickUp();
    await page.route('**/__sim/cashier/pay', async (route) => {
      const response = await route.fetch();
      await page.evaluate('__sim.setNetwork(false)');
      await route.fulfill({ response });
    });
    await buy(page);
    await untilOrderIs(page, 'confirming');
    const shown = pageOf(page, 'order');
    await shown.getByText('请勿重复支付。').waitFor();
    await shown.getByText(/^网络已断开，显示的是 1\d:\d\d 的结果$/).waitFor();
    expect(await shown.getByText('城市版 · 3 个月').count()).toBe(1);
    expect(await shown.getByRole('img', { name: '48 元' }).count()).toBe(1);
    await shoot(page, 'order-kept');
    await page.evaluate('__sim.setNetwork(true)');
    await untilOrderIs(page, 'paid');
    await shown.getByText('已开通 3 个月').waitFor();
  });

  test('a paid order shows WeChat’s number of the payment, to be copied, and the way of paying', async () => {
    const page = await world.pickUp();
    await buy(page);
    await untilOrderIs(page, 'paid');
    const [paid] = orders();
    const shown = pageOf(page, 'order');
    await shown.getByText('支付方式').waitFor();
    await page.getByTestId('copy-微信支付单号').click();
    expect(await page.evaluate('__sim.wx.getClipboardData()')).toMatchObject({ data: paid?.transaction_id });
    await page.getByTestId('copy-订单号').click();
    expect(await page.evaluate('__sim.wx.getClipboardData()')).toMatchObject({ data: paid?._id });
  });

  test('orders that cannot be read do not end the list, and say so when they are opened', async () => {
    for (let minutesAgo = 1; minutesAgo <= 24; minutesAgo++) {
      const _id = await keepPaidOrder(minutesAgo);
      await changeDocument(world.cloud, 'orders', { _id, total_fee: 'much' });
    }
    const oldest = await keepPaidOrder(25);
    const page = await world.pickUp({ path: '/pages/orders/orders' });
    await page.getByTestId(`order-${oldest}`).waitFor();
    expect(await page.locator('[data-testid^="order-"]').count()).toBe(1);
    await page.getByTestId('foot').getByText('没有更多了').waitFor();
    const opened = await world.pickUp({ path: linkTo('1'.padStart(32, '0')) });
    await opened.getByTestId('message').getByText('订单暂时无法显示').waitFor();
  });

  test('waiting longer than usual is shown', async () => {
    const page = await world.pickUp();
    keepWeChatSilent(world);
    await buy(page);
    await untilOrderIs(page, 'confirming');
    await world.clock.advance(MINUTE_MS);
    await page.getByRole('button', { name: '重新查询' }).waitFor();
    await shoot(page, 'order-confirming-slow');
  });

  test('WeChat’s order centre opens an order by the documented path, on a phone where nothing ran before', async () => {
    const [path, inChinese] = await Promise.all(
      ['operations.md', 'operations.zh-CN.md'].map(orderCentrePath),
    );
    expect(inChinese).toBe(path);
    const out_trade_no = await keepPaidOrder(7);
    await untilOrderIs(await world.pickUp({ path: `/${path}${out_trade_no}` }), 'paid');
    const stranger = await world.pickUp({ shopper: WANG, path: `/${path}${out_trade_no}` });
    await stranger.getByTestId('message').getByText('未找到该订单').waitFor();
  });

  test('another shopper sees nothing of the first', async () => {
    const li = await world.pickUp({ shopper: LI });
    await buy(li);
    await untilOrderIs(li, 'paid');
    const path = linkTo(orders()[0]?._id);
    const wang = await world.pickUp({ shopper: WANG, path });
    await wang.getByTestId('message').getByText('未找到该订单').waitFor();
    await shoot(wang, 'order-not-found');
    await wang.getByRole('button', { name: '查看我的订单' }).click();
    await pageOf(wang, 'orders').getByTestId('message').getByText('暂无订单').waitFor();
    await shoot(wang, 'orders-empty');
    await wang.getByRole('button', { name: '选购会员' }).click();
    await wang.getByTestId('product-city').getByText('一座城市的全部内容').waitFor();
  });

  test.each([
    { width: 320, text: 1.3 },
    { width: 375, text: 1 },
  ])('a refund and what became of it show on the order and in the list ($width, $text)', async (screen) => {
    const _id = await keepPaidOrder(60);
    const at = new Date(world.clock.now().getTime() - MINUTE_MS);
    const one = { out_refund_no: '1'.repeat(32), refund_fee: 2000, requested_at: at };
    const two = { ...one, out_refund_no: '2'.repeat(32), refund_fee: 2800 };
    const [order] = orders();
    const save = async (changes: object) => {
      await emptyCollection(world.cloud, 'orders');
      await world.cloud.insert('orders', { ...order, ...changes });
    };
    const underWay = { ...two, state: 'PROCESSING', success_time: null };
    const done = { state: 'SUCCESS', success_time: at };
    await save({ trade_state: 'REFUND', refunded_fee: 2000, refunds: [{ ...one, ...done }, underWay] });
    const page = await world.pickUp({ path: linkTo(_id), screen });
    await untilOrderIs(page, 'refunding');
    await pageOf(page, 'order').getByText('¥28.00 · 处理中').waitFor();
    await shoot(page, `order-refunding-${screen.width}`);
    expect(await collisions(page)).toEqual([]);
    await save({ trade_state: 'REFUND', refunded_fee: 2000, refunds: [{ ...one, ...done }] });
    const list = await world.pickUp({ path: '/pages/orders/orders', screen });
    await list.getByTestId(`order-${_id}`).getByText('部分退款').waitFor();
    await shoot(list, `orders-refunded-${screen.width}`);
    expect(await collisions(list)).toEqual([]);
    await list.getByTestId(`order-${_id}`).click();
    await untilOrderIs(list, 'part-refunded');
    await shoot(list, `order-part-refunded-${screen.width}`);
    expect(await collisions(list)).toEqual([]);
  });

  test('45 orders come in pages of twenty, newest first', async () => {
    const numbers: string[] = [];
    for (let minutesAgo = 1; minutesAgo <= 45; minutesAgo++) numbers.push(await keepPaidOrder(minutesAgo));
    const page = await world.pickUp({ path: '/pages/orders/orders' });
    const rows = page.locator('[data-testid^="order-"]');
    const shown = () => rows.evaluateAll((found) => found.map((row) => row.getAttribute('data-number')));
    await page.getByTestId('foot').waitFor();
    expect(await shown()).toEqual(numbers.slice(0, 20));
    await shoot(page, 'orders-full');
    for (const last of [40, 45]) {
      await page.getByTestId('foot').scrollIntoViewIfNeeded();
      await page.getByTestId(`order-${numbers[last - 1]}`).waitFor();
      expect(await shown()).toEqual(numbers.slice(0, last));
    }
    await page.getByTestId('foot').getByText('没有更多了').waitFor();
    await page.getByTestId('foot').scrollIntoViewIfNeeded();
    await shoot(page, 'orders-end');
  });

  test('pulling the list down reads it anew', async () => {
    await keepPaidOrder(2);
    const page = await world.pickUp({ path: '/pages/orders/orders' });
    await page.getByTestId('foot').waitFor();
    const added = await keepPaidOrder(1);
    await page.mouse.move(180, 200);
    await page.mouse.down();
    await page.mouse.move(180, 420, { steps: 4 });
    await page.mouse.up();
    await page.getByTestId(`order-${added}`).waitFor();
  });

  test('an order is paid from the list, and opened by its number in a link', async () => {
    const page = await world.pickUp();
    await orderUnpaid(page);
    const out_trade_no = orders()[0]?._id;
    const linked = await world.pickUp({ path: linkTo(out_trade_no) });
    await untilOrderIs(linked, 'unpaid');
    const held = '[__sim.ready, __sim.route(), __sim.pageStack(), __sim.data().shown.state]';
    const route = 'pages/order/order';
    expect(await linked.evaluate(held)).toEqual([true, route, [route], 'unpaid']);
    const list = await world.pickUp({ path: '/pages/orders/orders' });
    await list.getByTestId(`order-${out_trade_no}`).getByText('待支付').waitFor();
    await shoot(list, 'orders-unpaid');
    await list.getByTestId(`pay-${out_trade_no}`).click();
    await enter(list, '123456');
    await untilOrderIs(list, 'paid');
  });

  test.each([
    { path: '', name: 'shop', testid: 'total' },
    { path: linkTo('paid'), name: 'order', testid: 'order-state' },
    { path: '/pages/orders/orders', name: 'orders', testid: 'order-paid' },
  ] as const)('the page $name is dark on a dark phone', async ({ path, name, testid }) => {
    const paid = sampleOrder({ _id: 'paid', _openid: LI.openid, trade_state: 'SUCCESS' });
    await world.cloud.insert('orders', storedOrder(paid));
    const page = await world.pickUp({ path, dark: true });
    const ink = await styleOf(page.getByTestId(testid), 'color');
    const ground = await styleOf(pageOf(page, name), 'backgroundColor');
    expect([ink, ground]).toEqual(['rgb(233, 238, 235)', 'rgb(13, 17, 15)']);
  });

  test('while it reads, each page shows the shape of what will come', async () => {
    const page = await world.pickUp();
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/__sim/database', async (route) => {
      await held;
      await route.continue();
    });
    for (const [name, label] of [
      ['orders', '正在加载订单'],
      ['order', '正在加载订单'],
      ['shop', undefined],
    ] as const) {
      await page.evaluate(`__sim.wx.reLaunch({ url: '/pages/${name}/${name}' })`);
      if (label) await pageOf(page, name).getByLabel(label).waitFor();
      else await page.getByText('正在加载最新价格…').waitFor();
      await shoot(page, `${name}-loading`);
    }
    expect(await page.getByTestId('pay').textContent()).toBe('正在加载价格');
    const before = await page.getByText('正在加载最新价格…').boundingBox();
    answer();
    await page.getByTestId('product-city').waitFor();
    const after = await page.getByText('一次性付款，不自动续费').boundingBox();
    expect(after?.y).toBe(before?.y);
  });
});

function styleOf(locator: Locator, property: 'color' | 'backgroundColor'): Promise<string | undefined> {
  return locator.evaluate(
    (element, name) => element.ownerDocument.defaultView?.getComputedStyle(element)[name],
    property,
  );
}
