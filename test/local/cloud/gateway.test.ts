import { request as httpRequest } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { type GatewayOptions, openGateway } from '../../../scripts/local/cloud/http/gateway.ts';
import { ENV_ID, hostOf, SHOPPER, type Source } from './host-world.ts';

const ECHO = 'exports.main = (event) => event;';
const NOTICE = '<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>';
const KILOBYTE = 1024;

async function gatewayOf(sources: Readonly<Record<string, Source>>, options: Partial<GatewayOptions> = {}) {
  const world = hostOf(sources);
  const gateway = await openGateway({ ...world, envId: ENV_ID, ...options });
  onTestFinished(() => gateway.close());
  return { ...world, gateway, at: (path: string) => `${gateway.url}${path}` };
}

function echo(options?: Partial<GatewayOptions>) {
  return gatewayOf({ echo: { code: ECHO, route: '/echo', invoke: 'nobody' } }, options);
}

function post(body: string | Uint8Array<ArrayBuffer>, type: string): RequestInit {
  return { method: 'POST', headers: { 'Content-Type': type }, body };
}

test('a request becomes the event of the platform', async () => {
  const { at } = await echo();
  const response = await fetch(at('/echo/deep/er?a=1&b=%E5%9F%8E'), post(NOTICE, 'text/xml'));
  expect(await response.json()).toEqual({
    path: '/deep/er',
    httpMethod: 'POST',
    headers: expect.objectContaining({
      'content-type': 'text/xml',
      host: expect.stringContaining('127.0.0.1'),
    }),
    queryStringParameters: { a: '1', b: '城' },
    requestContext: {
      requestId: response.headers.get('x-cloudbase-request-id'),
      envId: ENV_ID,
      appId: expect.any(String),
      uin: expect.any(String),
    },
    body: NOTICE,
    isBase64Encoded: false,
  });
});

test.each(['/echo', '/echo/', '/echo?x=1'])('the route itself is the root: %s', async (path) => {
  const { at } = await echo();
  expect(await (await fetch(at(path))).json()).toMatchObject({ path: '/', httpMethod: 'GET', body: '' });
});

const BYTES = new Uint8Array([0, 255, 128, 10]);
const BODIES: readonly [string, string | Uint8Array<ArrayBuffer>, boolean][] = [
  ['text/xml', NOTICE, false],
  ['text/xml; charset=utf-8', NOTICE, false],
  ['application/xml', NOTICE, false],
  ['application/json', '{"a":"城"}', false],
  ['application/problem+json', '{}', false],
  ['application/x-www-form-urlencoded', 'a=1', false],
  ['text/plain', '', false],
  ['application/octet-stream', BYTES, true],
  ['image/png', BYTES, true],
  ['application/octet-stream', '', false],
];
test.each(BODIES)('a body of %s arrives whole: %o', async (type, body, isBase64Encoded) => {
  const { at } = await echo();
  const event = await (await fetch(at('/echo'), post(body, type))).json();
  const arrived = Buffer.from(body).toString(isBase64Encoded ? 'base64' : 'utf8');
  expect(event).toMatchObject({ isBase64Encoded, body: arrived });
});

test('on request every body is handed over in base64', async () => {
  const { at } = await echo({ base64: 'all' });
  const event = await (await fetch(at('/echo'), post(NOTICE, 'text/xml'))).json();
  expect(event).toMatchObject({ isBase64Encoded: true, body: Buffer.from(NOTICE).toString('base64') });
});

const SIZES: readonly [string, number, number][] = [
  ['text/xml', 100 * KILOBYTE, 200],
  ['text/xml', 100 * KILOBYTE + 1, 413],
  ['image/png', 100 * KILOBYTE + 1, 200],
  ['image/png', 6 * KILOBYTE * KILOBYTE + 1, 413],
];
test.each(SIZES)('of %s %i bytes are answered %i', async (type, size, status) => {
  const { at } = await gatewayOf({ short: { code: 'exports.main = () => "short";', route: '/' } });
  const response = await fetch(at('/'), post('x'.repeat(size), type));
  expect(response.status).toBe(status);
  if (status === 413) expect(await response.json()).toMatchObject({ code: 'EXCEED_MAX_PAYLOAD_SIZE' });
});

const JSON_TYPE = 'application/json; charset=utf-8';
const ANSWERS: readonly [expression: string, status: number, type: string | null, body: string][] = [
  [`'<xml/>'`, 200, 'text/plain; charset=utf-8', '<xml/>'],
  ['42', 200, 'text/plain; charset=utf-8', '42'],
  ['({ a: 1 })', 200, JSON_TYPE, '{"a":1}'],
  ['[1]', 200, JSON_TYPE, '[1]'],
  ['({ statusCode: "200" })', 200, JSON_TYPE, '{"statusCode":"200"}'],
  [
    `({ statusCode: 201, headers: { 'Content-Type': 'text/xml' }, body: '<xml/>' })`,
    201,
    'text/xml',
    '<xml/>',
  ],
  [`({ statusCode: 500, headers: { 'content-type': 'a/b' }, body: 'no' })`, 500, 'a/b', 'no'],
  [
    `({ statusCode: 200, headers: { 'content-type': 'a/b' }, body: 'aGk=', isBase64Encoded: true })`,
    200,
    'a/b',
    'hi',
  ],
  [`({ statusCode: 200, headers: { 'content-type': 'a/b' }, body: { a: 1 } })`, 200, 'a/b', '{"a":1}'],
  ['({ statusCode: 204, body: "nothing" })', 204, null, ''],
];
test.each(ANSWERS)(
  'a function that answers %s is read as %i %s %s',
  async (expression, status, type, body) => {
    const { at } = await gatewayOf({
      answer: { code: `exports.main = () => ${expression};`, route: '/answer' },
    });
    const response = await fetch(at('/answer'));
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      status,
      type,
      body,
    ]);
  },
);

const FAILURES: readonly [string, string, number, string][] = [
  ['throws', 'exports.main = () => { throw new Error("fell over"); };', 430, 'FUNCTIONS_EXECUTE_FAIL'],
  ['dies', 'exports.main = () => process.exit(1);', 430, 'FUNCTIONS_EXECUTE_FAIL'],
  ['does not end', 'exports.main = () => { for (;;); };', 433, 'FUNCTIONS_TIME_LIMIT_EXCEEDED'],
  [
    'answers an impossible status',
    'exports.main = () => ({ statusCode: 99 });',
    502,
    'FUNCTIONS_EXECUTE_FAIL',
  ],
  [
    'answers an impossible header',
    'exports.main = () => ({ statusCode: 200, headers: { a: "1\\n2" } });',
    502,
    'FUNCTIONS_EXECUTE_FAIL',
  ],
];
test.each(FAILURES)('a function that %s is an error to its caller', async (_, code, status, errorCode) => {
  const { at } = await gatewayOf({ broken: { code, route: '/broken', timeout: status === 433 ? 0.2 : 10 } });
  const response = await fetch(at('/broken'));
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({
    code: errorCode,
    message: expect.any(String),
    requestId: expect.any(String),
  });
});

test('a path that no route leads to is not found', async () => {
  const { at } = await echo();
  for (const path of ['/', '/echoes', '/ECHO', '//echo', '/other/echo']) {
    const response = await fetch(at(path));
    expect([path, response.status]).toEqual([path, 404]);
    expect(await response.json()).toMatchObject({ code: 'INVALID_PATH', requestId: expect.any(String) });
  }
});

test('the longest route wins', async () => {
  const name = 'exports.main = (event, context) => context.function_name + event.path;';
  const { at } = await gatewayOf({ root: { code: name, route: '/' }, pay: { code: name, route: '/pay/' } });
  expect(await (await fetch(at('/pay/x'))).text()).toBe('pay/x');
  expect(await (await fetch(at('/payee'))).text()).toBe('root/payee');
});

test('who comes by HTTP has no identity, and a rule against shoppers does not stop them', async () => {
  const code = 'exports.main = (_, context) => context.environment;';
  const { at, host } = await gatewayOf({ who: { code, route: '/who', invoke: 'shoppers' } });
  await host.callFunction('who', {}, SHOPPER);
  const environment = await (await fetch(at('/who'))).json();
  expect(environment).not.toHaveProperty('WX_OPENID');
  expect(environment).toMatchObject({ TRIGGER_SRC: 'tcb' });
  const { at: open } = await echo();
  expect((await fetch(open('/echo'))).status).toBe(200);
});

test('a caller who hangs up in the middle of the body harms nobody', async () => {
  const { at, host } = await echo();
  const half = httpRequest(at('/echo'), { method: 'POST', headers: { 'content-length': 100 } });
  half.on('error', () => undefined);
  await new Promise<void>((resolve) => half.write('half', () => resolve()));
  half.destroy();
  expect((await fetch(at('/echo'))).status).toBe(200);
  expect(host.running).toEqual([]);
});

test('a call by HTTP is traced under the id its caller receives', async () => {
  const { at, trace } = await echo();
  const response = await fetch(at('/echo'), post(NOTICE, 'text/xml'));
  expect(trace.since()).toMatchObject([
    { from: 'wechatpay', to: 'function', kind: 'call', id: response.headers.get('x-cloudbase-request-id') },
    { from: 'function', to: 'wechatpay', kind: 'reply' },
  ]);
});
