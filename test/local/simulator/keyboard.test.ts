import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, openPhone } from '../../browser.ts';
import { type SimulatedWorld, startWorld } from './world.ts';

const found = hasBrowser();

describe.runIf(found)('the phone under a keyboard', () => {
  let world: SimulatedWorld;
  let page: Page;
  beforeAll(async () => {
    world = await startWorld();
    page = await openPhone(world.browser, world.url);
  }, 30_000);
  afterAll(() => world.dispose());

  /** Presses Tab until something has the focus. */
  async function tabTo(selector: string): Promise<void> {
    for (let stops = 0; stops < 30; stops++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(`document.activeElement.matches('${selector}')`)) return;
    }
    throw new Error(`${selector} is not reached by Tab`);
  }

  test('what can be tapped is reached by Tab and tapped by Enter', async () => {
    await page.getByTestId('product-city').getByTestId('tag-text').click();
    await tabTo('[data-testid=pay]');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: '微信支付' }).waitFor();
  });

  test('the cashier takes digits, takes one back, and nothing behind it is tapped', async () => {
    await page.keyboard.press('Enter');
    await page.keyboard.type('12345');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('56');
    await page.getByTestId('outcome').filter({ hasText: 'paid' }).waitFor();
    expect(world.backend.asked.filter((asked) => asked.startsWith('createOrder'))).toHaveLength(1);
  });

  test('Esc closes the cashier, and the focus is back where it was', async () => {
    await tabTo('[data-testid=pay]');
    await page.keyboard.press(' ');
    await page.getByRole('dialog', { name: '微信支付' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('outcome').filter({ hasText: 'requestPayment:fail cancel' }).waitFor();
    expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('pay');
    expect(await page.evaluate('[...__sim.errors]')).toEqual([]);
  });
});
