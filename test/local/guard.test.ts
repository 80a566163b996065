import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FUNCTIONS_DIRECTORY } from '../../scripts/build.ts';
import { WorldClock } from '../../scripts/local/clock.ts';
import { type LocalWorld, startLocalWorld } from '../../scripts/local/local-world.ts';
import { hasBrowser, launchBrowser } from '../browser.ts';

/** Every server of the local world, with a call that leaves a trace or moves the clock if it is let in. */
const DOORS = {
  cloud: { path: '/admin', type: 'application/json', body: { action: 'database.addCollection' } },
  simulator: {
    path: '/__sim/function',
    type: 'application/json',
    body: { openid: '', name: 'checkOrder', data: null },
  },
  gateway: { path: '/payNotify', type: 'text/xml', body: {} },
  wechatpay: { path: '/pay/orderquery', type: 'text/xml', body: {} },
  console: { path: '/api/clock', type: 'application/json', body: { minutes: 1 } },
} as const;

type Door = keyof typeof DOORS;
const NAMES: readonly Door[] = ['cloud', 'simulator', 'gateway', 'wechatpay', 'console'];
/** Where only JSON changes anything. The other two are called by whoever can sign. */
const JSON_ONLY: readonly Door[] = ['cloud', 'simulator', 'console'];

let world: LocalWorld;
beforeAll(async () => {
  const project = new URL('../..', import.meta.url).pathname;
  // A clock that stands: no timer of the world's own may fire beside an attack.
  const clock = new WorldClock({ source: () => Date.UTC(2027, 0, 15, 2, 30) });
  world = await startLocalWorld({
    functionsDirectory: FUNCTIONS_DIRECTORY,
    project,
    clock,
    onWarning: () => {},
  });
});
afterAll(() => world.close());

describe.each(NAMES)('the door of the %s', (door) => {
  test.each<[who: string, headers: (own: URL) => Record<string, string>]>([
    ['a program that sends no Origin', () => ({})],
    ['its own page', ({ origin }) => ({ origin })],
    ['its own page under the name localhost', ({ port }) => ({ origin: `http://localhost:${port}` })],
    ['the console', () => ({ origin: world.console.url })],
    ['the name localhost', ({ port }) => ({ host: `localhost:${port}` })],
    ['the address of IPv6', ({ port }) => ({ host: `[::1]:${port}` })],
  ])('is open to %s', async (_, headers) => {
    const before = happened();
    expect((await knock(door, headers(urlOf(door)))).status).not.toBe(403);
    expect(happened()).not.toBe(before);
  });

  test.each<[who: string, headers: (own: URL) => Record<string, string>]>([
    ['a name that was made to point here', ({ port }) => ({ host: `evil.example:${port}` })],
    [
      'that name as a page of its own',
      ({ port }) => ({ host: `evil.example:${port}`, origin: `http://evil.example:${port}` }),
    ],
    ['its own name with another port', () => ({ host: '127.0.0.1:1' })],
    ['its own name without a port', () => ({ host: '127.0.0.1' })],
    ['a page of the internet', () => ({ origin: 'https://evil.example' })],
    ['a page that is none: a sandbox, a file, a redirect', () => ({ origin: 'null' })],
    ['an empty Origin', () => ({ origin: '' })],
    ['another port of this machine', () => ({ origin: 'http://127.0.0.1:1' })],
    ['its own origin under https', ({ host }) => ({ origin: `https://${host}` })],
    ['its own origin with a name before it', ({ host }) => ({ origin: `http://evil.${host}` })],
    [
      'a picture on a page of the internet',
      () => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }),
    ],
    [
      'a script on another port of this machine',
      () => ({ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }),
    ],
  ])('is shut to %s, which is told so', async (_, headers) => {
    const before = happened();
    const { status, text } = await knock(door, headers(urlOf(door)));
    expect([status, text]).toEqual([403, expect.stringMatching(/ answers to .* only|takes nothing from/)]);
    expect(happened()).toBe(before);
  });
});

describe.each(JSON_ONLY)('the door of the %s', (door) => {
  test.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['text/plain; application/json'],
    [undefined],
  ])('takes no content of type %s, which a form can send', async (type) => {
    const before = happened();
    const { status, text } = await knock(door, {}, type ?? null);
    expect([status, text]).toEqual([415, expect.stringContaining('takes application/json')]);
    expect(happened()).toBe(before);
  });
});

test('a foreign page learns nothing by reading either', async () => {
  for (const door of NAMES) {
    const { status } = await knock(door, { origin: 'https://evil.example' }, null, 'GET');
    expect(status).toBe(403);
  }
});

test('no server says that another origin may read its answer', async () => {
  for (const door of NAMES) {
    const preflight = { origin: urlOf('console').origin, 'access-control-request-method': 'POST' };
    const { headers } = await knock(door, preflight, 'application/json', 'OPTIONS');
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});

test('the phone may be framed by the console only, and loads scripts from its own server only', async () => {
  const policy = (await fetch(urlOf('simulator'))).headers.get('content-security-policy') ?? '';
  const { port } = urlOf('console');
  expect(policy.split('; ')).toEqual(
    expect.arrayContaining([
      "default-src 'none'",
      "script-src 'self' 'unsafe-eval'",
      "connect-src 'self'",
      `frame-ancestors http://127.0.0.1:${port} http://localhost:${port}`,
    ]),
  );
});

describe.skipIf(!hasBrowser())('a page on another port, in a real browser', () => {
  test('reaches no server by fetch, by form, by picture, by frame, or under another name', async () => {
    const lair = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<p>free gifts'),
    );
    await new Promise<void>((resolve) => lair.listen(0, '127.0.0.1', resolve));
    const { port } = lair.address() as AddressInfo;
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const before = happened();
      for (const site of [`http://127.0.0.1:${port}`, `http://localhost:${port}`]) {
        await page.goto(site);
        const attacks = NAMES.map((door) => ({ ...DOORS[door], url: urlOf(door).origin }));
        await page.evaluate(ATTACKS, attacks);
      }
      for (const door of NAMES) {
        const url = `http://evil.localhost:${urlOf(door).port}${DOORS[door].path}`;
        expect((await page.goto(url))?.status()).toBe(403);
      }
      expect(happened()).toBe(before);

      await page.goto(`http://127.0.0.1:${port}`);
      await page.setContent(
        `<iframe src="${urlOf('simulator')}"></iframe><iframe src="${urlOf('console')}"></iframe>`,
      );
      const framed = page
        .frames()
        .slice(1)
        .map((frame) => frame.evaluate('document.body.innerText'));
      for (const text of await Promise.all(framed)) expect(text).not.toMatch(/微信|手机/);
    } finally {
      await browser.close();
      lair.close();
    }
  });
});

/** What a page can try without asking: it waits until all of it has come to its end, whatever that was. */
const ATTACKS = `async (attacks) => {
  const tries = attacks.flatMap(({ url, path, body }) => [
    ...['text/plain', 'application/x-www-form-urlencoded'].map((type) =>
      fetch(url + path, { method: 'POST', mode: 'no-cors', headers: { 'content-type': type }, body: JSON.stringify(body) })),
    fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    new Promise((resolve) => Object.assign(new Image(), { onload: resolve, onerror: resolve, src: url + path })),
    new Promise((resolve) => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      frame.name = 'target' + Math.random();
      const form = document.createElement('form');
      Object.assign(form, { method: 'post', enctype: 'text/plain', action: url + path, target: frame.name });
      const field = form.appendChild(document.createElement('input'));
      Object.assign(field, { name: JSON.stringify(body).slice(0, -1) + ',"x":"', value: '"}' });
      document.body.appendChild(form).submit();
      frame.onload = resolve;
    }),
  ]);
  await Promise.allSettled(tries);
}`;

function urlOf(door: Door): URL {
  if (!world.phone) throw new Error('The local world started without a phone.');
  return new URL(
    {
      cloud: world.cloudServer.url,
      simulator: world.phone.url,
      gateway: world.gateway.url,
      wechatpay: world.wechatpayServer.url,
      console: world.console.url,
    }[door],
  );
}

/** Changes with everything that a call through one of the doors does. */
function happened(): string {
  return `${world.trace.since().at(-1)?.seq} ${Math.round(world.clock.offset / 60_000)} ${world.cloud.collections()}`;
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** `fetch` does not let anybody forge a Host; a raw request does. `null` leaves the content type out. */
function knock(
  door: Door,
  headers: Record<string, string>,
  type: string | null = DOORS[door].type,
  method = 'POST',
): Promise<Reply> {
  const url = new URL(DOORS[door].path, urlOf(door));
  const all = { ...(type === null ? {} : { 'content-type': type }), ...headers };
  return new Promise((resolve, reject) => {
    const sending = request(url, { method, headers: all, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    sending.on('error', reject);
    sending.end(method === 'GET' ? undefined : JSON.stringify(DOORS[door].body));
  });
}
