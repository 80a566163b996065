import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { alarm } from '../../cloudfunctions/_shared/order/alarms.ts';
import { newBillDay } from '../../cloudfunctions/_shared/order/bills/day.ts';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { buy } from '../../scripts/local/scenarios/purchase.ts';
import { hasBrowser } from '../browser.ts';
import { pageOf } from './actions.ts';
import { collisions } from './collisions.ts';
import { LI, WANG } from './screens.ts';
import { shoot } from './screenshots.ts';
import { MINUTE_MS, openWholeWorld, type WholeWorld } from './whole-world.ts';

const DESK = '/desk/pages/orders/orders';

type DeskPage = 'orders' | 'order' | 'refund' | 'alarms' | 'bills';

/** A page of the desk by its name. */
const deskPage = (page: Page, name: DeskPage) =>
  page.locator(`[data-route="desk/pages/${name}/${name}"]:not([hidden])`);

/** Opens a page of the desk by its address, as a link does. */
const open = (page: Page, path: string) => page.evaluate(`__sim.wx.reLaunch({ url: '/desk/pages/${path}' })`);

const type = (page: Page, field: string, text: string) => page.getByTestId(field).locator('input').fill(text);

describe.skipIf(!hasBrowser())('the desk', () => {
  let world: WholeWorld;
  beforeAll(async () => {
    world = await openWholeWorld();
  });
  afterEach(() => world.tidy());
  afterAll(() => world?.close());

  const makeOperator = ({ openid }: { openid: string }) =>
    world.cloud.insert('operators', {
      _id: openid,
      name: '李雷',
      active: true,
      created_at: world.clock.now(),
    });

  /** Wang buys, and the answer is the number of the order. */
  async function sell(): Promise<string> {
    const what = { product_id: 'city', months: 3 };
    return (await buy(world, world.shopper(WANG.name), what)).out_trade_no;
  }

  const refunds = () => world.cloud.documents('refunds');
  const callsTo = (name: string) => world.calls.filter((call) => call.name === name);

  test('an operator’s day: an order is found, a part given back, an alarm dealt with, the bills looked at', async () => {
    await makeOperator(LI);
    const out_trade_no = await sell();
    const { transaction_id } = world.cloud.documents('orders')[0] ?? {};
    const page = await world.pickUp({ shopper: LI, path: DESK });
    await type(
      page,
      'search',
      ` ${String(transaction_id).slice(0, 10)} ${String(transaction_id).slice(10)} `,
    );
    await page.getByTestId('find').click();
    await page.getByTestId(`order-${out_trade_no}`).click();
    const order = deskPage(page, 'order');
    await order.getByText('付款 ¥48.00').waitFor();
    await shoot(page, 'desk-order');

    await order.getByTestId('refund').click();
    const form = deskPage(page, 'refund');
    await form.getByTestId('send').getByText('请填写原因').waitFor();
    await form.getByTestId('mode-part').click();
    await type(page, 'amount', '10');
    await form.getByText('扣减 19 天').waitFor();
    await form.getByTestId('reason-买错了').click();
    await form.getByTestId('send').getByText('退款 ¥10.00').click();
    const dialog = page.getByRole('dialog', { name: '退款 ¥10.00？' });
    await dialog.getByText('扣减 19 天').waitFor();
    await shoot(page, 'desk-refund-asked');
    await dialog.getByRole('button', { name: '再想想' }).click();
    expect(refunds()).toEqual([]);
    await form.getByTestId('send').click();
    await dialog.getByRole('button', { name: '确认退款' }).click();
    await order.locator('[data-look="wait"]').getByText('等待微信退款').waitFor();
    await order.getByTestId('refund').getByText('退款处理中').waitFor();
    await shoot(page, 'desk-refunding');
    await world.clock.advance(2 * MINUTE_MS);
    await world.wechatpay.noticesSettled();
    await page.evaluate(`__sim.page().onPullDownRefresh()`);
    await order.getByText('退款 ¥10.00 到账').waitFor();
    await order.getByText('城市版扣减 19 天').waitFor();
    expect(refunds()).toMatchObject([{ refund_fee: 1000, takes: { days: 19 }, requested_by: LI.openid }]);
    expect(world.wechatpay.order(MERCHANT.mch_id, out_trade_no)?.refunds).toMatchObject([
      { refund_fee: 1000 },
    ]);
    await shoot(page, 'desk-part-refunded');

    await world.cloud.insert('alarms', { ...alarm('PAID_TWICE', out_trade_no, 'Both.', world.clock.now()) });
    await page.getByRole('button', { name: '返回', exact: true }).click();
    await deskPage(page, 'orders').getByTestId('clear').click();
    await page.getByTestId('alarms').getByText('1 条待处理').waitFor();
    await shoot(page, 'desk-orders');
    await page.getByTestId('alarms').click();
    const alarms = deskPage(page, 'alarms');
    await shoot(page, 'desk-alarms');
    await alarms.getByTestId('done').click();
    await alarms.getByText('李雷 今天').waitFor();
    expect(world.cloud.documents('alarms')).toMatchObject([
      { done_by: LI.openid, done_at: expect.any(Date) },
    ]);
    await alarms.getByTestId('undo').click();
    await alarms.getByTestId('done').waitFor();
    await alarms.getByTestId('open-order').click();
    await order.getByText('标为已处理').click();
    await order.getByText('李雷 今天').waitFor();
    await page.getByRole('button', { name: '返回', exact: true }).click();
    await page.getByRole('button', { name: '返回', exact: true }).click();
    await page.getByTestId('alarms').getByText('没有待处理').waitFor();

    const day = newBillDay({ channel: 'wechatpay', bill_date: '20270114', now: world.clock.now() });
    const differences = { repaired: 1, alarmed: 0, others: 0 };
    const details = [{ kind: 'repaired' as const, out_trade_no, fee: 4800 }];
    await world.cloud.insert('bills', {
      ...day,
      state: 'DONE',
      payments: { count: 1, fee: 4800 },
      differences,
      details,
    });
    await page.getByTestId('bills').click();
    const bills = deskPage(page, 'bills');
    await bills.getByText('已补记 1 笔').click();
    await shoot(page, 'desk-bills');
    await bills.getByTestId(`difference-${out_trade_no}`).click();
    await order.getByText('付款 ¥48.00').waitFor();
  });

  /** An operator sends the whole refund of a new order, and the phone has no network by then. */
  async function refundWithoutNetwork() {
    await makeOperator(LI);
    const out_trade_no = await sell();
    const page = await world.pickUp({
      shopper: LI,
      path: `/desk/pages/order/order?out_trade_no=${out_trade_no}`,
    });
    await page.getByTestId('refund').click();
    const form = deskPage(page, 'refund');
    await form.getByTestId('reason-协商退款').click();
    await form.getByTestId('send').click();
    await page.evaluate(`__sim.setNetwork(false)`);
    await page.getByRole('button', { name: '确认退款' }).click();
    await form.getByTestId('notice').getByText('无网络连接').waitFor();
    return { out_trade_no, page, form };
  }

  test('a refund whose answer gets lost is sent again as the same one, also after the page was left', async () => {
    const { page, form } = await refundWithoutNetwork();
    await shoot(page, 'desk-refund-lost');
    await page.evaluate(`__sim.setNetwork(true)`);
    await page.getByRole('button', { name: '返回', exact: true }).click();
    await deskPage(page, 'order').getByTestId('refund').getByText('继续提交退款').click();
    await form.getByTestId('notice').getByText('不会重复').waitFor();
    await form.getByTestId('send').getByText('再次提交').click();
    await page.getByRole('button', { name: '确认退款' }).click();
    await deskPage(page, 'order').getByText('等待微信退款').waitFor();
    expect(refunds()).toHaveLength(1);
    const asked = new Set(callsTo('refundOrder').map(({ payload }) => Object(payload).request_id));
    expect(asked.size).toBe(1);
  });

  test('a refund that turns out to be done leaves nothing to be sent again', async () => {
    const { out_trade_no, page, form } = await refundWithoutNetwork();
    const done = { request_id: 'the-whole-of-it-0001', out_trade_no, refund_fee: 4800, reason: '协商退款' };
    const caller = { openid: LI.openid, appid: MERCHANT.appid };
    await world.host.callFunction('refundOrder', { ...done, expected_refunded_fee: 0 }, caller);
    await page.evaluate(`__sim.setNetwork(true)`);
    await page.getByRole('button', { name: '返回', exact: true }).click();
    await deskPage(page, 'order').getByText('等待微信退款').waitFor();
    expect(await deskPage(page, 'order').getByText('继续提交退款').count()).toBe(0);
    await open(page, `refund/refund?out_trade_no=${out_trade_no}`);
    await form.getByTestId('send').waitFor();
    expect(await form.getByTestId('notice').count()).toBe(0);
  });

  test('another operator was quicker: nothing is given back twice, and the order is looked at again', async () => {
    await makeOperator(LI);
    const out_trade_no = await sell();
    const page = await world.pickUp({
      shopper: LI,
      path: `/desk/pages/refund/refund?out_trade_no=${out_trade_no}`,
    });
    const form = deskPage(page, 'refund');
    await form.getByTestId('reason-买错了').click();
    const other = { request_id: 'another-operators-refund', out_trade_no, refund_fee: 1000, reason: '协商' };
    const caller = { openid: LI.openid, appid: MERCHANT.appid };
    await world.host.callFunction('refundOrder', { ...other, expected_refunded_fee: 0 }, caller);
    await form.getByTestId('send').click();
    await page.getByRole('button', { name: '确认退款' }).click();
    await form.getByText('这笔订单刚有新的退款').waitFor();
    await shoot(page, 'desk-refund-changed');
    const asked = { expected_refunded_fee: 0, expected_refunds: 0 };
    expect(callsTo('refundOrder').at(-1)?.payload).toMatchObject(asked);
    await form.getByTestId('send').getByText('刷新订单').click();
    await form.getByTestId('send').getByText('退款 ¥38.00').waitFor();
    expect(refunds()).toHaveLength(1);
  });

  test('a shopper is refused whatever page they open, sees nothing of it, and is not asked about it elsewhere', async () => {
    const out_trade_no = await sell();
    const shopper = await world.pickUp({ shopper: WANG, path: '/pages/orders/orders' });
    await pageOf(shopper, 'orders').getByTestId(`order-${out_trade_no}`).waitFor();
    expect(callsTo('serveDesk')).toEqual([]);
    expect(await shopper.getByTestId('desk').count()).toBe(0);
    const page = await world.pickUp({ shopper: WANG, path: DESK });
    for (const name of ['orders', 'order', 'refund', 'alarms', 'bills'] as const) {
      const shown = deskPage(page, name);
      if (name !== 'orders') await open(page, `${name}/${name}?out_trade_no=${out_trade_no}`);
      await shown.getByTestId('message').getByText('没有权限').waitFor();
      expect(await shown.innerText()).not.toMatch(/工作台|退款|告警|账单|¥/);
      if (name === 'orders') await shoot(page, 'desk-refused');
      await page.getByRole('button', { name: '返回' }).last().click();
      await pageOf(page, 'shop').waitFor();
    }
  });

  test('the way to the desk is shown to whoever opened it, until they are no operator any more', async () => {
    await makeOperator(LI);
    const page = await world.pickUp({ shopper: LI, path: DESK });
    await deskPage(page, 'orders').getByText('暂无订单').waitFor();
    await page.evaluate(`__sim.wx.reLaunch({ url: '/pages/orders/orders' })`);
    await pageOf(page, 'orders').getByTestId('desk').waitFor();
    await shoot(page, 'desk-entry');
    await world.cloud.hands.put('operators', JSON.stringify({ _id: LI.openid, name: '李雷', active: false }));
    await pageOf(page, 'orders').getByTestId('desk').click();
    await page.getByTestId('message').getByText('没有权限').waitFor();
    await page.getByTestId('message').getByText('返回').click();
    await pageOf(page, 'shop').getByTestId('orders').click();
    await pageOf(page, 'orders').getByTestId('message').waitFor();
    expect(await pageOf(page, 'orders').getByTestId('desk').count()).toBe(0);
  });

  test.each([
    { width: 320, text: 1 },
    { width: 320, text: 1.3 },
    { width: 390, text: 1.3 },
    { width: 430, text: 1 },
  ])('there is room on $width pixels, with text times $text', async (screen) => {
    await makeOperator(LI);
    const out_trade_no = await sell();
    const { clock, cloud } = world;
    const message = `${'The merchant is not the one that the order was made for. '.repeat(4)}${'x'.repeat(60)}`;
    await cloud.insert('alarms', { ...alarm('REFUND_REFUSED', out_trade_no, message, clock.now()) });
    await cloud.insert('alarms', {
      ...alarm('MERCHANT_MISCONFIGURED', 'APPID_MCHID_NOT_MATCH', message, clock.now()),
    });
    const day = newBillDay({ channel: 'virtualpay', bill_date: '20271231', now: clock.now() });
    await cloud.insert('bills', {
      ...day,
      payments: { count: 12_345, fee: 123_456_789 },
      refunds: { count: 678, fee: 1 },
    });
    const page = await world.pickUp({ shopper: LI, screen });
    const look = async (path: string, name: DeskPage, act?: (page: Page) => Promise<void>) => {
      await open(page, path);
      await deskPage(page, name).locator('.card, wx-view').first().waitFor();
      await act?.(page);
      await shoot(page, `desk-room-${screen.width}-${screen.text}-${name}`);
      expect(await collisions(page)).toEqual([]);
    };
    await look('orders/orders', 'orders', (page) => page.getByTestId('alarms').waitFor());
    await look(`order/order?out_trade_no=${out_trade_no}`, 'order', (page) =>
      page.getByTestId('refund').waitFor(),
    );
    await look(`refund/refund?out_trade_no=${out_trade_no}`, 'refund', async (page) => {
      await page.getByTestId('mode-part').click();
      await type(page, 'amount', '12.34');
      await page.getByTestId('takes-days').click();
      await page.getByTestId('reason-协商退款').click();
    });
    await look('alarms/alarms', 'alarms', (page) => page.getByText('原文').first().click());
    await look('bills/bills', 'bills', (page) => page.getByText('对账中').click());
  });
});
