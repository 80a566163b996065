import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { decode, encode } from '../../../scripts/local/simulator/ejson.ts';
import { createSimulator, type Simulator } from '../../../scripts/local/simulator/simulator.ts';
import { CLOCK_OFFSET_HEADER } from '../../../scripts/local/simulator/wire.ts';
import { createMemoryBackend, fillShop, type MemoryBackend } from './memory-backend.ts';
import { FIXTURE } from './world.ts';

const open = new Set<Simulator>();
afterEach(async () => {
  for (const simulator of open) await simulator.dispose();
  open.clear();
});

function openApi(project = FIXTURE, change: Partial<MemoryBackend> = {}) {
  const backend = { ...createMemoryBackend(), ...change };
  fillShop(backend);
  const clock = { now: () => new Date(0), offset: 5000 };
  const simulator = createSimulator({ project, backend, clock });
  open.add(simulator);
  const started = simulator.start(0);
  const ask = async (path: string, init?: RequestInit) => fetch(new URL(path, (await started).url), init);
  const post = (path: string, body: unknown) =>
    ask(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  return { backend, ask, post };
}

test('every answer says how far the world’s clock is ahead', async () => {
  const response = await openApi().ask('/__sim/clock');
  expect(response.headers.get(CLOCK_OFFSET_HEADER)).toBe('5000');
});

test.each([
  ['images/dot.png', 200],
  ['images/none.png', 404],
  ['app.json', 404],
  ['pages/shop/shop.ts', 404],
  ['..%2f..%2f..%2f..%2fx.png', 404],
])('the file %s is answered %i', async (file, status) => {
  expect((await openApi().ask(`/__sim/asset/${file}`)).status).toBe(status);
});

test('a folder without a project is distinguished from a broken one', async () => {
  const response = await openApi(path.join(FIXTURE, 'miniprogram')).ask('/__sim/program');
  expect(await response.json()).toEqual({
    kind: 'errors',
    errors: ['project.config.json: is missing. A mini-program project has this file in its first folder'],
  });
});

test('documents keep their dates on the way, function results do not', async () => {
  const { backend, post } = openApi();
  backend.functions.set('now', () => ({ now: new Date(0) }));
  const request = {
    kind: 'get',
    collection: 'products',
    where: { _id: 'city' },
    order: [],
    skip: 0,
    limit: 1,
  };
  const read: unknown = await (await post('/__sim/database', { openid: 'o-lin', request })).json();
  expect(decode(read)).toMatchObject({ data: { documents: [{ since: new Date('2020-03-01') }] } });
  const called = await post('/__sim/function', { openid: 'o-lin', name: 'now', data: {} });
  expect(await called.json()).toEqual({ result: { now: '1970-01-01T00:00:00.000Z' } });
});

test.each([
  ['/__sim/function', {}, 400],
  ['/__sim/database', { openid: 'o-lin', request: { kind: 'drop' } }, 400],
  ['/__sim/cashier/open', { openid: 'o-lin' }, 400],
])('%s refuses what it cannot read', async (url, body, status) => {
  expect((await openApi().post(url, body)).status).toBe(status);
});

test('what a phone watches comes line by line, and ends when it listens no more', async () => {
  let stopped = () => {};
  const stopping = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const { ask } = openApi(FIXTURE, {
    async watch({ collection }, _, report) {
      if (collection === 'none') return { error: { code: 'X', message: 'no', errCode: -502003 } };
      report([{ _id: 1, at: new Date(0) }]);
      return { stop: stopped };
    },
  });
  const query = (collection: string) => ({ collection, where: {}, order: [], skip: 0 });
  const listening = new AbortController();
  const watches = [
    { id: 7, query: query('some') },
    { id: 8, query: query('none') },
  ];
  const answer = await ask('/__sim/watch', {
    ...{ method: 'POST', body: JSON.stringify({ openid: 'o-lin', watches }), signal: listening.signal },
    headers: { 'content-type': 'application/json' },
  });
  const reader = answer.body?.getReader();
  let text = '';
  while (text.split('\n').length < 3) text += new TextDecoder().decode((await reader?.read())?.value);
  expect(
    text
      .trim()
      .split('\n')
      .map((line) => decode(JSON.parse(line))),
  ).toEqual([
    { id: 7, documents: [{ _id: 1, at: new Date(0) }] },
    { id: 8, error: { code: 'X', message: 'no', errCode: -502003 } },
  ]);
  listening.abort();
  await stopping;
});

describe('the wire’s JSON', () => {
  test.each<[about: string, value: unknown]>([
    ['a date', new Date(5)],
    ['a regular expression', /a+/gi],
    ['what lies deep', { list: [{ at: new Date(7), none: null }] }],
  ])('carries %s', (_, value) => {
    expect(decode(JSON.parse(JSON.stringify(encode(value))))).toEqual(value);
  });

  test('refuses a key of its own', () => {
    expect(() => encode({ $simDate: 1 })).toThrow('kept for the simulator');
  });
});
