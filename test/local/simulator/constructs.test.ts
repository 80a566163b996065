import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, openPhone } from '../../browser.ts';
import { type SimulatedWorld, startWorld } from './world.ts';

/** What published mini-programs do, and ours does not: packages that were not built, WXS that moves things, observers. */
const FILES = {
  'project.config.json': '{ "appid": "wxother" }',
  'app.json': '{ "pages": ["home/index"] }',
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
    <text data-testid="told">{{told}}</text>
    <button data-testid="more" bindtap="more">more</button>`,
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
  });

  test('nothing of it is an error', async () => {
    expect(await page.evaluate('__sim.errors')).toEqual([]);
  });
});
