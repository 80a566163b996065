import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalWorld } from '../../scripts/local/local-world.ts';
import { hasBrowser, sharedBrowser } from '../browser.ts';
import { happened, knock, SERVER_NAMES, SERVERS, startWholeWorld, urlOf } from './servers.ts';

let world: LocalWorld;
beforeAll(async () => {
  world = await startWholeWorld();
});
afterAll(() => world.close());

// Who is shut out, and how that is said, is in the attack table: test/security/doors/local-servers.ts.
describe.each(SERVER_NAMES)('the door of the %s', (server) => {
  test.each<[who: string, headers: (own: URL) => Record<string, string>]>([
    ['a program that sends no Origin', () => ({})],
    ['its own page', ({ origin }) => ({ origin })],
    ['its own page under the name localhost', ({ port }) => ({ origin: `http://localhost:${port}` })],
    ['the console', () => ({ origin: world.console.url })],
    ['the name localhost', ({ port }) => ({ host: `localhost:${port}` })],
    ['the address of IPv6', ({ port }) => ({ host: `[::1]:${port}` })],
  ])('is open to %s', async (_, headers) => {
    const before = happened(world);
    const reply = await knock(world, server, { headers: headers(urlOf(world, server)) });
    expect(reply.status).not.toBe(403);
    expect(happened(world)).not.toBe(before);
  });
});

test('no server says that another origin may read its answer', async () => {
  for (const server of SERVER_NAMES) {
    const preflight = { origin: urlOf(world, 'console').origin, 'access-control-request-method': 'POST' };
    const { headers } = await knock(world, server, { headers: preflight, method: 'OPTIONS' });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});

test('the phone may be framed by the console only, and loads scripts from its own server only', async () => {
  const policy = (await fetch(urlOf(world, 'simulator'))).headers.get('content-security-policy') ?? '';
  const { port } = urlOf(world, 'console');
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
    const page = await (await sharedBrowser()).newPage();
    try {
      const before = happened(world);
      for (const site of [`http://127.0.0.1:${port}`, `http://localhost:${port}`]) {
        await page.goto(site);
        const attacks = SERVER_NAMES.map((server) => ({
          ...SERVERS[server],
          url: urlOf(world, server).origin,
        }));
        await page.evaluate(ATTACKS, attacks);
      }
      for (const server of SERVER_NAMES) {
        const url = `http://evil.localhost:${urlOf(world, server).port}${SERVERS[server].path}`;
        expect((await page.goto(url))?.status()).toBe(403);
      }
      expect(happened(world)).toBe(before);

      await page.goto(`http://127.0.0.1:${port}`);
      await page.setContent(
        `<iframe src="${urlOf(world, 'simulator')}"></iframe><iframe src="${urlOf(world, 'console')}"></iframe>`,
      );
      const framed = page
        .frames()
        .slice(1)
        .map((frame) => frame.evaluate('document.body.innerText'));
      for (const text of await Promise.all(framed)) expect(text).not.toMatch(/微信|手机/);
    } finally {
      await page.close();
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
