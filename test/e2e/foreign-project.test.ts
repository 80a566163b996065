import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readForeignProject } from '../../scripts/local/foreign-project.ts';
import { type LocalWorld, startLocalWorld } from '../../scripts/local/local-world.ts';
import { hasBrowser, openPhone, sharedBrowser } from '../browser.ts';

/** A notebook as somebody else would write it: a page, a function with a package of its own, a function with a timer. */
const FILES = {
  'project.config.json':
    '{ "miniprogramRoot": "miniprogram/", "cloudfunctionRoot": "functions/", "appid": "wx0" }',
  'local-world.json': '{ "collections": { "notes": { "read": true } } }',
  'miniprogram/app.json': '{ "pages": ["notes/notes"] }',
  'miniprogram/app.js': `App({ onLaunch() { wx.cloud.init({ traceUser: true }); } });`,
  'miniprogram/notes/notes.wxml': `<input data-testid="text" model:value="{{text}}" />
    <button data-testid="add" bindtap="add">添加</button>
    <button data-testid="list" bindtap="list">刷新</button>
    <view data-testid="count">{{count}}</view>
    <view wx:for="{{notes}}" wx:key="_id" data-testid="note">{{item.text}}</view>`,
  'miniprogram/notes/notes.js': `Page({
      data: { text: '', count: '', notes: [] },
      async add() {
        const { result } = await wx.cloud.callFunction({ name: 'addNote', data: { text: this.data.text } });
        this.setData({ count: '共 ' + result.count + ' 条' });
        await this.list();
      },
      async list() {
        const { data } = await wx.cloud.database().collection('notes').orderBy('text', 'asc').get();
        this.setData({ notes: data });
      },
    });`,
  'functions/addNote/package.json': '{ "dependencies": { "wx-server-sdk": "latest", "shout": "1.0.0" } }',
  'functions/addNote/node_modules/shout/package.json': '{ "name": "shout", "main": "lib/shout.js" }',
  'functions/addNote/node_modules/shout/lib/shout.js': 'module.exports = (text) => text + "！";',
  'functions/addNote/index.js': `const cloud = require('wx-server-sdk');
    const shout = require('shout');
    cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
    const notes = cloud.database().collection('notes');
    exports.main = async ({ text }) => {
      const { OPENID } = cloud.getWXContext();
      await notes.add({ data: { text: shout(text), _openid: OPENID } });
      const { total } = await notes.where({ _openid: OPENID }).count();
      return { count: total };
    };`,
  'functions/tidy/config.json':
    '{ "triggers": [{ "name": "tidy", "type": "timer", "config": "0 0 * * * * *" }] }',
  'functions/tidy/index.js': `const cloud = require('wx-server-sdk');
    cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
    exports.main = () => cloud.database().collection('notes').where({ text: '旧的！' }).update({ data: { text: '改过' } });`,
};

describe.skipIf(!hasBrowser())('another project, whole', () => {
  let folder: string;
  let world: LocalWorld;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'foreign-'));
    for (const [file, content] of Object.entries(FILES)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), content);
    }
    const deployed = readForeignProject(folder);
    expect(deployed.problems).toEqual([]);
    world = await startLocalWorld({ deployed, project: folder });
  });

  afterAll(async () => {
    await world?.close();
    rmSync(folder, { recursive: true });
  });

  test('its page calls its function, which has its own package, writes and reads; its timer writes; the page reads both', async () => {
    const page = await openPhone(await sharedBrowser(), world.phone?.url ?? '');
    await page.getByTestId('text').getByRole('textbox').fill('旧的');
    await page.getByTestId('add').click();
    await page.getByTestId('count').filter({ hasText: '共 1 条' }).waitFor();
    await page.getByTestId('note').filter({ hasText: '旧的！' }).waitFor();
    const { openid } = world.shopper();
    expect(world.cloud.documents('notes')).toMatchObject([{ text: '旧的！', _openid: openid }]);

    await world.clock.advance(3_600_000);
    await page.getByTestId('list').click();
    await page.getByTestId('note').filter({ hasText: '改过' }).waitFor();
    expect(await page.evaluate('[...__sim.errors, ...__sim.warnings, ...__sim.missing]')).toEqual([]);
    await page.context().close();
  });
});
