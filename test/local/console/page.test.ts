import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { serveConsole } from '../../../scripts/local/console/console.ts';
import { type LocalWorld, MERCHANT, SHOPPERS } from '../../../scripts/local/local-world.ts';
import { hasBrowser, sharedBrowser } from '../../browser.ts';
import { openWorld, order, pay, SHOPPER } from './purchase.ts';

describe.skipIf(!hasBrowser())('the console in a browser', () => {
  let browser: Browser;
  let world: LocalWorld;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    [browser, world] = await Promise.all([sharedBrowser(), openWorld()]);
    page = await open(world.console.url);
  });
  afterAll(async () => {
    await Promise.all([page?.context().close(), world?.close()]);
  });
  afterEach(() => expect(errors.splice(0)).toEqual([]));

  async function open(url: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN' });
    const opened = await context.newPage();
    opened.setDefaultTimeout(10_000);
    opened.on('pageerror', ({ message }) => errors.push(message));
    opened.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await opened.goto(url);
    await opened.getByText('实时', { exact: true }).waitFor();
    return opened;
  }
  const row = (name: string | RegExp) => page.getByTestId('sequence').getByRole('button', { name });

  test('before the first order it says who is who, and where the phone will be', async () => {
    await page.getByText('商家的账本：商品、订单、会员期。').waitFor();
    await page.getByTestId('no-phone').waitFor();
  });

  test('a purchase is drawn from the call to the settlement', async () => {
    const { out_trade_no, payment } = await order(world, 'console-page-000001');
    pay(world, payment);
    await row('小程序 → 云函数：callFunction createOrder').waitFor();
    await row('云函数 → 微信支付：unifiedorder ¥48.00').waitFor();
    await row('微信支付 → 小程序：requestPayment:ok，只是提示').waitFor();
    await row('云函数 → 云数据库：settle：NOTPAY → SUCCESS，城市版 +3 个月').waitFor();
    await page.getByText('通知送到，订单已入账，会员已开通').waitFor();
    await page.getByTestId(`compare-${out_trade_no}`).getByText('一致').waitFor();
  });

  test('a click shows what a message carried, and no secret', async () => {
    await row(/支付参数，paySign/)
      .last()
      .click();
    const payload = page.getByTestId('payload');
    await payload.getByText('••••••').waitFor();
    expect(await payload.textContent()).not.toMatch(/[0-9A-F]{32}/);
    expect(await page.content()).not.toContain(MERCHANT.api_key);
    await page.keyboard.press('Escape');
    await payload.getByText('点一行看内容').waitFor();
  });

  test('an armed switch loses the notice, goes off by itself, and the moved clock brings the payment back', async () => {
    const lose = page.getByTestId('switch-lose');
    await lose.click();
    await page.locator('[data-testid=switch-lose][aria-checked=true]').waitFor();
    const { out_trade_no, payment } = await order(world, 'console-page-000002');
    pay(world, payment);
    await row('微信支付 → 云函数：notify，没有收到').waitFor();
    await page.locator('[data-testid=switch-lose][aria-checked=false]').waitFor();
    await page.getByText('买家已付款，通知丢了：这里还不知道').waitFor();
    await page.getByTestId(`compare-${out_trade_no}`).getByText('再查').waitFor();
    await page.getByTestId('planned').getByText('notify 第 2 次，预定').waitFor();

    const before = world.clock.now().getTime();
    await page.getByTestId('clock-1').click();
    await page.getByTestId(`compare-${out_trade_no}`).getByText('一致').waitFor();
    await page
      .getByTestId('sequence')
      .getByText(/时间快进/)
      .first()
      .waitFor();
    expect(world.clock.now().getTime() - before).toBeGreaterThanOrEqual(15_000);
  });

  test('an order is opened by a press during which another one comes', async () => {
    const { out_trade_no } = await order(world, 'console-page-000003');
    const first = page.getByTestId(`compare-${out_trade_no}`);
    await first.hover();
    await page.mouse.down();
    const second = await order(world, 'console-page-000004');
    const state = async () => (await fetch(`${world.console.url}/api/state`)).text();
    await expect.poll(state).toContain(second.out_trade_no);
    await page.waitForResponse(
      async (response) =>
        response.url().includes('/api/state') && (await response.text()).includes(second.out_trade_no),
    );
    await page.mouse.up();
    await page.getByTestId(`card-${out_trade_no}`).waitFor();
    await page.getByTestId(`compare-${second.out_trade_no}`).waitFor();
    await page.getByTestId(`open-${out_trade_no}`).click();
  });

  test('a timer runs when its button is pressed', async () => {
    const seq = world.trace.since().at(-1)?.seq;
    await page.getByTestId('run-queryOrders').click();
    await expect.poll(() => world.trace.since(seq).map(({ from }) => from)).toContain('timer');
  });

  test('documents are tables that open to every field', async () => {
    await page.getByRole('tab', { name: '文档' }).click();
    await page.getByTestId('collection-users').click();
    await page.getByTestId('documents-users').getByText(/^city/).click();
    await page.getByTestId('documents-users').getByText(SHOPPER.openid).first().waitFor();
  });

  test('what is drawn is bounded, however long the world runs', async () => {
    await page.getByRole('button', { name: '全部调用' }).click();
    for (let count = 0; count < 2100; count++) {
      world.trace.record({ from: 'timer', to: 'function', kind: 'change', label: `filler ${count}` });
    }
    await page.getByText('filler 2099').waitFor();
    expect(await page.getByTestId('sequence').locator('li').count()).toBeLessThanOrEqual(120);
  });

  test('the phone is given the shopper who holds it', async () => {
    const { clock, trace, cloud, host, timers, wechatpay, weixin, virtualpay } = world;
    const parts = {
      ...{ clock, trace, cloud, host, timers, wechatpay, weixin, virtualpay },
      ...{ shoppers: SHOPPERS, secrets: [], reset: async () => {} },
      addresses: { cloud: '', http: '', wechatpay: '', weixin: '' },
    };
    const other = await serveConsole({ ...parts, simulatorUrl: `${world.gateway.url}/` });
    const opened = await open(other.url);
    const phone = opened.locator('iframe');
    const [first, second] = SHOPPERS;
    const held = async () => new URL((await phone.getAttribute('src')) ?? '').searchParams;
    expect(Object.fromEntries(await held())).toEqual({
      ...{ shopper: first.openid, platform: 'android', width: '375', text: '1', language: 'zh' },
    });
    await opened.getByTestId(`shopper-${second.openid}`).click();
    expect((await held()).get('shopper')).toBe(second.openid);
    await opened.getByTestId('phone-platform').selectOption('ios');
    await opened.getByTestId('phone-width').selectOption('430');
    expect(Object.fromEntries(await held())).toMatchObject({ platform: 'ios', width: '430' });
    await opened.close();
    errors.splice(0); // What stands in for the phone here answers 404, which the browser reports.
    await other.close();
  });
});
