import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { hasBrowser } from '../browser.ts';
import { buy, orderUnpaid, untilOrderIs } from './actions.ts';
import { shoot } from './screenshots.ts';
import { loseNotices, refuse } from './troubles.ts';
import { openWholeWorld, TIMER_MS, type WholeWorld } from './whole-world.ts';

describe.skipIf(!hasBrowser())('the console beside the phone', () => {
  let world: WholeWorld;
  let page: Page;
  let phone: FrameLocator;
  beforeAll(async () => {
    world = await openWholeWorld();
  });
  beforeEach(async () => {
    page = await world.openConsole();
    phone = page.frameLocator('iframe[title="手机"]');
  });
  afterEach(() => world.tidy());
  afterAll(() => world?.close());

  const orders = () => world.cloud.documents('orders');
  const compared = () => page.getByTestId(`compare-${orders()[0]?._id}`);

  test('a lost notice is seen, and its payment found when the timer is run', async () => {
    // Just after a run of the timer, so that none comes by itself in the meantime.
    await world.clock.advance(TIMER_MS - (world.clock.now().getTime() % TIMER_MS));
    const answerAgain = refuse(world, 'orderquery');
    const top = await page.locator('iframe[title="手机"]').boundingBox();
    for (const fault of ['repeat', 'delay', 'break', 'fail'])
      await page.getByTestId(`switch-${fault}`).waitFor();
    await page.getByTestId('switch-lose').click();
    await page.locator('[data-testid="switch-lose"][aria-checked="true"]').waitFor();
    await buy(phone);
    await untilOrderIs(phone, 'confirming');
    await page.getByTestId('sequence').getByText('没有收到').waitFor();
    await compared().getByText('再查').waitFor();
    const frame = await page.locator('iframe[title="手机"]').boundingBox();
    expect(frame?.y).toBe(top?.y);
    await shoot(page, 'console-confirming');

    await phone.getByRole('button', { name: '返回会员页' }).click();
    // The shop has been read while nothing was held yet.
    await phone.getByTestId('product-city').getByText('一座城市的全部内容').waitFor();
    loseNotices(world);
    answerAgain();
    // Until the first of the timer's questions is due.
    await world.clock.advance(30_000);
    expect(orders()).toMatchObject([{ trade_state: 'NOTPAY' }]);
    await page.getByTestId('run-queryOrders').click();
    await compared().getByText('一致').waitFor();
    expect(orders()).toMatchObject([{ trade_state: 'SUCCESS' }]);
    await shoot(page, 'console-found');
  });

  test('half an hour ends an order that nobody paid, here and at WeChat', async () => {
    await orderUnpaid(phone);
    await page.getByTestId('clock-30').click();
    await untilOrderIs(phone, 'closed');
    await compared().getByText('一致').waitFor();
    expect(orders()).toMatchObject([{ trade_state: 'CLOSED' }]);
  });

  test('no key and no signature is on the page, whatever is opened', async () => {
    await buy(phone);
    await untilOrderIs(phone, 'paid');
    await compared().getByText('一致').waitFor();
    const secret = new RegExp(`${MERCHANT.api_key}|[0-9A-F]{32}`);
    // What is signed: the order, the cashier's parameters, the notice.
    for (const signed of [/unifiedorder/, /paySign/, /notify/]) {
      await page.getByTestId('sequence').getByRole('button', { name: signed }).last().click();
      await page.getByTestId('payload').getByText('••••••').first().waitFor();
      expect(await page.content()).not.toMatch(secret);
    }
    await shoot(page, 'console-payload');
    await page.getByRole('button', { name: '全部调用' }).click();
    await page.getByRole('tab', { name: '文档' }).click();
    await page.getByTestId('collection-orders').click();
    await page.getByTestId('documents-orders').waitFor();
    expect(await page.content()).not.toMatch(secret);
    await shoot(page, 'console-documents');
  });
});
