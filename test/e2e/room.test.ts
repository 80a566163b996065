import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../browser.ts';
import { cashier, closeCashier, enter, openOrders, pageOf, untilOrderIs } from './actions.ts';
import { collisions } from './collisions.ts';
import { changeProduct } from './documents.ts';
import { shoot } from './screenshots.ts';
import { openWholeWorld, type WholeWorld } from './whole-world.ts';

/** Names of 32 characters, prices of six digits, terms of two: the most that the shop shows. */
const NAME = '全国城市与市场通用尊享会员至尊无限旗舰版含深度研究报告与专属顾问';
const LONG = {
  name: NAME,
  description: '不限城市与市场，含深度报告、历史数据、专属顾问，以及每周一次的线上交流',
  options: [
    { months: 1, total_fee: 4_999_999 },
    { months: 3, total_fee: 9_999_998 },
    { months: 6, total_fee: 9_999_999 },
    { months: 12, total_fee: 10_000_000 },
    { months: 120, total_fee: 10_000_000 },
  ],
};

describe.skipIf(!hasBrowser())('there is room', () => {
  let world: WholeWorld;
  beforeAll(async () => {
    world = await openWholeWorld();
  });
  afterEach(() => world.tidy());
  afterAll(() => world?.close());

  test.each([
    { width: 320, text: 1 },
    { width: 320, text: 1.3 },
    { width: 390, text: 1 },
    { width: 390, text: 1.3 },
  ])('for long names and high prices on $width pixels, with text times $text', async (screen) => {
    const named = (name: string) => `room-${screen.width}-${screen.text}-${name}`;
    const look = async (name: string) => {
      await shoot(page, named(name));
      expect(await collisions(page)).toEqual([]);
    };
    await changeProduct(world.cloud, 'premium', LONG);
    await changeProduct(world.cloud, 'market', { options: [{ months: 3, total_fee: 17_800 }] });
    const page = await world.pickUp({ screen });
    await page.getByTestId('product-premium').waitFor();
    await look('shop');
    await page.getByTestId('product-premium').click();
    await page.getByTestId('months-3').click();
    await look('shop-long');
    await changeProduct(world.cloud, 'premium', {
      options: LONG.options.slice(0, 2).map((each) => ({ ...each, total_fee: 9_876_543 })),
    });
    await page.getByTestId('pay').click();
    await page.getByTestId('notice').getByText('价格已更新').waitFor();
    await look('shop-notice');
    await page.getByTestId('pay').click();
    await cashier(page).waitFor();
    await closeCashier(page);
    await untilOrderIs(page, 'unpaid');
    await look('order-unpaid');
    await page.getByTestId('pay-again').click();
    await enter(page, '111111');
    await pageOf(page, 'order')
      .getByText(/余额不足/)
      .waitFor();
    await look('order-failed');
    await page.getByTestId('pay-again').click();
    await enter(page, '123456');
    await untilOrderIs(page, 'paid');
    await look('order-paid');
    await page.getByRole('button', { name: '完成' }).click();
    await pageOf(page, 'shop').getByText(/^延长/).waitFor();
    await look('shop-held');
    await page.getByTestId('product-city').click();
    await page.getByTestId('pay').click();
    await closeCashier(page);
    await untilOrderIs(page, 'unpaid');
    await page.getByRole('button', { name: '返回', exact: true }).click();
    const mine = await openOrders(page);
    await mine.getByTestId('membership-premium').waitFor();
    await look('orders');
  });
});
