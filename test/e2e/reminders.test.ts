import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { REMINDER_TEMPLATE } from '../../scripts/local/local-world.ts';
import { hasBrowser } from '../browser.ts';
import { cashier, enter, order, pageOf, untilOrderIs } from './actions.ts';
import { shoot } from './screenshots.ts';
import { openWholeWorld, type WholeWorld } from './whole-world.ts';

const DAY_MS = 24 * 3_600_000;

describe.skipIf(!hasBrowser())('a shop that reminds', () => {
  let world: WholeWorld;
  beforeAll(async () => {
    world = await openWholeWorld({ remindsShoppers: true });
  });
  afterEach(() => world.tidy());
  afterAll(() => world?.close());

  const reminders = () => world.cloud.documents('reminders');

  /** Buys a month, as far as WeChat's question. */
  async function buyAMonth(page: Page): Promise<void> {
    await order(page, 'market', 1);
    await enter(page, '123456');
    await page.getByRole('dialog', { name: '订阅消息' }).getByText(REMINDER_TEMPLATE.title).waitFor();
  }

  test('a shopper agrees after paying, is reminded, and one tap from there pays for another month', async () => {
    const page = await world.pickUp();
    await buyAMonth(page);
    await shoot(page, 'reminder-asked');
    await page.getByTestId('subscribe-accept').click();
    await untilOrderIs(page, 'paid');
    await expect.poll(() => reminders().length).toBe(1);
    await world.clock.advance(30 * DAY_MS);
    const [message, ...others] = world.weixin.subscriptions.received();
    expect(others).toEqual([]);
    expect(message?.page).toBe('pages/shop/shop?product_id=market&months=1');

    const phone = await world.pickUp({ path: `/${message?.page}` });
    await pageOf(phone, 'shop').getByText('延长 1 个月').waitFor();
    await pageOf(phone, 'shop')
      .getByText(/\.03\.15 到期/)
      .waitFor();
    await shoot(phone, 'renewal');
    await phone.getByTestId('pay').click();
    await cashier(phone).waitFor();
  }, 120_000);

  test('whoever says no is shown the order, and not asked again', async () => {
    const page = await world.pickUp();
    await buyAMonth(page);
    await page.getByTestId('subscribe-reject').click();
    await untilOrderIs(page, 'paid');
    expect(reminders()).toEqual([]);
    await page.getByText('完成').click();
    await pageOf(page, 'shop').waitFor();
    await order(page, 'city', 1);
    await enter(page, '123456');
    await untilOrderIs(page, 'paid');
    expect(reminders()).toEqual([]);
  });

  test('a member’s own membership is chosen when the shop opens', async () => {
    const page = await world.pickUp();
    await buyAMonth(page);
    await page.getByTestId('subscribe-accept').click();
    await untilOrderIs(page, 'paid');
    const later = await world.pickUp();
    await later.locator('[data-testid="product-market"][aria-checked="true"]').waitFor();
    await pageOf(later, 'shop').getByText('延长 3 个月').waitFor();
  });
});
