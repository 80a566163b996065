import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, openPhone } from '../../browser.ts';
import { type SimulatedWorld, startWorld } from './world.ts';

const found = hasBrowser();

describe.runIf(found)('from page to page', () => {
  let world: SimulatedWorld;
  let page: Page;

  beforeAll(async () => {
    world = await startWorld();
    page = await openPhone(world.browser, world.url);
  }, 30_000);

  afterEach(async () => {
    await page.evaluate(`__sim.wx.reLaunch({ url: '/pages/shop/shop' })`);
  });

  afterAll(() => world?.dispose());

  test('a navigator opens a page with its query, and the arrow goes back', async () => {
    await page.getByTestId('to-form').click();
    await page.getByTestId('nav-title').filter({ hasText: '表单' }).waitFor();
    expect(await page.evaluate('[__sim.pageStack(), __sim.data().from]')).toEqual([
      ['pages/shop/shop', 'pages/form/form'],
      'shop',
    ]);
    await page.getByRole('button', { name: '返回', exact: true }).click();
    await page.getByTestId('nav-title').filter({ hasText: '商店' }).waitFor();
    expect(await page.evaluate('__sim.pageStack()')).toEqual(['pages/shop/shop']);
  });

  test.each([
    [`navigateTo({ url: '/pages/parts/parts' })`, 'navigateTo:fail can not navigateTo a tabbar page'],
    [`redirectTo({ url: '/pages/parts/parts' })`, 'redirectTo:fail can not redirectTo a tabbar page'],
    [`switchTab({ url: '/pages/list/list' })`, 'switchTab:fail can not switch to no-tabBar page'],
    [`navigateTo({ url: 'none' })`, 'navigateTo:fail page "pages/shop/none" is not found'],
    [`navigateBack()`, 'navigateBack:fail cannot navigate back at first page.'],
    [
      `navigateTo({})`,
      'navigateTo:fail parameter error: parameter.url should be String instead of Undefined;',
    ],
    [`setTabBarBadge({ index: 9, text: '1' })`, 'setTabBarBadge:fail tabbar item not found'],
    [`getStorage({ key: 'none' })`, 'getStorage:fail data not found'],
    [`showModal({ confirmText: '一二三四五' })`, /^showModal:fail confirmText length/],
  ])('wx.%s is refused in the phone’s words', async (call, errMsg) => {
    const refused = await page.evaluate(`__sim.wx.${call}.then(() => 'done', (error) => error)`);
    expect(refused).toEqual({ errMsg: typeof errMsg === 'string' ? errMsg : expect.stringMatching(errMsg) });
  });

  test('the eleventh page is refused', async () => {
    const refused = await page.evaluate(`(async () => {
      for (let depth = 0; depth < 10; depth += 1) await __sim.wx.navigateTo({ url: '/pages/form/form' });
    })().catch(({ errMsg }) => errMsg)`);
    expect(refused).toBe('navigateTo:fail webview count limit exceed');
    expect(await page.evaluate('__sim.pageStack().length')).toBe(10);
  });

  test('callbacks are called in place of a promise', async () => {
    const called = `new Promise((resolve) => {
      const received = [];
      const answer = __sim.wx.getStorage({
        key: 'none',
        success: () => received.push('success'),
        fail: ({ errMsg }) => received.push(errMsg),
        complete: () => resolve([answer === undefined, ...received]),
      });
    })`;
    expect(await page.evaluate(called)).toEqual([true, 'getStorage:fail data not found']);
  });

  test('tabs keep their pages', async () => {
    await page.getByRole('tab', { name: '零件' }).click();
    await page.waitForFunction(`__sim.route() === 'pages/parts/parts'`);
    await page.evaluate('__sim.page().setData({ stars: 4 })');
    await page.getByRole('tab', { name: '商店' }).click();
    await page.waitForFunction(`__sim.route() === 'pages/shop/shop'`);
    await page.getByRole('tab', { name: '零件' }).click();
    await page.waitForFunction(`__sim.route() === 'pages/parts/parts'`);
    expect(await page.evaluate('[__sim.data().stars, __sim.pageStack()]')).toEqual([
      4,
      ['pages/parts/parts'],
    ]);
  });

  test('a page of a subpackage that is a component gets its query as a property and talks with its opener', async () => {
    const answered = page.evaluate(`new Promise((resolve) => __sim.wx.navigateTo({
      url: '/extra/pages/more/more?id=7',
      events: { answer: resolve },
      success: ({ eventChannel }) => eventChannel.emit('hello', 'hello'),
    }))`);
    expect(await answered).toBe('hello back');
    expect(await page.evaluate('__sim.data()')).toMatchObject({ id: '7', loaded: '7', shown: 1 });
  });

  test('reaching the bottom asks for more, each time anew', async () => {
    await page.getByTestId('to-list').click();
    for (const items of [40, 60]) {
      await page.getByTestId('foot').scrollIntoViewIfNeeded();
      await page.waitForFunction(`__sim.data().items.length === ${items}`);
    }
  });

  test('pulling a page down refreshes it', async () => {
    await page.getByTestId('to-list').click();
    const content = page.locator('[data-route="pages/list/list"]');
    await content.getByText('第 1 行').waitFor();
    await page.mouse.move(180, 200);
    await page.mouse.down();
    await page.mouse.move(180, 420, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction('__sim.data().refreshed === 1');
    expect(await page.evaluate('__sim.data().items.length')).toBe(20);
  });

  test('an action sheet reports what was chosen, and that nothing was', async () => {
    const show = `__sim.wx.showActionSheet({ itemList: ['甲', '乙'] }).then(({ tapIndex }) => tapIndex, ({ errMsg }) => errMsg)`;
    const chosen = page.evaluate(show);
    await page.getByRole('button', { name: '乙' }).click();
    expect(await chosen).toBe(1);
    const cancelled = page.evaluate(show);
    await page.getByRole('button', { name: '取消' }).click();
    expect(await cancelled).toBe('showActionSheet:fail cancel');
  });

  test('a page that was opened by a link has a way home', async () => {
    const linked = await openPhone(world.browser, world.url, { path: '/pages/list/list' });
    await linked.getByRole('button', { name: '返回首页' }).click();
    await linked.waitForFunction(`__sim.route() === 'pages/shop/shop'`);
  });

  test('an Android phone says what it is', async () => {
    const android = await openPhone(world.browser, world.url, { search: '?platform=android' });
    expect(await android.evaluate('__sim.wx.getDeviceInfo()')).toMatchObject({
      platform: 'android',
      system: 'Android 14',
    });
  });

  test('nothing went wrong on the way', async () => {
    expect(await page.evaluate('[...__sim.errors, ...__sim.warnings]')).toEqual([]);
  });
});
