import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalWorld, SHOPPERS } from '../../../scripts/local/local-world.ts';
import { hasBrowser, sharedBrowser } from '../../browser.ts';
import { startWholeWorld } from '../servers.ts';

describe.skipIf(!hasBrowser())('the phone in the console', () => {
  let world: LocalWorld;
  let page: Page;
  const said: string[] = [];

  beforeAll(async () => {
    world = await startWholeWorld();
    const context = await (await sharedBrowser()).newContext({ viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) said.push(message.text());
    });
    page.on('pageerror', ({ message }) => said.push(message));
    await page.goto(world.console.url);
  });
  afterAll(async () => {
    await page?.context().close();
    await world?.close();
  });

  const phone = () => page.frames().find((frame) => frame.url().startsWith(world.phone?.url ?? 'none'));
  const isReady = () =>
    expect.poll(() => phone()?.evaluate('window.__sim?.ready'), { timeout: 20_000 }).toBe(true);
  const network = () =>
    phone()?.evaluate(
      'new Promise((resolve) => window.__sim.wx.getNetworkType({ success: ({ networkType }) => resolve(networkType) }))',
    );

  test('is opened without a word on the browser’s own console', async () => {
    await isReady();
    expect(said).toEqual([]);
  });

  test('has the network that is chosen beside it, after it is opened again as well', async () => {
    expect(await network()).toBe('wifi');
    await page.getByTestId('phone-network').selectOption('none');
    await expect.poll(network).toBe('none');
    await page.getByTestId(`shopper-${SHOPPERS[1].openid}`).click();
    await expect.poll(() => phone()?.url()).toContain(SHOPPERS[1].openid);
    await expect.poll(network, { timeout: 20_000 }).toBe('none');
  });
});
