import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, openPhone } from '../../browser.ts';
import { type SimulatedWorld, startWorld } from './world.ts';

/**
 * What published mini-programs do, and ours does not: packages that were not built or that WeChat brings along, WXS that moves
 * things, observers, icons of a theme, pages of which something is missing.
 */
const FILES = {
  'project.config.json': '{ "appid": "wxother" }',
  'app.json': `{ "pages": ["home/index", "other/index", "broken/index", "half/index"], "darkmode": true, "themeLocation": "theme.json",
    "useExtendedLib": { "weui": "latest" }, "usingComponents": { "mp-badge": "weui-miniprogram/badge/badge" },
    "tabBar": { "list": [
      { "pagePath": "home/index", "text": "home", "iconPath": "@home", "selectedIconPath": "@home" },
      { "pagePath": "other/index", "text": "other" } ] } }`,
  'theme.json': '{ "light": { "home": "images/home.png" }, "dark": { "home": "images/home-dark.png" } }',
  'images/home.png': '',
  'images/home-dark.png': '',
  'app.js': 'App({});',
  'home/index.json': '{ "usingComponents": { "chip": "tiny-chip/chip/chip", "picker": "/picker/index" } }',
  'home/index.js': `const { twice } = require('plain-package');
    Page({
      data: { number: twice(21), list: [{ count: 1 }], told: '' },
      onTold({ text }) { this.setData({ told: text }); },
      more() { this.setData({ number: this.data.number + 1, list: [{ count: 2 }] }); },
    });`,
  'home/index.wxml': `<wxs module="moves" src="./moves.wxs" />
    <chip />
    <picker list="{{list}}" />
    <view data-testid="moved" class="box" change:number="{{moves.changed}}" number="{{number}}"
      data-step="5" bindtap="{{moves.tapped}}">{{number}}</view>
    <view data-testid="chosen" data-step="6" bindtap="{{number < 0 || moves.tapped}}">chosen</view>
    <text data-testid="told">{{told}}</text>
    <button data-testid="more" bindtap="more">more</button>`,
  'other/index.js': `Page({
      data: { isShown: true, width: 30 },
      take() {
        this.late = this.selectComponent('#late');
        this.setData({ isShown: false }, () => this.late.draw());
      },
    });`,
  'other/index.json':
    '{ "usingComponents": { "late": "/late/index", "mp-none": "weui-miniprogram/none/none" } }',
  'other/index.wxml': `<import src="none.wxml" />
    <wxs module="first">
      module.exports = { changed: function (value, before, owner) {
        owner.selectComponent('#inner').setStyle({ width: value + 'px' });
      } };
    </wxs>
    <view change:width="{{first.changed}}" width="{{width}}"><view id="inner">inner</view></view>
    <late wx:if="{{isShown}}" id="late" />
    <button data-testid="take" bindtap="take">take</button>
    <mp-badge content="7" data-testid="badge" />
    <camera data-testid="camera" /><map data-testid="map" />
    <match-media min-width="300"><text data-testid="wide">wide</text></match-media>
    <match-media max-width="300"><text data-testid="narrow">narrow</text></match-media>`,
  'other/index.wxss': `@import 'common.wxss'
    #inner { height: 10px }`,
  'other/common.wxss': '#inner { margin-left: 7px }',
  'late/index.less': '@a: 1px;',
  'late/index.json': '{ "component": true }',
  'late/index.wxml': '<view wx:if="{{more}}">more<label /></view>',
  'late/index.js':
    'Component({ data: { more: false }, methods: { draw() { this.setData({ more: true, by: this.renderer, page: this.getPageId() }); } } });',
  'half/index.js': 'Page({ data: { list: new Map() } });',
  'half/index.wxml': '<view />',
  'broken/index.js': `require('./none'); Page({});`,
  'broken/index.wxml': '<view />',
  'home/moves.wxs': `function changed(value, before, owner, element) {
      var state = element.getState();
      state.times = (state.times || 0) + 1;
      element.setStyle({ marginLeft: value + 'px' }).addClass('moved');
      if (before !== undefined) owner.callMethod('onTold', { text: 'changed ' + state.times });
    }
    function tapped(event, owner) {
      var step = event.instance.getDataset().step;
      owner.selectComponent('.box').removeClass('moved');
      owner.callMethod('onTold', { text: 'tapped ' + step });
    }
    module.exports = { changed: changed, tapped: tapped };`,
  'picker/index.json': '{ "component": true }',
  'picker/index.wxml': '<text data-testid="picked">{{list[0].shown}}</text>',
  'picker/index.js': `Component({
      behaviors: ['wx://proxy-scroll-view'],
      properties: { list: { type: Array, value: [], observer(list) {
        list.forEach((item) => { item.shown = 'no. ' + item.count; });
        this.setData({ list });
      } } },
    });`,
  'node_modules/tiny-chip/package.json': '{ "name": "tiny-chip", "miniprogram": "miniprogram_dist" }',
  'node_modules/tiny-chip/miniprogram_dist/chip/chip.json': '{ "component": true }',
  'node_modules/tiny-chip/miniprogram_dist/chip/chip.js': `const { twice } = require('plain-package');
    Component({ data: { size: twice(1) } });`,
  'node_modules/tiny-chip/miniprogram_dist/chip/chip.wxml': '<text data-testid="chip">chip {{size}}</text>',
  'node_modules/plain-package/package.json': '{ "name": "plain-package", "main": "lib/main" }',
  'node_modules/plain-package/lib/main.js': 'exports.twice = (n) => n * 2;',
};

const leftOf = (page: Page) =>
  page.evaluate(`getComputedStyle(document.querySelector('[data-testid=moved]')).marginLeft`);

const found = hasBrowser();

describe.runIf(found)('what published mini-programs do', () => {
  let folder: string;
  let world: SimulatedWorld;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'simulator-'));
    for (const [file, content] of Object.entries(FILES)) {
      const place = path.join(folder, file);
      await mkdir(path.dirname(place), { recursive: true });
      await writeFile(place, content);
    }
    world = await startWorld(folder);
    page = await openPhone(world.browser, world.url);
  }, 30_000);

  afterAll(async () => {
    await world?.dispose();
    await rm(folder, { recursive: true });
  });

  test('packages that npm installed and nobody built are found, with what they require', async () => {
    await page.getByTestId('chip').filter({ hasText: 'chip 2' }).waitFor();
  });

  test('an observer may set its own property', async () => {
    await page.getByTestId('picked').filter({ hasText: 'no. 1' }).waitFor();
  });

  test('WXS moves an element, keeps a state with it, and calls the page', async () => {
    expect(await leftOf(page)).toBe('42px');
    await page.getByTestId('more').click();
    await page.getByTestId('told').filter({ hasText: 'changed 2' }).waitFor();
    expect(await leftOf(page)).toBe('43px');
    await page.getByTestId('picked').filter({ hasText: 'no. 2' }).waitFor();
  });

  test('WXS receives an event with its element, and the owner', async () => {
    expect(await page.getByTestId('moved').getAttribute('class')).toContain('moved');
    await page.getByTestId('moved').click();
    await page.getByTestId('told').filter({ hasText: 'tapped 5' }).waitFor();
    expect(await page.getByTestId('moved').getAttribute('class')).not.toContain('moved');
    await page.getByTestId('chosen').click();
    await page.getByTestId('told').filter({ hasText: 'tapped 6' }).waitFor();
  });

  test('an icon of a tab is the theme’s', async () => {
    const icon = page.getByRole('tab').first().locator('img');
    expect(await icon.getAttribute('src')).toBe('/__sim/asset/images/home.png');
    await page.evaluate(`__sim.setTheme('dark')`);
    expect(await icon.getAttribute('src')).toBe('/__sim/asset/images/home-dark.png');
  });

  test('a component of a library that app.json asks WeChat for is there without being installed', async () => {
    await page.getByRole('tab').nth(1).click();
    await page.getByTestId('badge').filter({ hasText: '7' }).waitFor();
  });

  test('WXS that observes a property finds the elements that come after it', async () => {
    const inner = `getComputedStyle(document.querySelector('#inner'))`;
    await page.waitForFunction(`${inner}.width === '30px'`);
    expect(await page.evaluate(`[${inner}.marginLeft, ${inner}.height]`)).toEqual(['7px', '10px']);
  });

  test('a component that was taken out of the page may draw on', async () => {
    await page.getByTestId('take').click();
    await page.waitForFunction('!__sim.data().isShown');
    expect(await page.evaluate('__sim.page().late.data')).toMatchObject({
      more: true,
      by: 'webview',
      page: await page.evaluate('__sim.page().getPageId()'),
    });
  });

  test('an element that is not here is a box with its name, and on the list of the page and of the world', async () => {
    for (const name of ['camera', 'map']) {
      const content = `getComputedStyle(document.querySelector('[data-testid=${name}]'), '::before').content`;
      expect(await page.evaluate(content)).toContain(`<${name}>`);
    }
    expect(await page.evaluate('__sim.missing')).toEqual(['<camera>', '<map>']);
    await expect
      .poll(() => world.missing)
      .toEqual([
        ['<camera>', 'other/index'],
        ['<map>', 'other/index'],
      ]);
  });

  test('what is for another screen is not shown', async () => {
    expect(await page.getByTestId('wide').isVisible()).toBe(true);
    expect(await page.getByTestId('narrow').isVisible()).toBe(false);
  });

  test('what a phone passes over is a warning', async () => {
    expect(await page.evaluate('__sim.warnings')).toEqual(
      expect.arrayContaining([
        expect.stringContaining('the component mp-none is not at'),
        expect.stringContaining('other/none.wxml is missing'),
        expect.stringContaining('late/index.less is not compiled'),
        expect.stringContaining(`broken/index.js: the module './none' is not found`),
      ]),
    );
  });

  test('nothing of it is an error', async () => {
    expect(await page.evaluate('__sim.errors')).toEqual([]);
  });

  test('a page whose module is missing says so in its place, and the others run', async () => {
    const broken = await openPhone(world.browser, world.url, { path: '/broken/index' });
    await broken.getByRole('alert').filter({ hasText: `module './none' is not defined` }).waitFor();
    expect(await broken.evaluate('__sim.errors')).toHaveLength(1);
    await broken.evaluate(`__sim.wx.reLaunch({ url: '/half/index' })`);
    await broken
      .getByRole('alert')
      .filter({ hasText: 'half/index data.list is an instance of Map' })
      .waitFor();
    await broken.evaluate(`__sim.wx.reLaunch({ url: '/other/index' })`);
    await broken.getByTestId('badge').waitFor();
  });
});
