import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MEDIA_TYPES } from '../../../scripts/local/media-types.ts';
import { hasBrowser, openPhone } from '../../browser.ts';
import { type SimulatedWorld, startWorld } from './world.ts';

/** A project that draws, moves and measures, and that declares what it collects. */
const FILES = {
  'project.config.json': '{ "appid": "wxdraw" }',
  'app.json': '{ "pages": ["home/index"], "__usePrivacyCheck__": true }',
  'app.js': 'App({});',
  'home/index.wxss': `
    .box { width: 100px; height: 40px; opacity: 1; }
    .far { width: 100px; height: 40px; }
    .paper { width: 120px; height: 60px; }
    .list { height: 50px; }
    .tall { height: 900px; }`,
  'home/index.wxml': `
    <canvas type="2d" id="paper" class="paper" />
    <canvas canvas-id="old" class="paper" />
    <view class="box" id="box" data-n="1" data-testid="box" animation="{{moved}}">a</view>
    <view class="box" id="two">b</view>
    <scroll-view scroll-y class="list" id="list"><view class="tall">c</view></scroll-view>
    <button open-type="chooseAvatar" bindchooseavatar="onAvatar" data-testid="avatar">头像</button>
    <image src="{{avatar}}" data-testid="head" />
    <rich-text nodes="{{html}}" />
    <video id="film" src="/film.mp4" />
    <view class="tall" />
    <view class="far" id="far">d</view>`,
  'home/index.js': `Page({
    data: { moved: {}, html: '', avatar: '' },
    onAvatar({ detail }) { this.setData({ avatar: detail.avatarUrl }); },
    draw(run) {
      this.createSelectorQuery().select('#paper').fields({ node: true, size: true }).exec(([found]) => {
        run(found.node, found.node.getContext('2d'), found);
      });
    },
  });`,
};

describe.runIf(hasBrowser())('a project that draws', () => {
  let folder: string;
  let world: SimulatedWorld;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'simulator-'));
    for (const [file, content] of Object.entries(FILES)) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), content);
    }
    world = await startWorld(folder);
    page = await openPhone(world.browser, world.url);
  }, 30_000);

  afterAll(async () => {
    expect(await page?.evaluate('[...__sim.errors, ...__sim.warnings]')).toEqual([]);
    await world?.dispose();
    await rm(folder, { recursive: true });
  });

  const query = (steps: string): Promise<unknown> =>
    page.evaluate(`new Promise((resolve) => __sim.page().createSelectorQuery().${steps}.exec(resolve))`);

  test('a canvas has its box’s size, is drawn on, and becomes a picture', async () => {
    const drawn =
      await page.evaluate(`new Promise((resolve) => __sim.page().draw((node, context, { width, height }) => {
      const before = [node.width, node.height];
      node.width = 60;
      node.height = 30;
      context.fillStyle = '#ff0000';
      context.fillRect(0, 0, 60, 30);
      const offscreen = __sim.wx.createOffscreenCanvas({ type: '2d', width: 10, height: 10 });
      offscreen.getContext('2d').fillRect(0, 0, 10, 10);
      context.drawImage(offscreen, 0, 0);
      node.requestAnimationFrame(() => __sim.wx.canvasToTempFilePath({
        canvas: node, x: 5, y: 0, width: 20, height: 10, destWidth: 40,
        success: ({ tempFilePath }) => {
          const image = node.createImage();
          image.onload = () => {
            context.clearRect(0, 0, 60, 30);
            context.drawImage(image, 0, 0);
            const at = (x) => [...context.getImageData(x, 2, 1, 1).data];
            resolve({ before, width, height, size: [image.width, image.height], pixels: [at(2), at(30)] });
          };
          image.src = tempFilePath;
        },
        fail: resolve,
      }));
    }))`);
    expect(drawn).toEqual({
      ...{ before: [120, 60], width: 120, height: 60, size: [40, 10] },
      pixels: [
        [0, 0, 0, 255],
        [255, 0, 0, 255],
      ],
    });
  });

  test('the older context draws what it was told, pictures and all, at draw()', async () => {
    const pixels = await page.evaluate(`new Promise((resolve) => {
      const wx = __sim.wx;
      const small = wx.createOffscreenCanvas({ width: 4, height: 4 });
      const brush = small.getContext('2d');
      brush.fillStyle = '#00ff00';
      brush.fillRect(0, 0, 4, 4);
      wx.canvasToTempFilePath({ canvas: small, success({ tempFilePath }) {
        const context = wx.createCanvasContext('old');
        context.setFillStyle('#0000ff');
        context.fillRect(0, 0, 20, 20);
        context.drawImage(tempFilePath, 0, 0, 10, 10);
        context.setFontSize(20);
        const { width } = context.measureText('abc');
        context.draw(false, () => wx.canvasToTempFilePath({ canvasId: 'old', success({ tempFilePath: drawn }) {
          const image = small.createImage();
          image.onload = () => {
            const check = wx.createOffscreenCanvas({ width: 120, height: 60 }).getContext('2d');
            check.drawImage(image, 0, 0);
            const at = (x) => [...check.getImageData(x, 5, 1, 1).data];
            resolve({ wide: width > 20, size: image.width, pixels: [at(5), at(15), at(25)] });
          };
          image.src = drawn;
        } }));
      } });
    })`);
    expect(pixels).toEqual({
      ...{ wide: true, size: 120 },
      pixels: [
        [0, 255, 0, 255],
        [0, 0, 255, 255],
        [0, 0, 0, 0],
      ],
    });
  });

  test('an empty canvas, or none, makes no picture', async () => {
    const refusal = await page.evaluate(
      `__sim.wx.canvasToTempFilePath({ canvasId: 'none' }).catch((error) => error)`,
    );
    expect(refusal).toEqual({ errMsg: 'canvasToTempFilePath:fail fail canvas is empty' });
  });

  test('a selector query measures boxes, styles, properties and scrolling', async () => {
    expect(
      await query(
        `select('#box').fields({ id: true, dataset: true, size: true, computedStyle: ['opacity', 'marginTop'] })`,
      ),
    ).toEqual([
      {
        ...{ id: 'box', dataset: { n: '1', testid: 'box' }, width: 100, height: 40 },
        ...{ opacity: '1', marginTop: '0px' },
      },
    ]);
    expect(await query(`selectAll('.box').boundingClientRect()`)).toMatchObject([
      [
        { id: 'box', width: 100 },
        { id: 'two', height: 40 },
      ],
    ]);
    expect(await query(`select('#none').boundingClientRect()`)).toEqual([null]);
    await query(`select('#list').node(({ node }) => node.scrollTo({ top: 30, animated: false }))`);
    expect(
      await query(`select('#list').fields({ scrollOffset: true, properties: ['scrollY'] })`),
    ).toMatchObject([{ scrollTop: 30, scrollHeight: 900, scrollY: true }]);
    await page.evaluate(`__sim.wx.pageScrollTo({ scrollTop: 50, duration: 0 })`);
    expect(await query(`selectViewport().scrollOffset()`)).toMatchObject([{ scrollTop: 50 }]);
    expect(
      await page.evaluate(`new Promise((resolve) => {
        __sim.wx.createSelectorQuery().in(__sim.page()).select('#two').boundingClientRect(resolve).exec();
      })`),
    ).toMatchObject({ id: 'two' });
    await page.evaluate(`__sim.wx.pageScrollTo({ scrollTop: 0, duration: 0 })`);
  });

  test('a file of the phone is shown as what its name says', async () => {
    const names = Object.keys(MEDIA_TYPES).map((extension) => `wxfile://usr/shown${extension.toUpperCase()}`);
    const shown = await page.evaluate(`(() => {
      const types = [];
      const { createObjectURL } = URL;
      URL.createObjectURL = (blob) => (types.push(blob.type), createObjectURL.call(URL, blob));
      for (const avatar of ${JSON.stringify(names)}) {
        __sim.wx.getFileSystemManager().writeFileSync(avatar, 'shown', 'utf8');
        __sim.page().setData({ avatar });
      }
      URL.createObjectURL = createObjectURL;
      return types;
    })()`);
    expect(shown).toEqual(Object.values(MEDIA_TYPES));
  });

  test('an observer’s margins may leave sides out, widen the page, and are measured from its corner', async () => {
    const look = (expression: string, options = '{}'): Promise<unknown> =>
      page.evaluate(`new Promise((resolve) => {
        const observer = __sim.page().createIntersectionObserver(${options}).${expression};
        observer.observe('#far', (status) => { observer.disconnect(); resolve(JSON.parse(JSON.stringify(status))); });
      })`);
    const top: number = await page.evaluate(`new Promise((resolve) => {
      __sim.page().createSelectorQuery().select('#far').boundingClientRect(({ top }) => resolve(top)).exec();
    })`);
    expect(top).toBeGreaterThan(900);
    const place = { left: 0, top, width: 100, height: 40 };
    expect(await look('relativeToViewport({ bottom: 2000 })')).toMatchObject({
      intersectionRatio: 1,
      boundingClientRect: place,
      intersectionRect: place,
      relativeRect: { left: 0, top: 0, width: 375 },
    });
    expect(await look(`relativeTo('#list', { top: 5 })`, '{ initialRatio: 1 }')).toMatchObject({
      intersectionRatio: 0,
    });
    expect(await look('relativeToViewport()', '{ initialRatio: 1 }')).toMatchObject({
      intersectionRatio: 0,
      relativeRect: { left: 0, top: 0, width: 375 },
    });
  });

  const transform = () => page.evaluate(`getComputedStyle(document.querySelector('#box')).transform`);

  test('this.animate ends where its last keyframe is, until it is cleared', async () => {
    await page.evaluate(`new Promise((resolve) => {
      __sim.page().animate('#box', [{ translate: ['0', '0'] }, { translate: [30, '75rpx'], opacity: 0.5 }], 50, resolve);
    })`);
    expect(await transform()).toBe('matrix(1, 0, 0, 1, 30, 37)');
    await page.evaluate(`new Promise((resolve) => __sim.page().clearAnimation('#box', resolve))`);
    expect(await transform()).toBe('none');
  });

  test('this.animate follows the scroll of a scroll-view, until it is cleared', async () => {
    const scrolled = async (top: number, expected: string) => {
      await page.evaluate(`document.querySelector('#list').scrollTop = ${top}`);
      await page.waitForFunction(
        `getComputedStyle(document.querySelector('#box')).transform === '${expected}'`,
        undefined,
        { timeout: 5000 },
      );
    };
    await scrolled(0, 'none');
    await page.evaluate(`__sim.page().animate('#box', [{ translateX: 0 }, { translateX: 100 }], 1000, {
      scrollSource: '#list', orientation: 'vertical', startScrollOffset: 100, endScrollOffset: 300, timeRange: 1000,
    })`);
    await scrolled(50, 'matrix(1, 0, 0, 1, 0, 0)');
    await scrolled(200, 'matrix(1, 0, 0, 1, 50, 0)');
    await scrolled(600, 'matrix(1, 0, 0, 1, 100, 0)');
    await page.evaluate(`new Promise((resolve) => __sim.page().clearAnimation('#box', resolve))`);
    await scrolled(200, 'none');
  });

  test('an exported animation is played step after step', async () => {
    await page.evaluate(`(() => {
      const animation = __sim.wx.createAnimation({ duration: 30 });
      animation.translateX(10).step().rotate(90).width(50).step({ duration: 20 });
      __sim.page().setData({ moved: animation.export() });
    })()`);
    await page.waitForFunction(`
      getComputedStyle(document.querySelector('#box')).width === '50px'
      && getComputedStyle(document.querySelector('#box')).transform.endsWith('10, 0)')`);
  });

  test('nothing private is asked for before the shopper agreed, and only once', async () => {
    const call = (expression: string): Promise<unknown> =>
      page.evaluate(`Promise.resolve(__sim.wx.${expression}).catch((error) => error)`);
    expect(await call('getPrivacySetting()')).toMatchObject({ needAuthorization: true });
    const refused = call('chooseAddress()');
    await page.getByRole('dialog', { name: '用户隐私保护提示' }).getByTestId('allow-no').click();
    expect(await refused).toEqual({
      errMsg: 'chooseAddress:fail privacy permission is not authorized',
      errno: 104,
    });
    await page.evaluate(`__sim.wx.onNeedPrivacyAuthorization((resolve, { referrer }) => {
      globalThis.asked = [...(globalThis.asked ?? []), referrer];
      resolve({ event: 'exposureAuthorization' });
      resolve({ event: 'agree', buttonId: 'agree-btn' });
    })`);
    expect(await call('requirePrivacyAuthorize()')).toEqual({ errMsg: 'requirePrivacyAuthorize:ok' });
    const chosen = call('chooseAddress()');
    await page.getByTestId('choice-2').click();
    expect(await chosen).toMatchObject({ userName: '李四' });
    expect(await page.evaluate('asked')).toEqual(['requirePrivacyAuthorize']);
    expect(await call('getPrivacySetting()')).toMatchObject({ needAuthorization: false });
  });

  test('a film is led by its context, and a sound by its own', async () => {
    const state = await page.evaluate(`(() => {
      const film = document.querySelector('#film video');
      const done = [];
      for (const name of ['pause', 'play']) film[name] = () => done.push(name);
      const context = __sim.wx.createVideoContext('film');
      context.play();
      context.pause();
      context.playbackRate(1.5);
      __sim.wx.createVideoContext('none').play();
      const sound = __sim.wx.createInnerAudioContext();
      sound.volume = 0.5;
      return { done, rate: film.playbackRate, volume: sound.volume, paused: sound.paused };
    })()`);
    expect(state).toEqual({ done: ['play', 'pause'], rate: 1.5, volume: 0.5, paused: true });
  });

  test('a head is chosen, and shown', async () => {
    await page.getByTestId('avatar').click();
    await page.getByTestId('media-sample-1').click();
    await page.waitForFunction(`document.querySelector('[data-testid="head"] img')?.naturalWidth === 800`);
  });

  test('a picture of the phone is shown within rich text', async () => {
    await page.evaluate(`(() => {
      const canvas = __sim.wx.createOffscreenCanvas({ width: 7, height: 7 });
      return __sim.wx.canvasToTempFilePath({ canvas }).then(({ tempFilePath }) =>
        __sim.page().setData({ html: '<div><img src="' + tempFilePath + '"></div>' }));
    })()`);
    await page.waitForFunction(`document.querySelector('wx-rich-text img')?.naturalWidth === 7`);
  });
});
