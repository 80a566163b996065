import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, openPhone } from '../../browser.ts';
import { type SimulatedWorld, startWorld } from './world.ts';

const BUCKET = 'cloud://local.6c6f-local-1250000000/';

describe.runIf(hasBrowser())('files of the phone', () => {
  let world: SimulatedWorld;
  let page: Page;

  beforeAll(async () => {
    world = await startWorld();
    page = await openPhone(world.browser, world.url);
  }, 30_000);

  afterEach(async () => {
    expect(await page.evaluate('__sim.errors')).toEqual([]);
  });

  afterAll(() => world.dispose());

  /** What an API answers or is rejected with. */
  const call = (expression: string, phone = page): Promise<Record<string, unknown>> =>
    phone.evaluate(`Promise.resolve(__sim.wx.${expression}).catch((error) => error)`);

  async function choose(expression: string, act: () => Promise<void>): Promise<Record<string, unknown>> {
    const chosen = call(expression);
    await act();
    return chosen;
  }

  test('a sample picture is chosen, looked at, uploaded, shown by its file ID and removed', async () => {
    const chosen = await choose('chooseMedia({ count: 1 })', () =>
      page.getByTestId('media-sample-2').click(),
    );
    expect(chosen).toMatchObject({
      errMsg: 'chooseMedia:ok',
      type: 'image',
      tempFiles: [{ fileType: 'image', width: 600, height: 800, size: expect.any(Number) }],
    });
    await page.evaluate(`globalThis.chosen = ${JSON.stringify(chosen)}.tempFiles[0].tempFilePath`);
    expect(await call('getImageInfo({ src: chosen })')).toEqual({
      errMsg: 'getImageInfo:ok',
      ...{ width: 600, height: 800, type: 'png', orientation: 'up' },
      path: await page.evaluate('chosen'),
    });
    await call('previewImage({ urls: [chosen] })');
    await page.waitForFunction(
      `document.querySelector('[data-testid="viewer-picture"]').naturalWidth === 600`,
    );
    await page.keyboard.press('Escape');
    await page.getByTestId('viewer-picture').waitFor({ state: 'detached' });

    await page.evaluate(`__sim.wx.cloud.init({})`);
    expect(await call(`cloud.uploadFile({ cloudPath: '图/a b.png', filePath: chosen })`)).toEqual({
      errMsg: 'cloud.uploadFile:ok',
      fileID: `${BUCKET}图/a b.png`,
      statusCode: 200,
    });
    const src = `${BUCKET}图/a b.png`;
    await page.evaluate(`__sim.page().setData({ picture: ${JSON.stringify(src)} })`);
    expect(await call(`getImageInfo({ src: ${JSON.stringify(src)} })`)).toMatchObject({ width: 600 });
    expect(await call(`cloud.downloadFile({ fileID: ${JSON.stringify(src)} })`)).toMatchObject({
      errMsg: 'cloud.downloadFile:ok',
      statusCode: 200,
    });
    const { fileList } = await call(`cloud.getTempFileURL({ fileList: [${JSON.stringify(src)}] })`);
    expect(fileList).toEqual([
      {
        ...{ fileID: src, status: 0, errMsg: 'ok', maxAge: 7200 },
        tempFileURL: 'http://127.0.0.1:7602/cloud-files/图/a b.png',
      },
    ]);
    const url = 'http://127.0.0.1:7602/cloud-files/图/a b.png';
    expect(await call(`getImageInfo({ src: '${url}' })`)).toMatchObject({ width: 600 });
    expect(await call(`downloadFile({ url: '${url}' })`)).toMatchObject({ statusCode: 200 });
    const removed = await call(`cloud.deleteFile({ fileList: [${JSON.stringify(src)}] })`);
    expect(removed).toMatchObject({ fileList: [{ fileID: src, status: 0, errMsg: 'ok' }] });
    expect(await call(`getImageInfo({ src: ${JSON.stringify(src)} })`)).toEqual({
      errMsg: 'getImageInfo:fail file not found',
    });
  });

  test('several samples, a file of this machine, and nothing', async () => {
    const several = await choose('chooseImage({ count: 3 })', async () => {
      await page.getByTestId('media-sample-1').click();
      await page.getByTestId('media-sample-3').click();
      await page.getByTestId('media-done').click();
    });
    expect(several).toMatchObject({ tempFilePaths: { length: 2 }, tempFiles: { length: 2 } });
    const file = await choose('chooseMessageFile({ count: 1 })', () =>
      page
        .locator('input[type=file]')
        .setInputFiles({ name: '表.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b') }),
    );
    expect(file).toMatchObject({ tempFiles: [{ name: '表.csv', size: 3, type: 'file' }] });
    const none = await choose('chooseImage({})', () => page.getByTestId('media-cancel').click());
    expect(none).toEqual({ errMsg: 'chooseImage:fail cancel' });
  });

  test('what is written is there after a reload, for this shopper only', async () => {
    const phone = await openPhone(world.browser, world.url);
    const written = await phone.evaluate(`(() => {
      const manager = __sim.wx.getFileSystemManager();
      manager.mkdirSync(__sim.wx.env.USER_DATA_PATH + '/a');
      manager.writeFileSync(__sim.wx.env.USER_DATA_PATH + '/a/note.txt', '你好', 'utf8');
      return manager.readFileSync('/images/dot.png', 'base64');
    })()`);
    expect(written).toMatch(/^iVBORw0KGgo/);
    const read = `__sim.wx.getFileSystemManager().readFileSync('wxfile://usr/a/note.txt', 'utf8')`;
    await phone.waitForTimeout(100);
    await phone.reload();
    await phone.waitForFunction('window.__sim.ready');
    expect(await phone.evaluate(read)).toBe('你好');
    await phone.goto(`${world.url}?shopper=o-chen`);
    await phone.waitForFunction('window.__sim.ready');
    await expect(phone.evaluate(read)).rejects.toThrow(
      'readFileSync:fail no such file or directory, open wxfile://usr/a/note.txt',
    );
    await phone.context().close();
  });

  test('what the cloud refuses fails with its number', async () => {
    await page.evaluate(`__sim.wx.cloud.init({})`);
    const filePath = '/images/dot.png';
    expect(await call(`cloud.uploadFile({ cloudPath: '../x', filePath: '${filePath}' })`)).toMatchObject({
      errCode: -501007,
      errMsg: expect.stringContaining('cloud.uploadFile:fail Error: errCode: -501007 invalid parameters'),
    });
    expect(await call(`cloud.downloadFile({ fileID: '${BUCKET}none' })`)).toMatchObject({ errCode: -503003 });
    expect(await call(`cloud.uploadFile({ cloudPath: 'x', filePath: 'wxfile://tmp_none' })`)).toMatchObject({
      errMsg: 'cloud.uploadFile:fail file not found',
    });
    const mine = await call(`cloud.uploadFile({ cloudPath: 'mine', filePath: '${filePath}' })`);
    expect(mine).toMatchObject({ fileID: `${BUCKET}mine` });
    const phone = await openPhone(world.browser, world.url, { search: '?shopper=o-chen' });
    await phone.evaluate(`__sim.wx.cloud.init({})`);
    expect(await call(`cloud.deleteFile({ fileList: ['${BUCKET}mine'] })`, phone)).toMatchObject({
      fileList: [{ status: -503002, errMsg: 'storage permission denied' }],
    });
    await phone.context().close();
  });

  test('a host of the internet is not in the list of domains', async () => {
    for (const api of ['request', 'downloadFile']) {
      expect(await call(`${api}({ url: 'https://example.com/a' })`)).toEqual({
        errMsg: `${api}:fail url not in domain list`,
        errno: 600002,
      });
    }
  });
});

describe.runIf(hasBrowser())('what of a shopper’s WeChat a page asks for', () => {
  let world: SimulatedWorld;
  let page: Page;

  beforeAll(async () => {
    world = await startWorld();
    page = await openPhone(world.browser, world.url);
  }, 30_000);
  afterAll(() => world.dispose());

  const call = (expression: string): Promise<unknown> =>
    page.evaluate(`Promise.resolve(__sim.wx.${expression}).catch((error) => error)`);

  test('an address, a place and a code are chosen, or not', async () => {
    const address = call('chooseAddress()');
    await page.getByTestId('choice-1').click();
    expect(await address).toMatchObject({ errMsg: 'chooseAddress:ok', userName: '张三', cityName: '广州市' });
    const place = call('chooseLocation()');
    await page.getByTestId('choice-2').click();
    expect(await place).toMatchObject({ name: '天安门广场', latitude: 39.903179 });
    const none = call('chooseAddress()');
    await page.getByRole('button', { name: '取消' }).click();
    expect(await none).toEqual({ errMsg: 'chooseAddress:fail cancel' });
    const code = call('scanCode()');
    await page.getByRole('textbox').fill('桌 5');
    await page.getByRole('button', { name: '确定' }).click();
    expect(await code).toMatchObject({ result: '桌 5', scanType: 'QR_CODE' });
  });

  test('a permission is asked for once, and can be changed in the settings', async () => {
    const refused = call('getLocation()');
    await page.getByTestId('allow-no').click();
    expect(await refused).toEqual({ errMsg: 'getLocation:fail auth deny' });
    expect(await call('getLocation()')).toEqual({ errMsg: 'getLocation:fail auth deny' });
    const settings = call('openSetting()');
    await page.getByTestId('allow-yes').click();
    expect(await settings).toMatchObject({ authSetting: { 'scope.userLocation': true } });
    expect(await call('getLocation()')).toMatchObject({ latitude: 23.106574 });
  });

  test('nobody is named, and without a declaration nothing private is asked about', async () => {
    expect(await call('getUserProfile({ desc: "x" })')).toMatchObject({
      userInfo: { nickName: '微信用户', is_demote: true },
    });
    expect(await call('getPrivacySetting()')).toMatchObject({ needAuthorization: false });
  });
});
