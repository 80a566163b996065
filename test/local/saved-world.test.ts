import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SavedWorld } from '../../scripts/local/saved-world.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'saved-world-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const file = () => join(directory, 'world.ndjson');
const order = (out_trade_no: string, trade_state = 'NOTPAY') => ({ mch_id: '1', out_trade_no, trade_state });

/** What the next world is given. */
function read() {
  const saved = new SavedWorld(directory);
  saved.close();
  return { offset: saved.offset, orders: saved.orders };
}

test('nothing was saved before the first world', () => {
  expect(read()).toEqual({ offset: 0, orders: [] });
});

test('an order is as it was last, and keeps its first place', () => {
  const saved = new SavedWorld(directory);
  saved.saveOrder(order('a'));
  saved.saveOrder(order('b'));
  saved.saveOffset(5);
  saved.saveOrder(order('a', 'SUCCESS'));
  saved.saveOffset(7);
  // Not closed: killed.
  expect(read()).toEqual({ offset: 7, orders: [order('a', 'SUCCESS'), order('b')] });
  saved.close();
  saved.saveOrder(order('c'));
  expect(read().orders).toHaveLength(2);
});

test('a stopped clock writes nothing', () => {
  const saved = new SavedWorld(directory);
  saved.saveOffset(5);
  const { size } = statSync(file());
  saved.saveOffset(5);
  expect(statSync(file()).size).toBe(size);
  saved.close();
});

test('a change costs the same however many orders there are, and opening writes nothing', () => {
  const saved = new SavedWorld(directory);
  const padding = 'x'.repeat(500);
  const files = new Set<number>();
  const sizes = [1, 2].map((half) => {
    for (let n = 0; n < 4000; n++) {
      saved.saveOrder({ ...order(`${half}-${n}`), padding });
      files.add(statSync(file()).ino);
    }
    return statSync(file()).size;
  });
  expect(sizes[1] ?? 0).toBeLessThan(2.1 * (sizes[0] ?? 0));
  expect(files.size).toBeLessThanOrEqual(3);
  saved.close();
  const before = statSync(file());
  expect(read().orders).toHaveLength(4000 * 2);
  expect(statSync(file())).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
});

test('what is outdated does not stay for ever', () => {
  const saved = new SavedWorld(directory);
  const padding = 'x'.repeat(1000);
  for (let n = 0; n < 5000; n++) saved.saveOrder({ ...order('a', String(n)), padding });
  saved.saveOffset(9);
  saved.close();
  expect(statSync(file()).size).toBeLessThan(1.1 * 2 ** 20);
  expect(read()).toEqual({ offset: 9, orders: [{ ...order('a', '4999'), padding }] });
});

test('half a line at the end is cut, and writing goes on after it', () => {
  const saved = new SavedWorld(directory);
  saved.saveOrder(order('a'));
  saved.close();
  appendFileSync(file(), '{"order":{"mch_id":"1","out_tr');
  expect(read().orders).toEqual([order('a')]);
  const again = new SavedWorld(directory);
  again.saveOrder(order('b'));
  again.close();
  expect(read().orders).toEqual([order('a'), order('b')]);
});

test('what a world of an earlier release saved is taken over', () => {
  writeFileSync(
    join(directory, 'world.json'),
    JSON.stringify({ offset: 3, orders: [order('a'), order('b')] }),
  );
  expect(read()).toEqual({ offset: 3, orders: [order('a'), order('b')] });
  expect(existsSync(join(directory, 'world.json'))).toBe(false);
  expect(read().orders).toHaveLength(2);
});

test.each([
  ['world.ndjson', '{"orders":[]}\n', /world\.ndjson, line 1 cannot be read/],
  ['world.ndjson', '{"offset":1}\nnonsense\n{"offset":2}\n', /world\.ndjson is damaged at line 2/],
  ['world.json', '{"offset":1', /world\.json cannot be read/],
  ['world.json', '{"offset":1,"orders":[{}]}', /world\.json cannot be read/],
])('%s with %j is refused, and left as it is', (name, content, message) => {
  writeFileSync(join(directory, name), content);
  expect(() => new SavedWorld(directory)).toThrow(message);
  expect(readFileSync(join(directory, name), 'utf8')).toBe(content);
});
