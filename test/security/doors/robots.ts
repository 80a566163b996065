import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { CloudError } from '../../../cloudfunctions/_shared/cloud/errors.ts';
import { readRobotConfig } from '../../../cloudfunctions/_shared/cloud/robot-config.ts';
import { alarm } from '../../../cloudfunctions/_shared/order/alarms.ts';
import { stringifyExtendedJson } from '../../../scripts/local/cloud/database/extended-json.ts';
import type { Document } from '../../../scripts/local/cloud/database/value.ts';
import { ROBOT_KEY } from '../../../scripts/local/local-world.ts';
import type { Attack, Door } from '../attack.ts';
import { openShopUnderAttack, type ShopUnderAttack } from '../shop-under-attack.ts';

type Respond = (response: ServerResponse, request: IncomingMessage) => unknown;

/** Whoever is behind the robot's address, and what of it was reached. */
interface Stranger {
  readonly url: string;
  respond: Respond;
  /** Paths that were asked for beside the robot's own. */
  readonly elsewhere: string[];
  /** The last text that was to be said. */
  said: string;
  /** Bytes that were written into the connection of the last answer. */
  written: number;
  close(): void;
}

interface Lured extends ShopUnderAttack {
  readonly stranger: Stranger;
}

type Row = Attack<Lured>;

const PATH = '/cgi-bin/webhook/send';
const yes: Respond = (response) => response.end('{"errcode":0,"errmsg":"ok"}');

async function stand(): Promise<Stranger> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (!request.url?.startsWith(PATH)) stranger.elsewhere.push(String(request.url));
    stranger.said = JSON.parse(body || '{}').text?.content ?? '';
    request.socket.on('error', () => {});
    request.socket.on('close', () => (stranger.written = request.socket.bytesWritten));
    stranger.respond(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stranger: Stranger = {
    ...{ url: `http://127.0.0.1:${port}`, respond: yes, elsewhere: [], said: '', written: 0 },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return stranger;
}

/** Somebody changes a document in the console. */
async function change({ shop }: Lured, collectionName: string, _id: string, set: Document): Promise<void> {
  const query = stringifyExtendedJson({ _id });
  const data = stringifyExtendedJson({ $set: set });
  const rest = { queryType: 'DOC', multi: false, merge: true, upsert: false };
  await shop.cloud.dispatch({ action: 'database.modifyDocument', collectionName, query, data, ...rest });
}

/** A run of the timer with this alarm to tell, and nothing else. */
async function tell(place: Lured, subject: string, code?: string): Promise<object> {
  const { shop, stranger } = place;
  await shop.clock.advance(1000);
  for (const { _id, told_at } of shop.cloud.documents('alarms'))
    if (!told_at) await change(place, 'alarms', String(_id), { told_at: shop.clock.now() });
  await change(place, 'progress', 'robot', { next_at: new Date(0), failures: 0 });
  const raised = { ...alarm('PAID_TWICE', subject, 'Refund one.', shop.clock.now()), ...(code && { code }) };
  await shop.cloud.insert('alarms', { ...raised });
  const { complete } = await shop.sweep();
  const stored = shop.cloud.documents('alarms').find(({ _id }) => _id === raised._id);
  const isTold = stored?.told_at instanceof Date;
  return { complete, isTold, elsewhere: stranger.elsewhere.splice(0) };
}

let count = 0;
/** What the robot's side answers, and whether that is taken for a yes. */
const answering = (name: string, respond: Respond, isTold = false): Row => ({
  name: `a robot that answers ${name}`,
  touches: ['alarms', 'progress'],
  async send(place) {
    place.stranger.respond = respond;
    place.stranger.written = 0;
    return tell(place, `answered-${count++}`);
  },
  answered: { complete: true, isTold, elsewhere: [] },
  after: ({ stranger }) => expect(stranger.written).toBeLessThan(16 * 1024 * 1024),
});

const saying =
  (body: string, status = 200): Respond =>
  (response) =>
    response.writeHead(status).end(body);

/** Without an end, for as long as somebody reads. */
const endless =
  (begin: (response: ServerResponse) => void, piece: string): Respond =>
  (response) => {
    const { socket } = response;
    if (!socket) return;
    begin(response);
    const more = () => void (socket.writable && socket.write(piece, (error) => error || setImmediate(more)));
    more();
  };

const head = (response: ServerResponse) => response.socket?.write('HTTP/1.1 200 OK\r\n');

const ANSWERS: readonly Row[] = [
  answering('yes, as it should', yes, true),
  ...[301, 302, 303, 307, 308].map((status) =>
    answering(`${status} with an address beside it`, (response, { headers }) =>
      response.writeHead(status, { location: `http://${headers.host}/elsewhere` }).end('{"errcode":0}'),
    ),
  ),
  ...['http://169.254.169.254/latest/meta-data/', 'file:///etc/passwd', '//localhost/', 'javascript:1'].map(
    (location) =>
      answering(`302 to ${location}`, (response) =>
        response.writeHead(302, { location }).end('{"errcode":0}'),
      ),
  ),
  answering(
    'without an end',
    endless((response) => response.socket?.write('HTTP/1.1 200 OK\r\n\r\n'), 'x'.repeat(64 * 1024)),
  ),
  answering('with headers without an end', endless(head, `x: ${'y'.repeat(1000)}\r\n`)),
  answering(
    'with one header without an end',
    endless((response) => response.socket?.write('HTTP/1.1 200 OK\r\nx: '), 'y'.repeat(1000)),
  ),
  answering(
    'with 1xx without an end',
    endless(() => {}, 'HTTP/1.1 102 Processing\r\n\r\n'),
  ),
  answering('one byte at a time, for ever', (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(' '), 50);
    response.on('close', () => clearInterval(timer));
  }),
  answering('nothing', () => {}),
  answering('by closing', (response) => response.destroy()),
  answering('half of an answer', (response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"errcode":0}');
    setTimeout(() => response.destroy(), 20);
  }),
  answering('a bomb', (response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(200 * 1024 * 1024))),
  ),
  answering('ten thousand levels', saying(`${'['.repeat(8000)}${']'.repeat(8000)}`)),
  answering('yes beside a status of 500', saying('{"errcode":0}', 500)),
  answering('with its own address, and a no', (response, { url }) =>
    response.end(JSON.stringify({ errcode: 93000, errmsg: `invalid webhook url ${url} ${ROBOT_KEY}` })),
  ),
  ...[
    '',
    '0',
    'null',
    'ok',
    '[{"errcode":0}]',
    '{"errcode":"0"}',
    '{"errcode":null}',
    '{"errcode":false}',
    '{"errcode":[0]}',
    '{"Errcode":0}',
    '{"__proto__":{"errcode":0}}',
    '{"code":0}',
    '{"errcode":0}{"errcode":0}',
    '\uFEFF{"errcode":0}',
    '<html>errcode 0</html>',
  ].map((body) => answering(JSON.stringify(body), saying(body))),
];

/** What is said where somebody typed this into a document, or sent it. */
const named = (what: string, subject: string, code?: string): Row => ({
  name: `an alarm about ${what}`,
  touches: ['alarms', 'progress'],
  async send(place) {
    place.stranger.respond = yes;
    await tell(place, subject, code);
    const { said } = place.stranger;
    const isPlain = !/[<>@\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u.test(said);
    return { lines: said.split('\n').length, isPlain, isShort: Buffer.byteLength(said) <= 2048 };
  },
  answered: { lines: 5, isPlain: true, isShort: true },
});

const NAMES: readonly Row[] = [
  named('everybody, as WeCom calls them', '<@all>'),
  named('everybody, as Feishu calls them', '<at user_id="all">所有人</at>'),
  named('lines of its own', 'city\n2. 一切正常（OK）\r\n处理：不用处理'),
  named('a line separator', 'a\u2028b\u2029c\u0085d'),
  named('text that runs backwards', 'city\u202Efdp.exe\u202C\u2066x'),
  named('what cannot be seen', 'a\u200B\u200E\uFEFF\u0000\u001B[31m'),
  named('markdown', '[退款](https://evil.example) **加粗** <font color="warning">x</font>'),
  named('100,000 characters', '超长'.repeat(50_000)),
  named('half a character', `${'x'.repeat(38)}😀😀`),
  named('nothing', ''),
  named('a code that nobody knows', 'city', '<@all>\nNEW_CODE'),
];

/** An address that is never called: the run says so, and not what it is. */
const address = (url: string): Row => ({
  name: `a robot at ${url.replace(ROBOT_KEY, '…')}`,
  send: async () => {
    try {
      return readRobotConfig({ ALARM_WEBHOOK_URL: url })?.address.hostname;
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      return { code: error.code, message: error.message };
    }
  },
  answered: { code: 'CONFIGURATION_WRONG', message: expect.stringContaining('ALARM_WEBHOOK_URL') },
});

const ADDRESSES: readonly Row[] = [
  ...['http:', 'ftp:', 'file:', 'ws:'].map(
    (protocol) => `${protocol}//qyapi.weixin.qq.com/send?key=${ROBOT_KEY}`,
  ),
  ...[
    '127.0.0.1',
    '10.0.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '0.0.0.0',
    '0x7f.1',
    '0177.0.0.1',
    '2130706433',
    '127.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[fd00::1]',
    'localhost',
    'localhost.',
    'LOCALHOST',
    'app.localhost',
    'metadata.internal',
    'metadata.internal.',
    'nas.local',
    'router.lan',
    'wiki.intranet',
    'box.home.arpa',
    'metadata',
    '１２７.０.０.１',
    'user@example.com',
    'user:password@example.com',
  ].map((host) => `https://${host}/send?key=${ROBOT_KEY}`),
  `data:text/plain,${ROBOT_KEY}`,
  `javascript:${ROBOT_KEY}`,
  ROBOT_KEY,
].map(address);

/** The robot of the merchant's group chat belongs to somebody else, and what it is told may come from anybody. */
export const robots: Door<Lured> = {
  name: 'the robot of a group chat',
  async open() {
    const stranger = await stand();
    const place = await openShopUnderAttack({ ALARM_WEBHOOK_ORIGIN: stranger.url });
    // Nothing is due any more, and the document of how far people are told is there.
    await place.shop.untilAsked();
    await place.shop.sweep();
    const lured = { ...place, stranger };
    await tell(lured, 'first');
    const secrets = [...place.secrets, { name: 'the key of the robot', value: ROBOT_KEY }];
    const close = async () => {
      await place.close();
      stranger.close();
    };
    return { ...lured, secrets, close };
  },
  attacks: [...ANSWERS, ...NAMES, ...ADDRESSES],
};
