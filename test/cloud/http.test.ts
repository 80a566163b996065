import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createTransport } from '../../cloudfunctions/_shared/cloud/http.ts';
import { realTimers } from '../../cloudfunctions/_shared/cloud/timers.ts';
import type { Path } from '../../cloudfunctions/_shared/wechatpay/client.ts';

const TIMEOUT_MS = 800;
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server on loopback, and its address. */
async function serve(handler: http.RequestListener): Promise<{ url: string; server: http.Server }> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** A transport to these domains, for questions that have so long. */
function transportTo(
  urls: string | readonly string[],
  limits: { left_ms?: number; sendable_ms?: number; timeout_ms?: number } = {},
): (path: Path, body: string) => Promise<Buffer> {
  const { left_ms = 20_000, sendable_ms = left_ms, timeout_ms = TIMEOUT_MS } = limits;
  const clock = { now: () => new Date() };
  const transport = createTransport({ urls: [urls].flat(), timeout_ms, timers: realTimers, clock });
  return (path, body) => {
    const now = clock.now().getTime();
    return transport(path, body, {
      sendBy: new Date(now + sendable_ms),
      answerBy: new Date(now + left_ms),
    });
  };
}

/** A port that takes connections and says nothing; TLS waits there for its first answer. */
async function silence(): Promise<string> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a request arrives as it was written, and its answer comes back as bytes', async () => {
  const { url } = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => response.end(`${request.method} ${request.url} ${Buffer.concat(chunks)}`));
  });
  const answer = await transportTo(`${url}/`)('/pay/orderquery', '<xml>城市</xml>');
  expect(answer.toString()).toBe('POST /pay/orderquery <xml>城市</xml>');
});

test('one connection serves call after call', async () => {
  let connections = 0;
  const { url, server } = await serve((_, response) => response.end('ok'));
  server.on('connection', () => connections++);
  const transport = transportTo(url);
  for (let call = 0; call < 5; call++) await transport('/pay/orderquery', '<xml/>');
  expect(connections).toBe(1);
});

describe('a failure says whether the request may have been carried out', () => {
  test('nobody listens: it was not', async () => {
    const transport = transportTo(`http://127.0.0.1:${await closedPort()}`);
    await expect(transport('/pay/unifiedorder', '<xml/>')).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });

  test('no answer in time: it may have been', async () => {
    const { url } = await serve(() => undefined);
    await expect(transportTo(url)('/pay/unifiedorder', '<xml/>')).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  test('half an answer in time and the rest never: it may have been', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half');
    });
    await expect(transportTo(url)('/pay/unifiedorder', '<xml/>')).rejects.toMatchObject({
      code: expect.stringMatching(/^(TIMEOUT|BROKEN_CONNECTION)$/),
    });
  });

  test('a connection that breaks: it may have been', async () => {
    const { url } = await serve((request) => request.socket.destroy());
    await expect(transportTo(url)('/pay/unifiedorder', '<xml/>')).rejects.toMatchObject({
      code: 'BROKEN_CONNECTION',
    });
  });

  test.each([400, 404, 500, 502])('status %i: ask again', async (status) => {
    const { url } = await serve((_, response) => response.writeHead(status).end('<html>'));
    await expect(transportTo(url)('/pay/unifiedorder', '<xml/>')).rejects.toMatchObject({
      code: 'TRY_AGAIN',
    });
  });

  test('an endless answer is not read to its end', async () => {
    const { url } = await serve((_, response) => response.end('x'.repeat(100_000)));
    await expect(transportTo(url)('/pay/unifiedorder', '<xml/>')).rejects.toMatchObject({
      code: 'XML_REFUSED',
    });
  });
});

test('a connection that died while idle is made again, once, and the call succeeds', async () => {
  let calls = 0;
  const { url } = await serve((request, response) => {
    calls++;
    if (calls === 2) request.socket.resetAndDestroy();
    else response.end(`call ${calls}`);
  });
  const transport = transportTo(url);
  await transport('/pay/orderquery', '<xml/>');
  expect((await transport('/pay/orderquery', '<xml/>')).toString()).toBe('call 3');
});

test('a first connection that breaks is not tried again: the request may have been carried out', async () => {
  let calls = 0;
  const { url } = await serve((request) => {
    calls++;
    request.socket.resetAndDestroy();
  });
  await expect(transportTo(url)('/pay/unifiedorder', '<xml/>')).rejects.toMatchObject({
    code: 'BROKEN_CONNECTION',
  });
  expect(calls).toBe(1);
});

describe('a question has so much time and no more', () => {
  /** A second domain that answers, and how often it was asked. */
  async function second() {
    const asked = { times: 0 };
    const { url } = await serve((_, response) => {
      asked.times++;
      response.end('ok');
    });
    return { url, asked };
  }

  test('the second domain is asked where no connection to the first is made in time', async () => {
    const { url } = await second();
    const answer = await transportTo([await silence(), url])('/pay/unifiedorder', '<xml/>');
    expect(answer.toString()).toBe('ok');
  });

  test('the second domain is not asked when the first has used the time up', async () => {
    const { url, asked } = await second();
    const post = transportTo([await silence(), url], { left_ms: 1000 });
    await expect(post('/pay/unifiedorder', '<xml/>')).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(asked.times).toBe(0);
  });

  test('the second domain is not asked when the order may not be sent any more', async () => {
    const { url, asked } = await second();
    const post = transportTo([await silence(), url], { sendable_ms: TIMEOUT_MS / 2 });
    await expect(post('/pay/unifiedorder', '<xml/>')).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(asked.times).toBe(0);
  });

  test.each([
    ['no time is left', { left_ms: -1 }],
    ['too little is left to be answered in', { left_ms: 100 }],
    ['it may not be sent any more', { sendable_ms: -1 }],
  ])('it is not sent at all when %s', async (_why, limits) => {
    const { url, asked } = await second();
    const post = transportTo(url, limits);
    await expect(post('/pay/orderquery', '<xml/>')).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(asked.times).toBe(0);
  });

  test('a domain that does not answer is waited for no longer than the question has', async () => {
    const { url } = await serve(() => undefined);
    const post = transportTo(url, { left_ms: 600, timeout_ms: 3_600_000 });
    await expect(post('/pay/orderquery', '<xml/>')).rejects.toMatchObject({ code: 'TIMEOUT' });
  });
});
