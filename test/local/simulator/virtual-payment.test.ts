import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, openPhone } from '../../browser.ts';
import { type SimulatedWorld, startWorld } from './world.ts';

const found = hasBrowser();

describe.runIf(found)('virtual payment on the phone', () => {
  let world: SimulatedWorld;

  beforeAll(async () => {
    world = await startWorld();
  }, 30_000);

  afterEach(() => {
    world.backend.asked.length = 0;
  });

  afterAll(() => world.dispose());

  const open = (query: string) => openPhone(world.browser, world.url, { search: query });
  /** Calls wx.requestVirtualPayment and keeps what its callbacks receive. */
  const request = (signData: string, signature = 'good') => `
    window.received = []; window.shown = 0;
    __sim.wx.onAppShow(() => { window.shown++; });
    window.returned = __sim.wx.requestVirtualPayment({
      signData: '${signData}', mode: 'short_series_goods', paySig: 'p', signature: '${signature}',
      success: (answer) => received.push(['success', answer]), fail: (answer) => received.push(['fail', answer]),
    });`;
  const openWith = async (query: string, signData: string, signature?: string) => {
    const page = await open(query);
    await page.evaluate(request(signData, signature));
    return page;
  };

  test('Android: six digits pay; the call has callbacks and no promise', async () => {
    const page = await openWith('platform=android', 'order-1');
    expect(await page.evaluate('typeof returned')).toBe('undefined');
    expect(await page.getByTestId('pay-amount').textContent()).toBe('¥18.00');
    for (const digit of '123456') await page.locator(`[data-key="${digit}"]`).click();
    await page.waitForFunction('received.length > 0');
    expect(await page.evaluate('received')).toEqual([['success', { errMsg: 'requestVirtualPayment:ok' }]]);
    expect(world.backend.asked).toEqual(['open o-lin android 8.0.71', 'pay order-1']);
    await page.close();
  });

  test('iOS: Apple asks for no password', async () => {
    const page = await openWith('platform=ios', 'order-1');
    await page.getByRole('dialog', { name: 'App Store' }).getByTestId('apple-buy').click();
    await page.waitForFunction('received.length > 0');
    expect(world.backend.asked).toEqual(['open o-lin ios 8.0.71', 'pay order-1']);
    await page.close();
  });

  test.each([
    [
      'closed by the shopper',
      '关闭',
      'order-1',
      'good',
      { errMsg: 'requestVirtualPayment:fail cancel', errCode: -2 },
    ],
    [
      'refused at once',
      '',
      'order-1',
      'bad',
      { errMsg: 'requestVirtualPayment:fail SIGNATURE_INVALID', errCode: -15005 },
    ],
    [
      'refused at the end',
      '',
      'closed',
      'good',
      { errMsg: 'requestVirtualPayment:fail CLOSED', errCode: -15012 },
    ],
  ])('%s: fail receives errCode', async (_, button, signData, signature, answer) => {
    const page = await openWith('platform=ios', signData, signature);
    if (button) await page.getByRole('button', { name: button }).click();
    else if (signature === 'good') await page.getByTestId('apple-buy').click();
    await page.waitForFunction('received.length > 0');
    expect(await page.evaluate('received')).toEqual([['fail', answer]]);
    await page.close();
  });

  test('success that gets lost calls nothing, and the mini-program is shown again', async () => {
    const page = await openWith('platform=ios', 'lost');
    await page.getByTestId('apple-buy').click();
    await page.waitForFunction('shown > 0');
    expect(await page.evaluate('received')).toEqual([]);
    await page.close();
  });

  test('wx.login gives a code of the shopper who holds the phone', async () => {
    const page = await open('platform=ios');
    expect(await page.evaluate('__sim.wx.login()')).toMatchObject({
      code: 'code-of-o-lin',
      errMsg: 'login:ok',
    });
    await page.close();
  });

  test('an old WeChat has no virtual payment, and says so', async () => {
    const page = await open('platform=android&client=old');
    const told = `[__sim.wx.canIUse('requestVirtualPayment'), __sim.wx.getAppBaseInfo().SDKVersion]`;
    expect(await page.evaluate(told)).toEqual([false, '2.19.0']);
    await page.close();
    const current = await open('platform=android');
    expect(await current.evaluate(told)).toEqual([true, '3.8.12']);
    expect(await current.evaluate('__sim.wx.getDeviceInfo().platform')).toBe('android');
    await current.close();
  });
});
