import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PagesOptionError, readPagesOptions } from '../scripts/pages/options.ts';
import { hasBrowser } from './browser.ts';

const FILES = {
  'project.config.json': '{ "appid": "wx0" }',
  'app.json': '{ "pages": ["home/home", "goods/goods", "scan/scan"] }',
  'app.js': 'App({});',
  'home/home.wxml': '<view>home</view>',
  'home/home.js': 'Page({ onUnload() { throw new Error("as it closes"); } });',
  'goods/goods.wxml': '<map />',
  'goods/goods.js': 'Page({ onLoad({ id }) { if (!id) throw new Error("which goods?"); } });',
  'scan/scan.wxml': '<view>scan</view>',
  'scan/scan.js': 'Page({ onShow() { wx.startBeaconDiscovery({}); } });',
  'queries.json': '{ "goods/goods": "?id=1" }',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pages-'));
  for (const [file, content] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!hasBrowser())('npm run pages', () => {
  test('opens each page with its query, and tells what goes wrong and what is missing', () => {
    const args = ['--project', folder, '--queries', path.join(folder, 'queries.json'), '--pictures', folder];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'scripts/pages.ts', ...args],
      { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
    );
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toEqual([
      '  ✓ home/home',
      '  ✓ goods/goods',
      '  ✗ scan/scan',
      expect.stringContaining('wx.startBeaconDiscovery is not a function'),
      '',
      'The simulator has not:',
      '  <map> on 1 page',
      '  wx.startBeaconDiscovery on 1 page',
      '',
      '2 of 3 pages open without an error.',
      '1 of the others ask for something that the simulator has not.',
    ]);
    expect(status).toBe(1);
    expect(existsSync(path.join(folder, 'goods_goods.png'))).toBe(true);
  });
});

test('what cannot be asked for is refused with what can', () => {
  expect(() => readPagesOptions(['--page', 'a'])).toThrow(PagesOptionError);
  expect(() => readPagesOptions(['--queries', path.join(folder, 'none.json')])).toThrow('--pictures DIR');
  writeFileSync(path.join(folder, 'wrong.json'), '{ "a/a": "id=1" }');
  expect(() => readPagesOptions(['--queries', path.join(folder, 'wrong.json')])).toThrow(PagesOptionError);
});
