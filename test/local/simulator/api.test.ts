import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../../scripts/local/simulator/ejson.ts';
import { createSimulator } from '../../../scripts/local/simulator/simulator.ts';
import { CLOCK_OFFSET_HEADER } from '../../../scripts/local/simulator/wire.ts';
import { createMemoryBackend, fillShop } from './memory-backend.ts';
import { FIXTURE } from './world.ts';

const HOST = '127.0.0.1:1234';

function openApi(project = FIXTURE) {
  const backend = createMemoryBackend();
  fillShop(backend);
  const clock = { now: () => new Date(0), offset: 5000 };
  const simulator = createSimulator({ project, backend, clock });
  const ask = (path: string, init: RequestInit = {}) =>
    simulator.handle(
      new Request(`http://${HOST}${path}`, { ...init, headers: { host: HOST, ...init.headers } }),
    );
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
  [undefined, 200],
  [`http://${HOST}`, 200],
  ['https://example.com', 403],
  ['null', 403],
])('a request from the page %s is answered %i', async (origin, status) => {
  const response = await openApi().ask('/', origin ? { headers: { origin } } : {});
  expect(response.status).toBe(status);
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

test('a folder without a project is told apart from a broken one', async () => {
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
