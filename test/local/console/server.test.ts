import { request } from 'node:http';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIES as OFFERED } from '../../../scripts/local/console/browser/lies.ts';
import { LIES } from '../../../scripts/local/console/notices.ts';
import type { ConsoleState } from '../../../scripts/local/console/wire.ts';
import { type LocalWorld, MERCHANT } from '../../../scripts/local/local-world.ts';
import { openWorld, order, pay } from './purchase.ts';

let world: LocalWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('the page comes whole from here: nothing in it is fetched from outside', async () => {
  const [page, script, style] = await Promise.all([get('/'), get('/main.js'), get('/main.css')]);
  expect(page.status).toBe(200);
  expect(script.headers.get('content-type')).toContain('text/javascript');
  const text = (await page.text()) + (await style.text());
  expect(text).toContain('本地控制台');
  expect(text).not.toMatch(/https?:/);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('events resume after the last one that a page has, without secrets', async () => {
  const { payment } = await order(world, 'console-request-0001');
  pay(world, payment);
  await world.clock.advance(1);
  const all = await readEvents(0);
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, place) => place + 1));
  const later = await readEvents(all.length - 3);
  expect(later.slice(0, 3)).toEqual(all.slice(-3));
  const text = JSON.stringify(all);
  expect(text).toContain('••••••');
  expect(text).not.toContain(MERCHANT.api_key);
  expect(text).not.toMatch(/[0-9A-F]{64}/);
});

test('an order is listed twice: as it is here and as it is at WeChat Pay', async () => {
  world.wechatpay.faults.add({ kind: 'lose-notice' });
  const { out_trade_no, payment } = await order(world, 'console-request-0002');
  pay(world, payment);
  await world.clock.advance(1000);
  const { orders, planned } = await state();
  expect(orders[0]).toMatchObject({ out_trade_no, here: 'NOTPAY', there: 'SUCCESS', body: '城市版 3 个月' });
  expect(orders[0]?.next_query_at).toMatch(/Z$/);
  expect(planned).toContainEqual(expect.objectContaining({ kind: 'notice', out_trade_no, turn: 2 }));
  expect(planned).toContainEqual(expect.objectContaining({ kind: 'timer', functionName: 'queryOrders' }));
});

test('documents can be read, newest first, and an unknown collection is not there', async () => {
  const products = await (await get('/api/documents/products')).json();
  expect(products).toMatchObject({ name: 'products', count: 3 });
  expect((await get('/api/documents/nothing')).status).toBe(404);
});

test.each([
  ['lose', 'lose-notice'],
  ['repeat', 'repeat-notice'],
  ['delay', 'delay-notice'],
  ['break', 'break'],
  ['fail', 'fail-payment'],
] as const)('the switch %s arms %s once, and can be taken back', async (name, kind) => {
  const { faults } = world.wechatpay;
  await post(`/api/switches/${name}`, { on: true });
  await post(`/api/switches/${name}`, { on: true });
  expect(faults.list().filter((fault) => fault.kind === kind)).toMatchObject([{ count: 1 }]);
  expect((await state()).switches[name]).toMatchObject({ isArmed: true, used: 0, left: 1 });
  await post(`/api/switches/${name}`, { on: false });
  expect(faults.list()).toEqual([]);
  expect((await state()).switches[name]).toMatchObject({ isArmed: false, used: 0 });
});

test.each([
  ['lose-event', 'lose-event', 'virtualpay'],
  ['repeat-event', 'repeat-event', 'virtualpay'],
  ['slow-query', 'slow', 'weixin'],
  ['hide-payment', 'hide-payment', 'virtualpay'],
  ['lose-success', 'lose-success', 'virtualpay'],
  ['unpublish', 'refuse-payment', 'virtualpay'],
  ['replace-key', 'replace-session-key', 'weixin'],
  ['kill-token', 'kill-token', 'weixin'],
] as const)('the switch %s arms %s of %s once, and can be taken back', async (name, kind, part) => {
  const waiting = () => world[part].faults.list().map((fault) => fault.kind);
  await post(`/api/switches/${name}`, { on: true });
  await post(`/api/switches/${name}`, { on: true });
  expect(waiting()).toEqual([kind]);
  await post(`/api/switches/${name}`, { on: false });
  expect(waiting()).toEqual([]);
});

test('an event cannot be forged while there is no order that it could be about', async () => {
  const answer = await post('/api/switches/forge-event', { on: true });
  expect(answer.status).toBe(409);
  expect((await state()).switches['forge-event']).toMatchObject({ isArmed: false, used: 0 });
});

test('a switch that happened is off again, and counts', async () => {
  await post('/api/switches/fail', { on: true });
  const { payment } = await order(world, 'console-request-0003');
  expect(pay(world, payment)).toMatchObject({ errMsg: expect.stringContaining('余额不足') });
  expect((await state()).switches.fail).toMatchObject({ isArmed: false, used: 1 });
});

test('a fault lasts so often, so long, or until it is taken back', async () => {
  await post('/api/switches/system-error', { on: true, times: 3 });
  expect((await state()).switches['system-error']).toMatchObject({ isArmed: true, left: 3, until: null });
  await post('/api/switches/system-error', { on: false });
  await post('/api/switches/down', { on: true, minutes: 2 });
  const { left, until } = (await state()).switches.down ?? {};
  expect({ left, until }).toEqual({ left: null, until: expect.stringMatching(/Z$/) });
  await world.clock.advance(119_000);
  expect((await state()).switches.down?.isArmed).toBe(true);
  await world.clock.advance(1000);
  expect((await state()).switches.down).toMatchObject({ isArmed: false, until: null });
  await post('/api/switches/kill', { on: true, lasting: true });
  await expect(order(world, 'console-request-0004')).rejects.toThrow();
  await expect(order(world, 'console-request-0004')).rejects.toThrow();
  await post('/api/switches/kill', { on: false });
  expect(await order(world, 'console-request-0004')).toMatchObject({ payment: expect.anything() });
  expect([world.wechatpay.faults.list(), world.weixin.faults.list()]).toEqual([[], []]);
});

test.each(['conflict', 'slow', 'system-error'])(
  'under %s an order is placed all the same, or refused by code',
  async (name) => {
    await post(`/api/switches/${name}`, { on: true });
    await order(world, `console-${name}-00001`).catch(({ message }) => expect(message).toMatch(/[A-Z_]{5,}/));
    await post(`/api/switches/${name}`, { on: false });
  },
);

test('without a phone its network cannot fail', async () => {
  expect((await post('/api/switches/offline', { on: true })).status).toBe(409);
});

test('one notice is sent again, or a lie in its place, and the lie is not believed', async () => {
  const { out_trade_no, payment } = await order(world, 'console-request-0005');
  const path = `/api/notices/${out_trade_no}`;
  expect(await (await post(path, { times: 1 })).json()).toMatchObject({ ok: false, code: 'NOT_PAID' });
  expect((await post(path, { forge: 'wrong sign' })).status).toBe(200);
  await world.wechatpay.noticesSettled();
  expect((await find(out_trade_no))?.here).toBe('NOTPAY');
  world.wechatpay.faults.add({ kind: 'lose-notice' });
  pay(world, payment);
  await post(path, { times: 2 });
  await expect.poll(async () => (await find(out_trade_no))?.here).toBe('SUCCESS');
  await expect.poll(async () => (await find(out_trade_no))?.notices?.last).toBe('SUCCESS');
});

test('the page offers the lies that can be sent', () => expect(OFFERED).toEqual(LIES));

test('an order is found by a part of its number, its transaction or its shopper', async () => {
  const { out_trade_no } = await order(world, 'console-request-0006');
  expect((await state(out_trade_no.slice(3, 20))).orders).toHaveLength(1);
  expect((await state('nobody at all')).orders).toEqual([]);
  const { orders, orderCount } = await state('oLocalShopper-Li');
  expect(orders).toHaveLength(orderCount);
});

test('documents are put, found, edited with their types, and removed', async () => {
  const path = '/api/documents/alarms';
  const at = '2027-01-15T02:30:00.000Z';
  await post(path, { document: `{"_id":"a1","code":"X","raised_at":{"$date":"${at}"}}` });
  expect(world.cloud.documents('alarms')).toMatchObject([{ _id: 'a1', raised_at: new Date(at) }]);
  const { text } = JSON.parse(await (await get(`${path}/text?_id="a1"`)).text());
  expect(JSON.parse(text)).toEqual({ _id: 'a1', code: 'X', raised_at: { $date: at } });
  await post(path, { document: text.replace('X', 'Y') });
  const found = await (await get(`${path}?where={"code":"Y"}`)).json();
  expect(found).toMatchObject({ count: 1, documents: [{ _id: 'a1' }] });
  expect((await post(`${path}/remove`, { _id: '"a1"' })).status).toBe(200);
  expect((await post(`${path}/remove`, { _id: '"a1"' })).status).toBe(409);
  expect(world.cloud.documents('alarms')).toEqual([]);
});

test('a document with a masked field is not stored, since it would lose what is in it', async () => {
  const answer = await post('/api/documents/alarms', { document: '{"_id":"a","sign":"••••••"}' });
  expect(await answer.json()).toMatchObject({ code: 'DOCUMENT_MASKED' });
  expect(world.cloud.documents('alarms')).toEqual([]);
});

test('a collection is put back to its first documents', async () => {
  await post('/api/documents/products/remove', { _id: '"city"' });
  await post('/api/documents/products', { document: '{"_id":"another","name":"x"}' });
  await post('/api/documents/products/reset', {});
  expect(world.cloud.documents('products').map(({ _id }) => _id)).toEqual(['city', 'market', 'premium']);
});

test('what functions wrote can be read, newest first, and looked for', async () => {
  const lines = v.parse(Lines, await (await get('/api/logs?find=createorder')).json());
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.every(({ functionName }) => functionName === 'createOrder')).toBe(true);
  expect(lines.map(({ at }) => at)).toEqual(
    lines
      .map(({ at }) => at)
      .sort()
      .reverse(),
  );
});

test('a fault of a script is shown, and not taken from it', async () => {
  const takeBack = world.wechatpay.faults.add({ kind: 'break', when: 'after' });
  expect((await state()).switches.break?.isArmed).toBe(true);
  expect((await post('/api/switches/break', { on: false })).status).toBe(409);
  takeBack();
});

test('the clock moves by minutes, and a timer runs when asked', async () => {
  const before = world.clock.now().getTime();
  expect((await post('/api/clock', { minutes: 1 })).status).toBe(200);
  expect(world.clock.now().getTime() - before).toBeGreaterThanOrEqual(60_000);
  const seq = world.trace.since().at(-1)?.seq;
  expect((await post('/api/timers/queryOrders', {})).status).toBe(200);
  expect(world.trace.since(seq)).toContainEqual(
    expect.objectContaining({ from: 'timer', label: 'queryOrders' }),
  );
});

test.each([
  ['/api/clock', { minutes: 0 }],
  ['/api/clock', { minutes: 1.5 }],
  ['/api/clock', { minutes: 1e9 }],
  ['/api/clock', 'soon'],
  ['/api/switches/everything', { on: true }],
  ['/api/switches/__proto__', { on: true }],
  ['/api/switches/lose', {}],
  ['/api/switches/lose', { on: true, times: 0 }],
  ['/api/switches/lose', { on: true, times: 2, minutes: 1 }],
  ['/api/switches/lose', { on: false, times: 2 }],
  ['/api/notices/x', {}],
  ['/api/notices/x', { times: 1000 }],
  ['/api/documents/products', { document: 7 }],
  ['/api/documents/products/remove', {}],
  ['/api/timers/payNotify', {}],
])('POST %s with %j is refused and changes nothing', async (path, body) => {
  const { offset } = world.clock;
  expect((await post(path, body)).status).toBe(400);
  expect(world.clock.offset).toBe(offset);
  expect(world.wechatpay.faults.list()).toEqual([]);
});

test.each([
  ['a page of the internet', { Origin: 'https://evil.example' }, 403],
  ['a sandboxed page', { Origin: 'null' }, 403],
  ['a name that was made to point here', { Host: 'evil.example' }, 403],
  ['another port of this machine', { Origin: 'http://127.0.0.1:1' }, 403],
  ['a form', { 'Content-Type': 'text/plain' }, 415],
  ['a form that says nothing', { 'Content-Type': undefined }, 415],
])('%s cannot press a switch', async (_, headers, status) => {
  expect(await send('POST', '/api/switches/lose', headers)).toBe(status);
  expect(world.wechatpay.faults.list()).toEqual([]);
});

test('a name that was made to point here cannot read either', async () => {
  expect(await send('GET', '/api/state', { Host: 'evil.example' })).toBe(403);
  expect(await send('GET', '/api/events', { Origin: 'https://evil.example' })).toBe(403);
});

test('closing ends the streams', async () => {
  const other = await openWorld();
  const stream = await fetch(`${other.console.url}/api/events`);
  await other.close();
  await expect(stream.text()).rejects.toThrow();
});

interface Shown {
  readonly seq: number;
}

const get = (path: string) => fetch(world.console.url + path);

const Lines = v.array(v.looseObject({ at: v.string(), functionName: v.string() }));

async function find(out_trade_no: string) {
  return (await state(out_trade_no)).orders[0];
}

async function state(find = ''): Promise<ConsoleState> {
  const response = await get(`/api/state?find=${find}`);
  const answer: unknown = await response.json();
  return v.parse(
    v.custom<ConsoleState>((value) => v.is(v.object({ orders: v.array(v.unknown()) }), value)),
    answer,
  );
}

function post(path: string, body: unknown): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return fetch(world.console.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** `fetch` does not let anybody forge a Host; a raw request does. Answers the status. */
function send(method: string, path: string, headers: Record<string, string | undefined>): Promise<number> {
  const all = Object.entries({ 'Content-Type': 'application/json', ...headers });
  const given = Object.fromEntries(all.filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const sending = request(world.console.url + path, { method, headers: given }, (answer) => {
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    sending.on('error', reject);
    sending.end(method === 'GET' ? undefined : '{"on":true}');
  });
}

/** Reads the stream until it has everything that was recorded so far. */
async function readEvents(after: number): Promise<Shown[]> {
  const last = world.trace.since().at(-1)?.seq ?? 0;
  const response = await fetch(`${world.console.url}/api/events`, {
    headers: { 'Last-Event-ID': String(after) },
  });
  const events: Shown[] = [];
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = text.slice(0, end).match(/^event: events\ndata: (.*)$/m)?.[1];
      text = text.slice(end + 2);
      if (data) events.push(...JSON.parse(data));
    }
    if ((events.at(-1)?.seq ?? 0) >= last) break;
  }
  return events;
}
