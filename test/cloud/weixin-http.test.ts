import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { realTimers } from '../../cloudfunctions/_shared/cloud/timers.ts';
import { createWeixinTransport } from '../../cloudfunctions/_shared/cloud/weixin-http.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const SECRET = 'the-secret-of-the-mini-program';
const PATH = `/sns/jscode2session?secret=${SECRET}`;

/** A server on loopback, and its address. */
async function serve(handler: http.RequestListener): Promise<string> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An address at which nobody listens. */
async function closedOrigin(): Promise<string> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** Asks this host, with so much time for the answer. */
function ask(
  origin: string,
  { body, left_ms = 20_000, timeout_ms = 800 }: { body?: string; left_ms?: number; timeout_ms?: number } = {},
): Promise<Buffer> {
  const clock = { now: () => new Date() };
  const transport = createWeixinTransport({ origin, timeout_ms, timers: realTimers, clock });
  const request = body === undefined ? { path: PATH } : { path: PATH, body };
  return transport(request, new Date(Date.now() + left_ms));
}

test('a request without a body is GET, one with a body is POST of JSON, and the bytes are as they were given', async () => {
  const seen: string[] = [];
  const origin = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${request.headers['content-type'] ?? 'none'}`);
      response.end(Buffer.concat(chunks));
    });
  });
  expect((await ask(`${origin}/`)).toString()).toBe('');
  const body = '{"biz_meta":"退款 <&>"}';
  expect((await ask(origin, { body })).toString()).toBe(body);
  expect(seen).toEqual([`GET ${PATH} none`, `POST ${PATH} application/json`]);
});

describe('every failure has a code, and tells nobody the secret', () => {
  const failing: readonly (readonly [string, string, () => Promise<Buffer>])[] = [
    [
      'a status other than 200',
      'TRY_AGAIN',
      async () => ask(await serve((_, response) => response.writeHead(502).end('no'))),
    ],
    [
      'a redirect, which is not followed',
      'TRY_AGAIN',
      async () => {
        const elsewhere = await serve((_, response) => response.end('{}'));
        return ask(await serve((_, response) => response.writeHead(302, { location: elsewhere }).end()));
      },
    ],
    [
      'more than an answer is',
      'ANSWER_REFUSED',
      async () => ask(await serve((_, response) => response.end('a'.repeat(2 ** 17)))),
    ],
    ['silence', 'TIMEOUT', async () => ask(await serve(() => undefined))],
    [
      'letters, one by one, without an end',
      'TIMEOUT',
      async () =>
        ask(
          await serve((_, response) => {
            const writing = setInterval(() => response.write('a'), 20);
            response.on('close', () => clearInterval(writing));
          }),
        ),
    ],
    [
      'half an answer',
      'BROKEN_CONNECTION',
      async () =>
        ask(
          await serve((_, response) => {
            response.writeHead(200, { 'content-length': 100 }).write('{');
            setImmediate(() => response.destroy());
          }),
        ),
    ],
    ['nobody who listens', 'UNREACHABLE', async () => ask(await closedOrigin())],
    ['too little time', 'TIMEOUT', async () => ask('http://127.0.0.1:1', { left_ms: 100 })],
  ];
  test.each(failing)('%s is %s', async (_, code, run) => {
    const error: unknown = await run().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: 'WeixinError', code });
    const whole = error instanceof Error ? `${error.stack}${String(error.cause)}` : '';
    expect(whole).not.toContain(SECRET);
  });
});

test('a request whose connection breaks is made once more, and not a third time', async () => {
  let connections = 0;
  const server = net.createServer((socket) => {
    connections++;
    socket.on('error', () => undefined).on('data', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await expect(ask(origin, { body: '{}' })).rejects.toMatchObject({ code: 'BROKEN_CONNECTION' });
  expect(connections).toBe(2);
});
