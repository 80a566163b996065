import { expect } from 'vitest';
import { type LocalWorld, MERCHANT, SHOPPERS } from '../../../scripts/local/local-world.ts';
import {
  happened,
  JSON_ONLY,
  knock,
  SERVER_NAMES,
  type ServerName,
  startWholeWorld,
  urlOf,
} from '../../local/servers.ts';
import type { Attack, Door, Place } from '../attack.ts';

interface Browsed extends Place {
  readonly world: LocalWorld;
}

type Row = Attack<Browsed>;
type Knock = Parameters<typeof knock>[2];

const sent = (name: string, server: ServerName, how: (own: URL) => Knock, answered: unknown): Row => ({
  name: `${server}: ${name}`,
  answered,
  send: async ({ world }) => {
    const { status, text } = await knock(world, server, how(urlOf(world, server)));
    return { status, text };
  },
});

/** It is let in and answered, which the trace shows. */
const answered = (row: Row): Row => ({ ...row, touches: ['what happened'] });

const shut = { status: 403, text: expect.stringMatching(/ answers to .* only|takes nothing from/) };
const refused = (status: number, text: string) => ({ status, text: expect.stringContaining(text) });
const json = (body: unknown) => ({ body: JSON.stringify(body) });

/** What a page can make a browser send, without the browser asking the server first. */
const FOREIGN: readonly (readonly [who: string, headers: (own: URL) => Record<string, string>])[] = [
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
];

/** What a form can send. */
const FORM_TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain; application/json',
  null,
];

/** What goes to the cloud's files, and what of it a page could make a browser send. */
const FORM = '--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--x--\r\n';
const FILE_REQUESTS: readonly (readonly [what: string, request: Knock & object])[] = [
  ['a file', { method: 'PUT', path: '/cloud-files/a', type: null, body: 'x' }],
  [
    'a form with a file',
    { method: 'POST', path: '/cloud-files/a', type: 'multipart/form-data; boundary=x', body: FORM },
  ],
  ['a question for a file', { method: 'GET', path: '/cloud-files/a' }],
];

/** What a phone asks of the files and the database, and what of it a page could make a browser send. */
const PHONE_REQUESTS: readonly (readonly [what: string, request: Knock & object])[] = [
  ['an upload', { path: '/__sim/files/upload?openid=x&path=a', type: 'application/octet-stream', body: 'x' }],
  ['a picture of the cloud', { method: 'GET', path: '/__sim/files/read?address=x' }],
  ['a watch', { path: '/__sim/watch', ...json({ openid: '', watches: [] }) }],
];

/** This shop's rules let no shopper write anything. */
const WRITES = [
  ['an order', { kind: 'add', collection: 'orders', data: { trade_state: 'SUCCESS' } }],
  ['a membership', { kind: 'set', collection: 'users', id: 'x', data: { memberships: {} } }],
  [
    'a price',
    ...[{ kind: 'update', collection: 'products', where: {}, update: { $set: { a: 1 } }, isOne: false }],
  ],
  ['the alarms', { kind: 'remove', collection: 'alarms', where: {}, isOne: false }],
] as const;

const ASSET = '/__sim/asset/';

/** A page that is open in the developer's browser, or is shown in the local world itself. */
export const localServers: Door<Browsed> = {
  name: 'the local servers',
  async open() {
    const world = await startWholeWorld();
    let seen = 0;
    return {
      world,
      secrets: [{ name: 'the API key', value: MERCHANT.api_key }],
      snapshot: () => ({ 'what happened': happened(world) }),
      outputs() {
        const events = world.trace.since(seen);
        seen = events.at(-1)?.seq ?? seen;
        return JSON.stringify(events);
      },
      close: () => world.close(),
    };
  },
  attacks: [
    ...SERVER_NAMES.flatMap((server) => [
      ...FOREIGN.map(([who, headers]) => sent(who, server, (own) => ({ headers: headers(own) }), shut)),
      sent(
        'a page that only reads',
        server,
        () => ({ headers: { origin: 'https://evil.example' }, method: 'GET' }),
        shut,
      ),
    ]),
    ...JSON_ONLY.flatMap((server) =>
      FORM_TYPES.map((type) =>
        sent(`a form of ${type}`, server, () => ({ type }), refused(415, 'takes application/json')),
      ),
    ),
    ...[
      '../package.json',
      '..%2f..%2fpackage.json',
      '%2e%2e/%2e%2e/.env',
      '/etc/passwd',
      '..\\..\\x.png',
    ].map((file) =>
      sent(`the file ${file} as a picture`, 'simulator', () => ({ method: 'GET', path: `${ASSET}${file}` }), {
        status: expect.toSatisfy((status) => status >= 400, 'a refusal'),
        text: expect.not.stringMatching(/"dependencies"|root:/),
      }),
    ),
    sent(
      'a picture outside the mini-program',
      'simulator',
      () => ({ method: 'GET', path: `${ASSET}..%2fdocs%2fpictures%2fconsole.png` }),
      refused(404, 'is not a picture'),
    ),
    sent('a broken path', 'simulator', () => ({ method: 'GET', path: `${ASSET}%E0%A4%A` }), {
      status: expect.toSatisfy((status) => status >= 400, 'a refusal'),
      text: expect.any(String),
    }),
    sent(
      'a key that is kept for the wire',
      'simulator',
      () => ({ path: '/__sim/database', ...json({ openid: 7, request: { kind: 'drop' } }) }),
      refused(400, ''),
    ),
    sent(
      'a field that is another’s prototype',
      'simulator',
      () => ({ path: '/__sim/cashier/pay', body: '{"__proto__":{"id":"x"}}' }),
      refused(400, ''),
    ),
    sent('text that is no JSON', 'simulator', () => ({ body: '{' }), {
      status: expect.toSatisfy((status) => status >= 400, 'a refusal'),
      text: expect.any(String),
    }),
    sent(
      'a payment that was never opened',
      'simulator',
      () => ({ path: '/__sim/cashier/pay', ...json({ id: 'x' }) }),
      { status: expect.any(Number), text: expect.not.stringContaining('"paid"') },
    ),
    ...['secrets', '__proto__', '../orders', 'constructor'].map((name) =>
      sent(
        `a collection named ${name}`,
        'console',
        () => ({ method: 'GET', path: `/api/documents/${encodeURIComponent(name)}` }),
        refused(404, ''),
      ),
    ),
    sent(
      'a switch that is none',
      'console',
      () => ({ path: '/api/switches/constructor', ...json({ on: true }) }),
      refused(400, 'A switch is'),
    ),
    sent(
      'a function without a timer',
      'console',
      () => ({ path: '/api/timers/payNotify', ...json({}) }),
      refused(400, 'Functions with a timer'),
    ),
    ...[-1, 0, 1.5, 1e9, '1', null].map((minutes) =>
      sent(
        `a clock moved by ${JSON.stringify(minutes)}`,
        'console',
        () => json({ minutes }),
        refused(400, 'whole minutes'),
      ),
    ),
    ...[0, -1, 1.5, 1e9, '3', null].map((times) =>
      sent(
        `a fault for ${JSON.stringify(times)} times`,
        'console',
        () => ({ path: '/api/switches/lose', ...json({ on: true, times }) }),
        refused(400, 'A switch is'),
      ),
    ),
    ...[
      ['more notices than anybody needs', { times: 1e6 }],
      ['a notice of no kind', { forge: 7 }],
      ['a notice of two kinds', { times: 1, forge: 'no sign' }],
    ].map(([what, body]) =>
      sent(
        String(what),
        'console',
        () => ({ path: '/api/notices/x', ...json(body) }),
        refused(400, 'A notice is sent'),
      ),
    ),
    sent(
      'a notice of an order that is none',
      'console',
      () => ({ path: '/api/notices/__proto__', ...json({ times: 1 }) }),
      refused(409, 'no such order'),
    ),
    ...['secrets', '__proto__', '../orders', 'constructor'].flatMap((name) =>
      ['', '/remove', '/reset'].map((act) =>
        sent(
          `a document${act} of a collection named ${name}`,
          'console',
          () => ({
            path: `/api/documents/${encodeURIComponent(name)}${act}`,
            ...json(act === '' ? { document: '{}' } : act === '/remove' ? { _id: '"a"' } : {}),
          }),
          refused(409, 'no collection'),
        ),
      ),
    ),
    ...['{', '[]', '7', '{"$where":"1"}', '{"_id":{"$date":"x"}}', `${'['.repeat(200)}`].map((document) =>
      sent(
        `a document that is ${document.slice(0, 20)}`,
        'console',
        () => ({ path: '/api/documents/alarms', ...json({ document }) }),
        refused(409, 'DOCUMENT_REFUSED'),
      ),
    ),
    ...['{', '{"a":{"$where":"1"}}', '{"$where":"process.exit()"}', '{"a":{"$regex":"("}}'].map((where) =>
      sent(
        `a filter that is ${where}`,
        'console',
        () => ({ method: 'GET', path: `/api/documents/orders?where=${encodeURIComponent(where)}` }),
        refused(400, 'FILTER_REFUSED'),
      ),
    ),
    sent(
      'a document larger than any',
      'console',
      () => ({
        path: '/api/documents/alarms',
        ...json({ document: `{"x":"${'x'.repeat(300 * 1024)}"}` }),
      }),
      refused(413, ''),
    ),
    ...['/api/documents/alarms', '/api/documents/alarms/reset', '/api/notices/x', '/api/switches/down'].map(
      (path) =>
        sent(
          `a page of the internet at ${path}`,
          'console',
          () => ({ path, headers: { origin: 'https://evil.example' }, ...json({ on: true }) }),
          shut,
        ),
    ),
    sent(
      'more than a switch takes',
      'console',
      () => json({ minutes: 1, x: 'x'.repeat(5000) }),
      refused(413, ''),
    ),
    sent(
      'a file of the project',
      'console',
      () => ({ method: 'GET', path: '/../../package.json' }),
      refused(404, 'Not found'),
    ),
    ...FILE_REQUESTS.flatMap(([what, request]) => [
      ...FOREIGN.map(([who, headers]) =>
        sent(`${what} of ${who}`, 'cloud', (own) => ({ ...request, headers: headers(own) }), shut),
      ),
      sent(
        `${what} without the cloud’s signature`,
        'cloud',
        () => request,
        request.method === 'GET' ? refused(404, 'NoSuchKey') : refused(403, 'SignatureDoesNotMatch'),
      ),
    ]),
    ...PHONE_REQUESTS.flatMap(([what, request]) =>
      FOREIGN.map(([who, headers]) =>
        sent(`${what} of ${who}`, 'simulator', (own) => ({ ...request, headers: headers(own) }), shut),
      ),
    ),
    ...[...FORM_TYPES, 'application/json'].map((type) =>
      sent(
        `an upload as ${type}`,
        'simulator',
        () => ({ path: '/__sim/files/upload?openid=x&path=a', type }),
        refused(415, 'takes'),
      ),
    ),
    ...['../../package.json', 'http://127.0.0.1/cloud-files/../../.env', 'file:///etc/passwd', 'x'].map(
      (address) =>
        sent(
          `the file ${address} of the cloud, as a picture`,
          'simulator',
          () => ({ method: 'GET', path: `/__sim/files/read?address=${encodeURIComponent(address)}` }),
          { status: 404, text: expect.not.stringMatching(/"dependencies"|root:/) },
        ),
    ),
    sent(
      'more watches than a phone has',
      'simulator',
      () => ({
        path: '/__sim/watch',
        ...json({
          openid: '',
          watches: Array.from({ length: 51 }, (_, id) => ({
            ...{ id, query: { collection: 'orders', where: {}, order: [], skip: 0 } },
          })),
        }),
      }),
      refused(400, ''),
    ),
    sent(
      'a write of no kind',
      'simulator',
      () => ({
        path: '/__sim/database',
        ...json({ openid: '', request: { kind: 'update', collection: 'orders', where: {} } }),
      }),
      refused(400, ''),
    ),
    ...WRITES.map(([what, request]) =>
      answered(
        sent(
          `${what} of the shop, by a shopper`,
          'simulator',
          () => ({ path: '/__sim/database', ...json({ openid: SHOPPERS[0].openid, request }) }),
          { status: 200, text: expect.stringContaining('-502003') },
        ),
      ),
    ),
    ...['../../package.json', '..%2f..%2fpackage.json', '%2e%2e/%2e%2e/.env', '/etc/passwd'].map((file) =>
      sent(
        `the file ${file} as a file of the cloud`,
        'cloud',
        () => ({ method: 'GET', path: `/cloud-files/${file}` }),
        { status: 404, text: expect.not.stringMatching(/"dependencies"|root:/) },
      ),
    ),
    answered(
      sent(
        'a request under no merchant',
        'wechatpay',
        () => ({ body: '<xml><mch_id>1</mch_id><sign>x</sign></xml>' }),
        { status: 200, text: expect.stringContaining('FAIL') },
      ),
    ),
    {
      name: 'the console: state and documents show no key',
      answered: expect.arrayContaining([200]),
      send: async ({ world }) => {
        const paths = ['/api/state', ...world.cloud.collections().map((name) => `/api/documents/${name}`)];
        const replies = await Promise.all(
          paths.map((path) => knock(world, 'console', { method: 'GET', path })),
        );
        expect(replies.map(({ text }) => text).join()).not.toContain(MERCHANT.api_key);
        return replies.map(({ status }) => status);
      },
    },
    answered(
      sent(
        'a shopper that nobody knows is nobody else’s',
        'simulator',
        () => ({
          path: '/__sim/database',
          ...json({ openid: 'oNobody', request: ORDERS_OF(SHOPPERS[1].openid) }),
        }),
        { status: 200, text: expect.stringContaining('-502003') },
      ),
    ),
  ],
};

/** Another shopper's orders, as the page's own script would ask for its own. */
function ORDERS_OF(_openid: string) {
  return { kind: 'get', collection: 'orders', where: { _openid }, order: [], skip: 0, limit: 20 };
}
