import { once } from 'node:events';
import {
  Agent,
  createServer,
  request as httpRequest,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { httpDeliver } from '../../../scripts/local/wechatpay/deliver.ts';
import { serveWeChatPay, type WeChatPayServer } from '../../../scripts/local/wechatpay/server.ts';
import { sign } from '../../../scripts/local/wechatpay/sign.ts';
import { readXml, writeXml } from '../../../scripts/local/wechatpay/xml.ts';
import { APPID, createWorld, MERCHANT, OUT_TRADE_NO, orderParameters, PAYER } from './world.ts';

const toClose: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

async function serve(world = createWorld()): Promise<WeChatPayServer> {
  const server = await serveWeChatPay(world.wechatpay);
  toClose.push(() => server.close());
  return server;
}

/** A server of a merchant; its notify_url. */
async function listen(respond: RequestListener): Promise<{ url: string }> {
  const server = createServer(respond).listen(0, '127.0.0.1');
  toClose.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/payNotify` };
}

/** A merchant that always replies the same; its notify_url, and what was posted to it. */
async function listenAndReply(answer: string, status = 200) {
  const posted: { type: string | undefined; body: string }[] = [];
  const { url } = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    posted.push({ type: request.headers['content-type'], body: Buffer.concat(chunks).toString() });
    response.writeHead(status).end(answer);
  });
  return { url, posted };
}

function signedOrder(notify_url = 'http://127.0.0.1:9/payNotify'): string {
  const order = { ...orderParameters(), appid: APPID, mch_id: MERCHANT.mch_id, nonce_str: 'n', notify_url };
  return writeXml({ ...order, sign: sign(order, MERCHANT.api_key, 'MD5') });
}

test('an order placed and a notice posted over HTTP', async () => {
  const world = createWorld({ deliver: httpDeliver() });
  const { url } = await serve(world);
  const merchant = await listenAndReply('<xml><return_code>SUCCESS</return_code></xml>');
  const response = await fetch(`${url}/pay/unifiedorder`, {
    method: 'POST',
    body: signedOrder(merchant.url),
  });
  expect(response.status).toBe(200);
  const prepaid = readXml(await response.text());
  world.wechatpay.cashier.pay(world.payment(prepaid), PAYER);
  await world.clock.advance(0);
  expect(merchant.posted).toEqual([
    { type: 'text/xml', body: expect.stringContaining('<total_fee>4800</total_fee>') },
  ]);
  expect(world.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.notices).toMatchObject([
    { outcome: 'SUCCESS' },
  ]);
});

test.each([
  ['an HTML page', '<html></html>', 200],
  ['nothing', '', 200],
  ['SUCCESS with status 500', '<xml><return_code>SUCCESS</return_code></xml>', 500],
  ['return_code FAIL', '<xml><return_code>FAIL</return_code><return_msg>no</return_msg></xml>', 200],
  ['a redirect', '<xml><return_code>SUCCESS</return_code></xml>', 302],
])('%s is no SUCCESS, so the notice comes again', async (_name, answer, status) => {
  const world = createWorld({ deliver: httpDeliver() });
  const merchant = await listenAndReply(answer, status);
  const prepaid = await world.post('/pay/unifiedorder', signedOrder(merchant.url));
  world.wechatpay.cashier.pay(world.payment(prepaid), PAYER);
  await world.clock.advance(15_000);
  expect(merchant.posted).toHaveLength(2);
  expect(merchant.posted[1]?.body).toBe(merchant.posted[0]?.body);
});

test.each([
  ['says nothing', 50, () => {}, /within 50 ms/],
  ['stops in the middle', 50, (response: ServerResponse) => void response.write('<xml>'), /within 50 ms/],
  ['breaks the connection', 5000, (response: ServerResponse) => void response.destroy(), /socket hang up/],
  [
    'never ends',
    5000,
    (response: ServerResponse) => void response.end('x'.repeat(2 ** 17)),
    /more than 65536 bytes/,
  ],
])('a merchant whose server %s has not replied', async (_name, timeoutMs, answer, why) => {
  const { url } = await listen((_request, response) => answer(response));
  const world = createWorld({ deliver: httpDeliver({ timeoutMs }) });
  const prepaid = await world.post('/pay/unifiedorder', signedOrder(url));
  world.wechatpay.cashier.pay(world.payment(prepaid), PAYER);
  await world.clock.advance(0);
  const notices = world.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.notices;
  expect(notices).toMatchObject([{ outcome: 'unreachable', why: expect.stringMatching(why) }]);
});

test('a merchant that cannot be reached is tried again', async () => {
  const world = createWorld({ deliver: httpDeliver() });
  const prepaid = await world.post('/pay/unifiedorder', signedOrder());
  world.wechatpay.cashier.pay(world.payment(prepaid), PAYER);
  await world.clock.advance(15_000);
  const notices = world.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.notices ?? [];
  expect(notices.map(({ outcome }) => outcome)).toEqual(['unreachable', 'unreachable']);
});

test('a notify_url that leads off this machine is refused loudly, once, and nothing is sent', async () => {
  const world = createWorld({ deliver: httpDeliver() });
  const prepaid = await world.post('/pay/unifiedorder', signedOrder('https://pay.example.com/payNotify'));
  world.wechatpay.cashier.pay(world.payment(prepaid), PAYER);
  await world.clock.advance(60_000);
  const notices = world.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.notices ?? [];
  expect(notices).toMatchObject([
    { outcome: 'refused', why: expect.stringContaining('WECHAT_PAY_NOTIFY_URL') },
  ]);
  expect(world.failures).toEqual([
    expect.objectContaining({ message: expect.stringContaining('leads off this machine') }),
  ]);
});

test('a path that is no API is not found', async () => {
  const { url } = await serve();
  expect((await fetch(`${url}/v3/pay/transactions/jsapi`, { method: 'POST', body: '{}' })).status).toBe(404);
});

test('a request of a megabyte breaks the connection, not the server', async () => {
  const { url } = await serve();
  const huge = fetch(`${url}/pay/unifiedorder`, { method: 'POST', body: 'x'.repeat(2 ** 20) });
  await expect(huge).rejects.toThrow('fetch failed');
  expect((await fetch(`${url}/pay/orderquery`, { method: 'POST', body: 'x' })).status).toBe(200);
});

test('an asked-for reset waits for a connection that is used again', async () => {
  const world = createWorld();
  const { url } = await serve(world);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  toClose.push(async () => agent.destroy());
  const call = () =>
    new Promise((resolve, reject) => {
      const request = httpRequest(`${url}/pay/orderquery`, { agent, method: 'POST' }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
      request.on('error', reject).end();
    });
  world.wechatpay.faults.add({ kind: 'reset' });
  expect(await call()).toBe(200);
  await expect(call()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await call()).toBe(200);
});

test('down refuses connections, and up answers at the same address', async () => {
  const server = await serve();
  await server.down();
  const refused: unknown = await fetch(`${server.url}/pay/orderquery`).catch((error: Error) => error.cause);
  expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
  await server.up();
  expect((await fetch(`${server.url}/pay/orderquery`)).status).toBe(200);
});

test('an asked-for break reaches the caller as a connection without an answer, the work done', async () => {
  const world = createWorld();
  const { url } = await serve(world);
  world.wechatpay.faults.add({ kind: 'break', when: 'after', path: '/pay/unifiedorder' });
  const call = fetch(`${url}/pay/unifiedorder`, { method: 'POST', body: signedOrder() });
  await expect(call).rejects.toThrow('fetch failed');
  expect(world.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.trade_state).toBe('NOTPAY');
});
