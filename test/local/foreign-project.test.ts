import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isForeign, ProjectError, readForeignProject } from '../../scripts/local/foreign-project.ts';
import { type LocalWorld, startLocalWorld } from '../../scripts/local/local-world.ts';
import { accompany } from '../../scripts/start/foreign.ts';
import { OptionError, readOptions } from '../../scripts/start/options.ts';

let folder: string;
let world: LocalWorld | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'foreign-'));
  put('project.config.json', { miniprogramRoot: 'app/', cloudfunctionRoot: 'functions/', appid: 'wx0' });
  put('app/app.json', { pages: ['pages/index/index'] });
});

afterEach(async () => {
  await world?.close();
  world = undefined;
  rmSync(folder, { recursive: true });
});

function put(file: string, content: unknown): void {
  const place = path.join(folder, file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, typeof content === 'string' ? content : JSON.stringify(content));
}

/** A function as the documentation of CloudBase shows them. */
const ADD_TODO = `const cloud = require('wx-server-sdk');
cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
const db = cloud.database();
exports.main = async ({ text }) => {
  const { OPENID } = cloud.getWXContext();
  await db.collection('todos').add({ data: { text, _openid: OPENID, created_at: db.serverDate() } });
  const { data } = await db.collection('todos').where({ _openid: OPENID }).get();
  return { count: data.length, plan: process.env.PLAN };
};
`;

async function start(collections: readonly string[] = []): Promise<LocalWorld> {
  const deployed = readForeignProject(folder, collections);
  world = await startLocalWorld({ deployed, onWarning: () => {} });
  return world;
}

test('its functions run as they lie there, and read and write the collections that it declares', async () => {
  put('functions/addTodo/index.js', ADD_TODO);
  put('local-world.json', {
    collections: { todos: { documents: [{ _id: 'first', text: 'a', created_at: { $date: 0 } }] } },
    variables: { PLAN: 'free' },
  });
  const { cloud, shopper } = await start();
  expect(await shopper('王芳').call('addTodo', { text: 'b' })).toEqual({ count: 1, plan: 'free' });
  expect(cloud.documents('todos')).toMatchObject([
    { _id: 'first', created_at: new Date(0) },
    { text: 'b', _openid: shopper('王芳').openid },
  ]);
  expect(cloud.collections()).toEqual(['todos']);
});

test('packages that it has installed are its own', async () => {
  put('functions/double/package.json', { dependencies: { twice: '1.0.0' } });
  put('functions/double/node_modules/twice/index.js', 'module.exports = (n) => n * 2;');
  put('functions/double/index.js', 'exports.main = async ({ n }) => require("twice")(n);');
  const { shopper } = await start();
  expect(readForeignProject(folder).problems).toEqual([]);
  expect(await shopper().call('double', { n: 21 })).toBe(42);
});

test('its timers run by its config.json', async () => {
  put('functions/tick/index.js', ADD_TODO.replace('{ text }', '_event').replace('text,', "text: 'tick',"));
  put('functions/tick/config.json', { triggers: [{ name: 'tick', type: 'timer', config: '0 0 * * * * *' }] });
  const { cloud, clock } = await start(['todos']);
  await clock.advance(3_600_000);
  expect(cloud.documents('todos')).toMatchObject([{ text: 'tick' }]);
});

test('what is saved runs from the next call on, and a collection that is missing is named once', async () => {
  put('functions/say/index.js', "exports.main = async () => 'before';");
  put('functions/addTodo/index.js', ADD_TODO);
  const running = await start();
  const lines: string[] = [];
  accompany(running, readForeignProject(folder), (line) => lines.push(line));
  const phone = running.shopper();
  expect(await phone.call('say')).toBe('before');
  put('functions/say/index.js', "exports.main = async () => 'after';");
  await expect
    .poll(() => lines, { timeout: 10_000 })
    .toContain('say was saved: its next call runs it as it is now');
  expect(await phone.call('say')).toBe('after');
  put('functions/other/index.js', 'exports.main = async () => 1;');
  await expect.poll(() => lines, { timeout: 10_000 }).toContain('other is new: start again to run it');
  for (const text of ['a', 'b']) await expect(phone.call('addTodo', { text })).rejects.toThrow('todos');
  const named = lines.filter((line) => line.includes('no collection todos'));
  expect(named).toEqual([expect.stringContaining('--collections todos')]);
});

describe('what cannot be run is refused with what to do', () => {
  test.each([
    [
      'a folder that is not there',
      () => rmSync(path.join(folder, 'project.config.json')),
      'has no project.config.json',
    ],
    [
      'a project without an app.json',
      () => rmSync(path.join(folder, 'app', 'app.json')),
      'there is no app/app.json',
    ],
    ['a configuration that is no JSON', () => put('project.config.json', '{'), 'is not JSON'],
    [
      'a collection of another name',
      () => put('local-world.json', { collections: { 'a b': {} } }),
      'no name of a collection',
    ],
    ['a field that nobody knows', () => put('local-world.json', { colections: {} }), 'colections'],
  ])('%s', (_, breakIt, message) => {
    breakIt();
    expect(() => readForeignProject(folder)).toThrow(ProjectError);
    expect(() => readForeignProject(folder)).toThrow(message);
  });

  test('no folder at all', () => {
    expect(() => readForeignProject(path.join(folder, 'none'))).toThrow('There is no folder');
  });

  test('functions that are not built, and packages that are not installed, are named', () => {
    put('functions/typed/index.ts', '');
    put('functions/heavy/index.js', '');
    put('functions/heavy/package.json', { dependencies: { lodash: '4', 'wx-server-sdk': 'latest' } });
    expect(readForeignProject(folder).problems).toEqual([
      'Function typed has no index.js: build it first.',
      `Function heavy needs lodash: npm install --prefix ${path.join(folder, 'functions', 'heavy')}`,
    ]);
  });

  test('options that do not go together', () => {
    expect(() => readOptions(['--project', folder, '--scenario', 'member'])).toThrow(OptionError);
    expect(() => readOptions(['--scenario', 'nothing'])).toThrow('There are: unpaid-order');
    expect(() => readOptions(['--seed', 'x'])).toThrow('whole number');
    expect(() => readOptions(['--port', '70000'])).toThrow('from 0 to 65500');
  });
});

test('this project is not foreign, however its folder is written', () => {
  expect(isForeign('.')).toBe(false);
  expect(isForeign(`${path.resolve('.')}/`)).toBe(false);
  expect(isForeign(folder)).toBe(true);
});
