import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LocalWorld } from '../../../scripts/local/local-world.ts';
import { hasBrowser, sharedBrowser } from '../../browser.ts';
import { openWorld, order, pay } from './purchase.ts';

/** How many presses of a finger a person needs for what they came for. */
const CLICKS_MAX = 6;
const TAB_STOPS_MAX = 30;
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(!hasBrowser())('what somebody comes to the console for', () => {
  let browser: Browser;
  let world: LocalWorld;
  const problems: string[] = [];
  beforeAll(async () => {
    [browser, world] = await Promise.all([sharedBrowser(), openWorld()]);
  });
  afterAll(() => world?.close());
  afterEach(() => expect(problems.splice(0)).toEqual([]));

  async function open({ width = 1280, locale = 'zh-CN', dark = false, query = '' } = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width, height: 820 },
      locale,
      colorScheme: dark ? 'dark' : 'light',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', ({ message }) => problems.push(message));
    await page.goto(`${world.console.url}/${query}`);
    await page.getByTestId('switch-lose').waitFor({ state: 'attached' });
    return page;
  }

  /** What axe has against the page as it is now. */
  async function findings(page: Page): Promise<unknown> {
    await page.evaluate(AXE);
    const found = await page.evaluate('axe.run(document, { iframes: false })');
    return JSON.parse(JSON.stringify(found)).violations.map(
      ({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`,
    );
  }

  /** Counts what is pressed. */
  function finger() {
    let clicks = 0;
    return {
      press: async (target: Locator) => {
        clicks++;
        await target.click();
      },
      clicks: () => clicks,
    };
  }

  test('why an order is not a membership', async () => {
    const lost = await order(world, 'console-tasks-00001');
    const { out_trade_no } = lost;
    world.wechatpay.faults.add({ kind: 'lose-notice', count: 100, out_trade_no });
    pay(world, lost.payment);
    const other = await order(world, 'console-tasks-00002');
    pay(world, other.payment);
    const page = await open({ locale: 'en-US' });
    const { press, clicks } = finger();
    await press(page.getByTestId('search'));
    await page.keyboard.insertText(lost.out_trade_no);
    await page.getByTestId(`compare-${other.out_trade_no}`).waitFor({ state: 'detached' });
    await press(page.getByTestId(`open-${lost.out_trade_no}`));
    const card = page.getByTestId(`card-${lost.out_trade_no}`);
    await card.getByText('Paid, and the notice was lost: the shop does not know yet').waitFor();
    await card.getByText(/The timer asks at \d\d:\d\d:\d\d\./).waitFor();
    await card.getByText(lost.out_trade_no, { exact: true }).waitFor();
    const sequence = page.getByTestId('sequence');
    await sequence.getByText('not received').waitFor();
    expect(await sequence.textContent()).not.toContain(other.out_trade_no.slice(0, 4));
    expect(clicks()).toBeLessThanOrEqual(CLICKS_MAX);
    await press(card.getByTestId('send-1'));
    await page.getByTestId(`compare-${lost.out_trade_no}`).getByText('same').waitFor();
    expect(clicks()).toBeLessThanOrEqual(CLICKS_MAX);
    await page.context().close();
  });

  test('WeChat cannot be reached for two minutes', async () => {
    const page = await open();
    const { press, clicks } = finger();
    await press(page.getByTestId('scope-minutes'));
    await press(page.getByTestId('switch-down'));
    const down = page.locator('[data-testid=switch-down][aria-checked=true]');
    await down.getByText(/到 \d\d:\d\d:\d\d/).waitFor();
    await expect(order(world, 'console-tasks-00003')).rejects.toThrow();
    await page.getByTestId('sequence').getByText('没有收到').first().waitFor();
    await press(page.getByTestId('clock-1'));
    await press(page.getByTestId('clock-1'));
    await press(page.getByTestId('clock-1'));
    await down.waitFor({ state: 'detached' });
    expect(clicks()).toBeLessThanOrEqual(CLICKS_MAX);
    expect(await order(world, 'console-tasks-00003')).toMatchObject({ payment: expect.anything() });
    await page.context().close();
  });

  test('a colleague is shown what happened', async () => {
    const { out_trade_no, payment } = await order(world, 'console-tasks-00005');
    pay(world, payment);
    const page = await open({ locale: 'en-US' });
    const { press, clicks } = finger();
    await press(page.getByTestId(`open-${out_trade_no}`));
    await page.locator(`[data-testid=export][href*="${out_trade_no}"]`).waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), press(page.getByTestId('export'))]);
    expect(clicks()).toBeLessThanOrEqual(CLICKS_MAX);
    const folder = await mkdtemp(path.join(tmpdir(), 'console-tasks-'));
    const file = path.join(folder, download.suggestedFilename());
    await download.saveAs(file);
    await page.context().close();

    // At the colleague's: another browser, and nothing but the file.
    const colleague = await browser.newContext({ offline: true, locale: 'en-US' });
    const opened = await colleague.newPage();
    opened.setDefaultTimeout(10_000);
    opened.on('pageerror', ({ message }) => problems.push(message));
    await opened.goto(pathToFileURL(file).href);
    const card = opened.getByTestId(`card-${out_trade_no}`);
    await card.getByText(/Member until/).waitFor();
    await opened.getByTestId('sequence').getByText('unifiedorder ¥48.00').waitFor();
    await colleague.close();
    await rm(folder, { recursive: true });
  });

  test('a document is edited, removed after a second press, and its collection put back', async () => {
    const page = await open();
    await page.getByTestId('tab-documents').click();
    await page.getByTestId('collection-products').click();
    const table = page.getByTestId('documents-products');
    await table.getByRole('button', { name: 'city' }).click();
    await page.getByTestId('edit').click();
    const editor = page.getByTestId('editor');
    await editor.fill((await editor.inputValue()).replace('城市版', '城市通'));
    await page.getByTestId('save').click();
    await table.getByText('城市通').first().waitFor();
    await page.getByTestId('filter').fill('{"name":"城市通"}');
    await page.keyboard.press('Enter');
    await table.getByText('市场版').waitFor({ state: 'detached' });
    await page.getByTestId('remove').click();
    expect(world.cloud.documents('products')).toHaveLength(3);
    await page.getByTestId('remove').click();
    await expect.poll(() => world.cloud.documents('products').length).toBe(2);
    await page.getByTestId('reset').click();
    await page.getByTestId('reset').click();
    await expect.poll(() => world.cloud.documents('products').map(({ name }) => name)).toContain('城市版');
    await page.context().close();
  });

  test('the language is the browser’s until somebody chooses, and that is kept', async () => {
    const page = await open({ locale: 'en-US' });
    await page.getByRole('heading', { name: 'Local console' }).waitFor();
    await page.getByTestId('language').click();
    await page.getByRole('heading', { name: '本地控制台' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: '本地控制台' }).waitFor();
    await page.context().close();
  });

  test('who has scrolled away is told of new rows, and comes back', async () => {
    const page = await open({ width: 800 });
    await page.getByTestId('sequence').getByRole('button').first().waitFor();
    await page.evaluate(`document.getElementById('scroll').scrollTop = 0`);
    const back = page.getByTestId('back');
    await back.waitFor();
    const { out_trade_no } = await order(world, 'console-tasks-00004');
    await back.filter({ hasText: /\d+ 行新的/ }).waitFor();
    await back.click();
    await back.waitFor({ state: 'hidden' });
    await page
      .getByTestId('sequence')
      .getByText(`${out_trade_no.slice(0, 4)}…`)
      .last()
      .waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(800);
    await page.context().close();
  });

  test.each([
    ['in Chinese', { locale: 'zh-CN' }],
    ['in English, in the dark, 800 pixels wide', { locale: 'en-US', dark: true, width: 800 }],
  ])('axe finds nothing, %s, whatever is opened', async (_, options) => {
    const page = await open(options);
    await page.locator('tr.one').first().click();
    await page
      .getByTestId('sequence')
      .getByRole('button', { name: /unifiedorder/ })
      .first()
      .click();
    expect(await findings(page)).toEqual([]);
    await page.getByTestId('switch-slow').click();
    await page.getByTestId('tab-documents').click();
    await page.getByTestId('collection-orders').click();
    await page.locator('tr.one').first().click();
    expect(await findings(page)).toEqual([]);
    await page.getByTestId('tab-logs').click();
    await page.getByTestId('logs').getByRole('button').first().click();
    expect(await findings(page)).toEqual([]);
    await page.getByTestId('switch-slow').click();
    await page.context().close();
  });

  test('a newcomer is shown around in six steps at most, by the keyboard alone, once', async () => {
    const page = await open({ query: '?tour', locale: 'en-US' });
    const card = page.getByTestId('tour-card');
    await card.waitFor();
    let steps = 1;
    for (; (await page.getByTestId('tour-next').textContent()) === 'Next'; steps++)
      await page.keyboard.press('Enter');
    expect(await findings(page)).toEqual([]);
    expect(steps).toBeLessThanOrEqual(6);
    await page.getByTestId('tour-back').click();
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
    expect(await page.evaluate(`localStorage.getItem('console-tour')`)).toBe('seen');
    await page.context().close();
  });

  test.each([
    ['is offered the tour, and once only', false, 1],
    ['is not, where a script drives the browser', true, 0],
  ])('who comes for the first time %s', async (_, isDriven, cards) => {
    const context = await browser.newContext({ viewport: { width: 800, height: 820 }, locale: 'zh-CN' });
    await context.addInitScript(
      `Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => ${isDriven} })`,
    );
    const page = await context.newPage();
    await page.goto(world.console.url);
    await page.getByTestId('switch-lose').waitFor({ state: 'attached' });
    const card = page.getByTestId('tour-card');
    expect(await card.count()).toBe(cards);
    if (cards > 0) {
      expect(await findings(page)).toEqual([]);
      await page.getByTestId('tour-skip').click();
    }
    await page.reload();
    await page.getByTestId('switch-lose').waitFor({ state: 'attached' });
    expect(await card.count()).toBe(0);
    await context.close();
  });

  test('the first switch is a few stops of Tab away', async () => {
    const page = await open();
    await page.locator('tr.one').nth(2).waitFor();
    let stops = 0;
    for (; stops <= TAB_STOPS_MAX; stops++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(`document.activeElement.matches('[role=switch]')`)) break;
    }
    expect(stops).toBeLessThanOrEqual(TAB_STOPS_MAX);
    await page.context().close();
  });
});
