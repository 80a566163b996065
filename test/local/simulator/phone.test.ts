import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, openPhone } from '../../browser.ts';
import { fillShop } from './memory-backend.ts';
import { type SimulatedWorld, startWorld } from './world.ts';

const YEAR_MS = 365 * 24 * 60 * 60_000;

const found = hasBrowser();

describe.runIf(found)('the phone', () => {
  let world: SimulatedWorld;
  /** Most tests share one phone, which goes back to the shop after each. */
  let page: Page;

  beforeAll(async () => {
    world = await startWorld();
    page = await open();
  }, 30_000);

  afterEach(async () => {
    world.backend.asked.length = 0;
    fillShop(world.backend);
    await page.evaluate(`__sim.setNetwork(true); __sim.wx.reLaunch({ url: '/pages/shop/shop' })`);
  });

  afterAll(() => world.dispose());

  const open = (options = {}) => openPhone(world.browser, world.url, options);

  test('shows what the database holds, with dates as dates and prices from WXS', async () => {
    await page.getByText('城市版').waitFor();
    expect(await page.getByTestId('tag-text').allTextContents()).toEqual(['¥18.00', '¥102.05']);
    expect(await page.getByTestId('since').textContent()).toBe('2020');
    await expectNoErrors(page);
  });

  test('a tap in a component reaches its page, and six digits pay', async () => {
    await page.getByTestId('product-city').getByTestId('tag-text').click();
    await page.getByTestId('chosen').filter({ hasText: 'city' }).waitFor();
    await page.getByTestId('pay').click();
    const cashier = page.getByRole('dialog', { name: '微信支付' });
    expect(await cashier.getByTestId('pay-amount').textContent()).toBe('¥48.00');
    for (const digit of '123456') await cashier.locator(`[data-key="${digit}"]`).click();
    await page.getByTestId('outcome').filter({ hasText: 'paid' }).waitFor();
    expect(world.backend.asked).toEqual(['createOrder o-lin', 'open o-lin', 'pay payment-1']);
    await expectNoErrors(page);
  });

  test('closing the cashier is a cancelled payment', async () => {
    await buyCity(page);
    await page.getByRole('button', { name: '关闭' }).click();
    await page.getByTestId('outcome').filter({ hasText: 'requestPayment:fail cancel' }).waitFor();
    expect(world.backend.asked.at(-1)).toBe('cancel payment-1');
  });

  test('111111 is refused for lack of funds', async () => {
    await buyCity(page);
    for (const digit of '111111') await page.locator(`[data-key="${digit}"]`).click();
    await page.getByText('零钱余额不足').waitFor();
    await page.getByTestId('outcome').filter({ hasText: 'requestPayment:fail 余额不足' }).waitFor();
    expect(world.backend.asked.at(-1)).toBe('fail payment-1 NOTENOUGH');
  });

  test('parameters that the cashier refuses fail with its reason', async () => {
    world.backend.functions.set('createOrder', () => ({
      payment: { timeStamp: '1', nonceStr: 'n', package: 'prepay_id=other', signType: 'MD5', paySign: 'S' },
    }));
    await buyCity(page);
    await page.getByTestId('outcome').filter({ hasText: 'requestPayment:fail 支付验证签名失败' }).waitFor();
  });

  test('a disabled button swallows its tap', async () => {
    await page.getByText('城市版').waitFor();
    await page.getByTestId('pay').click({ force: true });
    await page.getByTestId('product-city').getByTestId('tag-text').click();
    await page.getByTestId('chosen').filter({ hasText: 'city' }).waitFor();
    expect(world.backend.asked).toEqual([]);
  });

  test('without a network a call fails, and the page can notice it', async () => {
    const received = page.evaluate(
      'new Promise((resolve) => __sim.wx.onNetworkStatusChange(resolve)).then((change) => change.networkType)',
    );
    await page.evaluate('__sim.setNetwork(false)');
    expect(await received).toBe('none');
    expect(await rejection(page, `__sim.wx.cloud.callFunction({ name: 'createOrder' })`)).toMatchObject({
      errMsg: expect.stringContaining('cloud.callFunction:fail request:fail'),
    });
  });

  test('an answer that is lost on the way is a network failure', async () => {
    world.backend.functions.set('createOrder', () => {
      throw new Error('the line broke');
    });
    expect(await rejection(page, `__sim.wx.cloud.callFunction({ name: 'createOrder' })`)).toMatchObject({
      errMsg: expect.stringContaining('request:fail'),
    });
  });

  test('what the cloud refuses fails in the platform’s words', async () => {
    const answers = [];
    for (const call of [
      `callFunction({ name: 'nothing' })`,
      `database().collection('nothing').get()`,
      `database().collection('secrets').get()`,
      `database().collection('products').doc('x').get()`,
    ]) {
      answers.push(await rejection(page, `__sim.wx.cloud.${call}`));
    }
    expect(answers).toEqual([
      {
        errCode: -501000,
        errMsg:
          'cloud.callFunction:fail Error: errCode: -501000 | errMsg: FunctionName parameter could not be found',
      },
      {
        errCode: -502005,
        errMsg: 'collection.get:fail -502005 database collection not exists. Db or Table not exist: nothing',
      },
      {
        errCode: -502003,
        errMsg: 'collection.get:fail -502003 database permission denied. Permission denied',
      },
      { errCode: -1, errMsg: 'document.get:fail document with _id x does not exist' },
    ]);
  });

  test('the page’s Date runs by the world’s clock', async () => {
    const before = Number(await page.evaluate('__sim.getApp().now().getTime()'));
    await world.clock.advance(YEAR_MS);
    await page.waitForFunction(`__sim.getApp().now().getTime() >= ${before + YEAR_MS}`);
  });

  test('each shopper has a storage of their own', async () => {
    const page = await open();
    await page.evaluate(`__sim.wx.setStorageSync('key', { at: new Date(5), none: null })`);
    expect(await page.evaluate(`__sim.wx.getStorageSync('key').at.getTime()`)).toBe(5);
    await page.goto(`${world.url}?shopper=o-chen`);
    await page.waitForFunction('window.__sim.ready');
    expect(await page.evaluate(`__sim.wx.getStorageSync('key')`)).toBe('');
  });

  test('an API that is not here is not there to ask for, throws its name when it is called, and is on the list', async () => {
    const page = await open({ path: '/pages/form/form' });
    expect(await page.evaluate(`[__sim.wx.canIUse('openBluetoothAdapter'), __sim.missing]`)).toEqual([
      false,
      [],
    ]);
    expect(await page.evaluate(`typeof __sim.wx.openBluetoothAdapter`)).toBe('undefined');
    await page.getByTestId('unknown').click();
    await page.waitForFunction(
      '__sim.errors.some((error) => error.includes("wx.openBluetoothAdapter is not a function"))',
    );
    expect(await page.evaluate('__sim.missing')).toEqual(['wx.openBluetoothAdapter']);
    await page.getByRole('status').filter({ hasText: 'wx.openBluetoothAdapter' }).waitFor();
    await expect.poll(() => world.missing).toEqual([['wx.openBluetoothAdapter', 'pages/form/form']]);
  });

  test('setData skips what is undefined with a warning, sets the rest, and refuses what is lost in JSON', async () => {
    const page = await open({ path: '/pages/form/form?from=link' });
    await page.getByTestId('undefined').click();
    await page.getByTestId('asked').filter({ hasText: 'set' }).waitFor();
    expect(await page.evaluate('[__sim.data().from, __sim.data().deep, __sim.warnings]')).toEqual([
      'link',
      { kept: 1 },
      [
        'pages/form/form setData: Setting data field "from" to undefined is invalid.',
        expect.stringContaining('pages/form/form setData.deep.inside is undefined'),
      ],
    ]);
    const refused = await page.evaluate(
      '(() => { try { __sim.page().setData({ list: new Map() }); } catch (e) { return e.message; } })()',
    );
    expect(refused).toContain('pages/form/form setData.list is an instance of Map');
  });

  test.each([
    ['showToast', 'hideToast()', 0],
    ['showToast', 'hideLoading()', 0],
    ['showToast', 'hideLoading({ noConflict: true })', 1],
    ['showToast', 'hideToast({ noConflict: true })', 0],
    ['showLoading', 'hideToast()', 0],
    ['showLoading', 'hideToast({ noConflict: true })', 1],
    ['showLoading', 'hideLoading({ noConflict: true })', 0],
  ])('after %s, %s leaves %i box', async (show, hide, left) => {
    await page.evaluate(`__sim.wx.${show}({ title: '请稍候', duration: 60000 })`);
    await page.evaluate(`__sim.wx.${hide}`);
    expect(await page.getByText('请稍候').count()).toBe(left);
    await page.evaluate('__sim.wx.hideToast()');
  });

  test('lengths in rpx, vh and safe areas are the phone’s, and a fixed foot stays in the page', async () => {
    const foot = page.locator('[data-route="pages/shop/shop"]').getByText('底部');
    const box = await foot.boundingBox();
    const height = await page.evaluate('__sim.wx.getWindowInfo().windowHeight');
    expect(box?.width).toBe(375);
    expect(box?.height).toBeCloseTo(Number(height) / 10, 0);
    expect(box && box.y + box.height).toBeCloseTo(88 + Number(height), 0);
    expect(await foot.evaluate((element) => element.parentElement?.querySelector('.card')?.clientWidth)).toBe(
      343,
    );
  });

  test('a change of theme reaches the styles, the page’s box and the mini-program', async () => {
    const look = () =>
      page.evaluate(`(() => {
        const foot = document.querySelector('[data-route="pages/shop/shop"] .foot');
        const box = document.querySelector('[data-route="pages/shop/shop"]');
        return [getComputedStyle(foot).color, box.style.background, __sim.wx.getAppBaseInfo().theme];
      })()`);
    expect(await look()).toEqual(['rgb(16, 24, 20)', 'rgb(242, 244, 243)', 'light']);
    const received = page.evaluate('new Promise((resolve) => __sim.wx.onThemeChange(resolve))');
    await page.evaluate(`__sim.setTheme('dark')`);
    expect(await received).toEqual({ theme: 'dark' });
    expect(await look()).toEqual(['rgb(233, 238, 235)', 'rgb(13, 17, 15)', 'dark']);
    await page.evaluate(`__sim.setTheme('light')`);
  });

  test('the panel around it speaks both languages, and keeps the page when it changes them', async () => {
    const beside = await open({ search: '?language=en', path: '/pages/shop/shop' });
    await beside.setViewportSize({ width: 1100, height: 900 });
    const panel = beside.getByRole('complementary', { name: 'Simulator' });
    await panel.waitFor();
    const english = (await panel.getByRole('heading').allTextContents()).join();
    expect(english).toContain('Screen width');
    expect(english).not.toMatch(/[\u4e00-\u9fff]/);
    await panel.getByTestId('language-zh').click();
    await beside.getByRole('complementary', { name: '模拟器' }).waitFor();
    await beside.locator('[data-route="pages/shop/shop"]').waitFor();
    await beside.getByTestId('width-768').click();
    await beside.waitForFunction('window.__sim.ready && __sim.wx.getWindowInfo().screenHeight === 1024');
    await beside.context().close();
  });
});

async function buyCity(page: Page): Promise<void> {
  await page.getByTestId('product-city').getByTestId('tag-text').click();
  await page.getByTestId('chosen').filter({ hasText: 'city' }).waitFor();
  await page.getByTestId('pay').click();
}

async function expectNoErrors(page: Page): Promise<void> {
  expect(await page.evaluate('({ errors: __sim.errors, warnings: __sim.warnings })')).toEqual({
    errors: [],
    warnings: [],
  });
}

/** What a promise in the page is rejected with. */
function rejection(page: Page, expression: string): Promise<unknown> {
  return page.evaluate(`${expression}.then((answer) => ({ answer }), (error) => error)`);
}
