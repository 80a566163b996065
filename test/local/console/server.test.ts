import { request } from 'node:http';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

async function state(): Promise<ConsoleState> {
  const response = await get('/api/state');
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
