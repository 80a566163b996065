import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, openPhone } from '../../browser.ts';
import { type SimulatedWorld, startWorld } from './world.ts';

/** A project in JavaScript, at the root of its folder, that draws its own tab bar. */
const FILES = {
  'project.config.json': '{ "appid": "wxother" }',
  'app.json': `{
    "pages": ["home/index", "mine/index", "deep/index"],
    "tabBar": { "custom": true, "list": [{ "pagePath": "home/index" }, { "pagePath": "mine/index" }] }
  }`,
  'app.js': 'App({});',
  'home/index.wxml': '<text data-testid="word">before</text>',
  'home/index.js': `Page({ onShow() { this.getTabBar().setData({ selected: 'home' }); } });`,
  'mine/index.wxml': '<text>mine</text>',
  'mine/index.js': `Page({ onShow() { this.getTabBar().setData({ selected: 'mine' }); } });`,
  'deep/index.wxml': '<text>deep</text>',
  'deep/index.js': 'Page({});',
  'custom-tab-bar/index.json': '{ "component": true }',
  'custom-tab-bar/index.wxml': '<view bindtap="onTap" data-testid="bar">{{selected}}</view>',
  'custom-tab-bar/index.js': `Component({
    data: { selected: '' },
    methods: { onTap() { wx.switchTab({ url: '/mine/index' }); } },
  });`,
};

const found = hasBrowser();

describe.runIf(found)('another project', () => {
  let folder: string;
  let world: SimulatedWorld;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'simulator-'));
    for (const [file, content] of Object.entries(FILES)) await write(folder, file, content);
    world = await startWorld(folder);
    page = await openPhone(world.browser, world.url);
  }, 30_000);

  afterAll(async () => {
    await world?.dispose();
    await rm(folder, { recursive: true });
  });

  test('a tab bar of its own is on every tab page and knows which it is', async () => {
    const bar = page.locator(':not([hidden]) > .sim-custom-tabbar').getByTestId('bar');
    await bar.filter({ hasText: 'home' }).click();
    await page.waitForFunction(`__sim.route() === 'mine/index'`);
    await bar.filter({ hasText: 'mine' }).waitFor();
    expect(await page.evaluate('[...__sim.errors, ...__sim.warnings]')).toEqual([]);
  });

  test('a reload stays on the page, with what it was opened with', async () => {
    const list = `[{"name":"a b","of":"云?c"}]`;
    await page.evaluate(`__sim.wx.navigateTo({ url: '/deep/index?list=${list}&escaped=%7B%25%7D' })`);
    await page.waitForFunction(`__sim.route() === 'deep/index'`);
    await page.reload();
    await page.waitForFunction(`window.__sim.ready && __sim.route() === 'deep/index'`);
    expect(await page.evaluate('__sim.page().options')).toEqual({ list, escaped: '%7B%25%7D' });
    await page.evaluate(`__sim.wx.reLaunch({ url: '/mine/index' })`);
    await page.waitForFunction(`__sim.route() === 'mine/index'`);
  });

  test('the page that was shown stands in the address', async () => {
    await page.reload();
    await page.waitForFunction(`window.__sim.ready && __sim.route() === 'mine/index'`);
  });

  test('an edit shows by itself, a mistake as what it is, and a new file is seen', async () => {
    await write(folder, 'mine/index.wxml', '<text data-testid="word">after</text>');
    await page.getByTestId('word').filter({ hasText: 'after' }).waitFor();
    expect(await page.evaluate('__sim.route()')).toBe('mine/index');
    await write(folder, 'mine/index.wxml', '<view>');
    await page.getByText('mine/index.wxml').waitFor();
    await write(folder, 'mine/index.wxml', '<import src="./other.wxml" /><template is="other" />');
    await page.waitForFunction(
      `window.__sim.ready && __sim.warnings.join().includes('other.wxml is missing')`,
    );
    await write(folder, 'mine/other.wxml', '<template name="other"><text>other</text></template>');
    await page.getByText('other', { exact: true }).waitFor();
  });
});

async function write(folder: string, file: string, content: string): Promise<void> {
  const target = path.join(folder, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, content);
}
