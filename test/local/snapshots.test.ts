import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LocalWorld, MERCHANT, startLocalWorld } from '../../scripts/local/local-world.ts';
import { order } from '../../scripts/local/scenarios/purchase.ts';
import { playScenario } from '../../scripts/local/scenarios/scenarios.ts';
import { listSnapshots, loadSnapshot, removeSnapshot, saveSnapshot } from '../../scripts/local/snapshots.ts';

const HOUR_MS = 3_600_000;
let data: string;
let world: LocalWorld | undefined;

beforeEach(() => {
  data = mkdtempSync(path.join(tmpdir(), 'snapshots-'));
});

afterEach(async () => {
  await end();
  rmSync(data, { recursive: true });
});

async function start(): Promise<LocalWorld> {
  world = await startLocalWorld({ dataDirectory: data, onWarning: () => {} });
  return world;
}

async function end(): Promise<void> {
  await world?.close();
  world = undefined;
}

const now = () => ({ now: new Date(), replace: false });

test('a world is back as it was saved, here and at WeChat, and what came after is gone', async () => {
  const first = await start();
  await playScenario(first, 'lost-notice');
  saveSnapshot(data, 'paid-there', now());
  await first.clock.advance(HOUR_MS);
  expect(first.cloud.documents('orders')).toMatchObject([{ trade_state: 'SUCCESS' }]);
  await end();

  loadSnapshot(data, 'paid-there', { now: new Date(), replace: true });
  const again = await start();
  expect(again.cloud.documents('orders')).toMatchObject([{ trade_state: 'NOTPAY' }]);
  expect(again.wechatpay.orders()).toMatchObject([{ trade_state: 'SUCCESS' }]);
  await again.clock.advance(5 * 60_000);
  expect(again.cloud.documents('orders')).toMatchObject([{ trade_state: 'SUCCESS' }]);
});

test('the files of the cloud storage are back as they were saved', async () => {
  const contents = async ({ cloud: { storage } }: LocalWorld) =>
    Promise.all(storage.list().map(async (file) => [file.path, String(await storage.read(file))]));
  const first = await start();
  await first.cloud.storage.put('a/b.txt', Buffer.from('one'));
  saveSnapshot(data, 'with-a-file', now());
  await first.cloud.storage.put('a/b.txt', Buffer.from('two'));
  await first.cloud.storage.put('later.txt', Buffer.from('three'));
  await end();

  const kept = await start();
  expect(await contents(kept)).toEqual([
    ['a/b.txt', 'two'],
    ['later.txt', 'three'],
  ]);
  await end();
  loadSnapshot(data, 'with-a-file', { now: new Date(), replace: true });
  expect(await contents(await start())).toEqual([['a/b.txt', 'one']]);
});

test('loaded a month later, an order has the minutes left that it had, in functions as well', async () => {
  const first = await start();
  const placed = await order(first, first.shopper(), { product_id: 'city', months: 1 });
  saveSnapshot(data, 'unpaid', now());
  const savedAt = first.clock.now().getTime();
  await end();

  const monthAgo = new Date(Date.now() + 30 * 24 * HOUR_MS);
  loadSnapshot(data, 'unpaid', { now: monthAgo, replace: true });
  const again = await start();
  // As seen from a month later: the machine's clock has not moved, so the world is a month behind it.
  expect(again.clock.offset).toBeLessThan(-29 * 24 * HOUR_MS);
  await again.clock.advance(30 * 24 * HOUR_MS);
  expect(Math.abs(again.clock.now().getTime() - savedAt)).toBeLessThan(HOUR_MS);
  expect(again.wechatpay.order(MERCHANT.mch_id, placed.out_trade_no)).toMatchObject({
    trade_state: 'NOTPAY',
  });
  await again.shopper().pay(placed.payment);
  // Its notice goes to the port that HTTP access had then.
  await again.clock.advance(5 * 60_000);
  expect(again.cloud.documents('orders')).toMatchObject([{ trade_state: 'SUCCESS' }]);
});

test('half a line that was being written while it was saved is cut off', async () => {
  const first = await start();
  await playScenario(first, 'member');
  appendFileSync(path.join(data, 'world.ndjson'), '{"offset":');
  saveSnapshot(data, 'half', now());
  await end();
  loadSnapshot(data, 'half', { now: new Date(), replace: true });
  const again = await start();
  expect(again.wechatpay.orders()).toMatchObject([{ trade_state: 'SUCCESS' }]);
});

describe('nothing is lost by mistake', () => {
  beforeEach(async () => {
    await playScenario(await start(), 'unpaid-order');
    saveSnapshot(data, 'one', now());
  });

  test('a snapshot is not replaced unless asked', () => {
    expect(() => saveSnapshot(data, 'one', now())).toThrow('There is a snapshot one already');
    saveSnapshot(data, 'one', { now: new Date(), replace: true });
    expect(listSnapshots(data).map(({ name }) => name)).toEqual(['one']);
  });

  test('a world is not replaced unless asked, and never while it runs', async () => {
    expect(() => loadSnapshot(data, 'one', now())).toThrow('would be lost');
    expect(() => loadSnapshot(data, 'one', { now: new Date(), replace: true })).toThrow('is using this data');
    await end();
    loadSnapshot(data, 'one', { now: new Date(), replace: true });
  });

  test('a removed snapshot is gone', () => {
    removeSnapshot(data, 'one');
    expect(listSnapshots(data)).toEqual([]);
    expect(() => removeSnapshot(data, 'one')).toThrow('no snapshot one');
    expect(() => loadSnapshot(data, 'one', now())).toThrow('no snapshot one');
  });
});

test.each(['', '..', '../x', 'a/b', '.hidden', 'x'.repeat(65), 'a b'])('%j is no name', async (name) => {
  await start();
  for (const act of [
    () => saveSnapshot(data, name, now()),
    () => loadSnapshot(data, name, now()),
    () => removeSnapshot(data, name),
  ])
    expect(act).toThrow('A snapshot is named by');
  expect(existsSync(path.join(data, 'snapshots'))).toBe(false);
});

test('a folder without a world cannot be saved', () => {
  expect(() => saveSnapshot(data, 'nothing', now())).toThrow('There is no world');
});

test('npm run world saves, lists, loads and says what is wrong', async () => {
  await playScenario(await start(), 'member');
  await end();
  const run = (...words: string[]) =>
    promisify(execFile)('node', ['--import', 'tsx', 'scripts/world.ts', ...words, '--data', data], {
      env: { ...process.env, NO_COLOR: '1' },
    });
  expect((await run('save', '会员')).stdout).toContain('Saved as 会员');
  expect((await run('list')).stdout).toMatch(/会员 +20\d\d-/);
  await expect(run('load', '会员')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--force'),
  });
  expect((await run('load', '会员', '--force')).stdout).toContain(`npm start -- --data ${data}`);
  await expect(run('forget', 'x')).rejects.toMatchObject({
    stderr: expect.stringContaining('There is no forget'),
  });
  expect((await run('scenarios')).stdout).toContain('expired-membership');
});
