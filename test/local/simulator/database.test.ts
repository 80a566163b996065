import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, openPhone } from '../../browser.ts';
import { type SimulatedWorld, startWorld } from './world.ts';

describe.runIf(hasBrowser())('the database of a phone', () => {
  let world: SimulatedWorld;
  let page: Page;

  beforeAll(async () => {
    world = await startWorld();
    page = await openPhone(world.browser, world.url);
    await page.evaluate(`__sim.wx.cloud.init({}); globalThis.db = __sim.wx.cloud.database()`);
  }, 30_000);
  afterAll(() => world.dispose());

  const run = (expression: string): Promise<unknown> =>
    page.evaluate(`Promise.resolve(db.${expression}).catch((error) => error)`);

  test('documents are added, changed, replaced and removed, and are this shopper’s', async () => {
    const data = `{ _id: 'n', title: '笔记', tags: ['a'], at: db.serverDate(), style: { color: 'red' } }`;
    expect(await run(`collection('notes').add({ data: ${data} })`)).toEqual({
      ...{ _id: 'n', errMsg: 'collection.add:ok' },
    });
    const change = `{ tags: db.command.push('b'), style: { size: 2 }, title: db.command.remove() }`;
    expect(await run(`collection('notes').doc('n').update({ data: ${change} })`)).toEqual({
      ...{ stats: { updated: 1 }, errMsg: 'document.update:ok' },
    });
    expect(world.backend.cloud.documents('notes')).toEqual([
      {
        ...{ _id: 'n', _openid: 'o-lin', tags: ['a', 'b'], style: { color: 'red', size: 2 } },
        at: expect.any(Date),
      },
    ]);
    expect(await run(`collection('notes').doc('n').set({ data: { done: false } })`)).toEqual({
      ...{ _id: 'n', stats: { updated: 1, created: 0 }, errMsg: 'document.set:ok' },
    });
    expect(await run(`collection('notes').where({ done: false }).update({ data: { done: true } })`)).toEqual({
      ...{ stats: { updated: 1 }, errMsg: 'collection.update:ok' },
    });
    expect(await run(`collection('notes').get()`)).toMatchObject({
      data: [{ _id: 'n', _openid: 'o-lin', done: true }],
    });
    expect(await run(`collection('notes').doc('n').remove()`)).toEqual({
      ...{ stats: { removed: 1 }, errMsg: 'document.remove:ok' },
    });
  });

  test.each([
    [`collection('prices').add({ data: {} })`, 'collection.add', -502003],
    [`collection('prices').doc('x').update({ data: { a: 1 } })`, 'document.update', -502003],
    [`collection('keys').get()`, 'collection.get', -502003],
    [`collection('ruled').doc('x').remove()`, 'document.remove', -502003],
    [`collection('notes').add({ data: { _openid: 'o-chen' } })`, 'collection.add', -501007],
  ])('%s is refused in the platform’s words', async (expression, name, errCode) => {
    const words = errCode === -502003 ? 'database permission denied' : 'invalid parameters';
    expect(await run(expression)).toEqual({
      errCode,
      errMsg: expect.stringMatching(new RegExp(`^${name}:fail ${errCode} ${words}\\. `)),
    });
  });

  test('a watch reports at first, at each change, and no more once it is closed', async () => {
    await page.evaluate(`(() => {
      globalThis.seen = [];
      globalThis.watcher = db.collection('posts').where({ room: 1 }).orderBy('n', 'asc').watch({
        onChange: ({ type, docs, docChanges }) => seen.push({
          type, docs: docs.map(({ n }) => n), changes: docChanges.map(({ queueType, docId }) => [queueType, docId]),
        }),
        onError: (error) => seen.push(error),
      });
    })()`);
    await page.waitForFunction('seen.length === 1');
    await run(`collection('posts').add({ data: { _id: 'p1', room: 1, n: 2 } })`);
    await page.waitForFunction('seen.length === 2');
    await world.backend.cloud.insert('posts', { _id: 'p2', room: 1, n: 1, _openid: 'o-chen' });
    await page.waitForFunction('seen.length === 3');
    await page.evaluate('__sim.setNetwork(false)');
    await world.backend.cloud.insert('posts', { _id: 'p3', room: 1, n: 3 });
    await page.evaluate('__sim.setNetwork(true)');
    await page.waitForFunction('seen.length === 4');
    await run(`collection('posts').doc('p1').remove()`);
    await page.waitForFunction('seen.length === 5');
    await page.evaluate('watcher.close()');
    await world.backend.cloud.insert('posts', { _id: 'p4', room: 1, n: 4 });
    await run(`collection('posts').get()`);
    expect(await page.evaluate('seen')).toEqual([
      { type: 'init', docs: [], changes: [] },
      { docs: [2], changes: [['enqueue', 'p1']] },
      { docs: [1, 2], changes: [['enqueue', 'p2']] },
      { docs: [1, 2, 3], changes: [['enqueue', 'p3']] },
      { docs: [1, 3], changes: [['dequeue', 'p1']] },
    ]);
  });

  test('what may not be read reports its refusal', async () => {
    const error = await page.evaluate(`new Promise((resolve) => {
      db.collection('keys').watch({ onChange: resolve, onError: resolve });
    })`);
    expect(error).toEqual({
      errCode: -502003,
      errMsg: expect.stringContaining('-502003 database permission denied'),
    });
  });
});
