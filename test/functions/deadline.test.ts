import { randomBytes } from 'node:crypto';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ordersIn } from '../../cloudfunctions/_shared/cloud/database/stores/orders.ts';
import { createTransport } from '../../cloudfunctions/_shared/cloud/http.ts';
import type { Runtime } from '../../cloudfunctions/_shared/cloud/runtime.ts';
import type { Timers } from '../../cloudfunctions/_shared/cloud/timers.ts';
import { SHOPPERS_CALL_MS, TIMER_RUN_MS } from '../../cloudfunctions/_shared/order/deadline.ts';
import { outTradeNo } from '../../cloudfunctions/_shared/order/order.ts';
import { sign } from '../../cloudfunctions/_shared/wechatpay/sign.ts';
import { writeXml } from '../../cloudfunctions/_shared/wechatpay/xml.ts';
import { createAccessTokens } from '../../cloudfunctions/_shared/weixin/access-token.ts';
import { createManagedApps } from '../../cloudfunctions/_shared/weixin/managed-apps.ts';
import { build as buildCancelOrder } from '../../cloudfunctions/cancelOrder/build.ts';
import { build as buildCheckOrder } from '../../cloudfunctions/checkOrder/build.ts';
import { build as buildCreateOrder } from '../../cloudfunctions/createOrder/build.ts';
import { build as buildQueryOrders } from '../../cloudfunctions/queryOrders/build.ts';
import { WorldClock } from '../../scripts/local/clock.ts';
import { inProcess, type OpenDatabase } from '../cloud/databases.ts';
import { later, MINUTE_MS, sampleOrder, WECHATPAY_FIELDS } from '../order/samples.ts';

/** How slow each call of the database is; the last is the slowest that still answers. */
const DATABASE_MS = [0, 2900, 4900];
/** How slow WeChat Pay is, where it answers. */
const ANSWER_MS = 4000;
const KEYS = ['a'.repeat(32), 'b'.repeat(32)] as const;

const request_id = 'request-000000000001';
const { _openid: openid, appid } = sampleOrder();
const order = sampleOrder({
  _id: outTradeNo({ environment: 'test', appid, openid, request_id }),
  request_id,
  next_query_at: later(6 * MINUTE_MS),
});
const request = {
  request_id: 'request-000000000009',
  product_id: 'city',
  months: 3,
  expected_total_fee: 4800,
};
const product = {
  _id: 'city',
  name: '城市版',
  description: '',
  options: [{ months: 3, total_fee: 4800 }],
  on_sale: true,
};

let clock: WorldClock;
let database: OpenDatabase;
let servers: Awaited<ReturnType<typeof openServers>>;

beforeAll(async () => {
  servers = await openServers(() => clock);
});
afterAll(() => servers.close());
beforeEach(async () => {
  const begin = later(7 * MINUTE_MS).getTime();
  clock = new WorldClock({ source: () => begin });
  database = await inProcess(clock);
  await database.cloud.insert('products', product);
  const reporting = { alarms: { raise: async () => undefined }, now: () => clock.now() };
  await ordersIn(database.database, reporting).add(order);
});
afterEach(async () => {
  await database.close();
  clock.dispose();
});

/** How WeChat Pay can be slow. */
const SLOWNESSES = [
  'takes no connection',
  'never answers',
  'refuses one key after the other, slowly',
  'reports a payment, slowly',
  'answers slowly at its second domain, and never closes',
] as const;
type Slowness = (typeof SLOWNESSES)[number];

const FUNCTIONS = [
  ['createOrder', buildCreateOrder, request, SHOPPERS_CALL_MS],
  [
    'createOrder in place of another',
    buildCreateOrder,
    { ...request, supersedes: request_id },
    SHOPPERS_CALL_MS,
  ],
  ['checkOrder', buildCheckOrder, { out_trade_no: order._id }, SHOPPERS_CALL_MS],
  ['cancelOrder', buildCancelOrder, { out_trade_no: order._id }, SHOPPERS_CALL_MS],
  ['queryOrders', buildQueryOrders, {}, TIMER_RUN_MS],
] as const;

const ROWS = FUNCTIONS.flatMap(([name, build, event, limit_ms]) =>
  SLOWNESSES.flatMap((slowness) => DATABASE_MS.map((ms) => ({ name, build, event, limit_ms, slowness, ms }))),
);

test.each(ROWS)(
  '$name answers within its time limit when WeChat Pay $slowness, and each call of the database takes $ms ms',
  async ({ build, event, limit_ms, slowness, ms }) => {
    database.cloud.faults.add({ kind: 'slow', ms, times: Number.POSITIVE_INFINITY });
    const began = clock.now();
    const outcome = await lettingTimePass(build(worldWith(servers.urls[slowness], limit_ms))(event, {}));
    expect(clock.now().getTime() - began.getTime()).toBeLessThanOrEqual(limit_ms);
    if (limit_ms === SHOPPERS_CALL_MS) expect(outcome).toMatchObject({ now: expect.any(String) });
  },
);

test('a shopper learns when WeChat Pay gave no answer in time, and the order stays as it was', async () => {
  const world = worldWith(servers.urls['never answers'], SHOPPERS_CALL_MS);
  const outcome = await lettingTimePass(buildCancelOrder(world)({ out_trade_no: order._id }, {}));
  expect(outcome).toMatchObject({ errcode: 'WECHATPAY_UNAVAILABLE' });
  expect(database.cloud.documents('orders')).toMatchObject([{ trade_state: 'NOTPAY', cancelled_at: null }]);
});

test('a shopper who gives up is answered when WeChat Pay does not close in time: the timer will', async () => {
  const world = worldWith(
    servers.urls['answers slowly at its second domain, and never closes'],
    SHOPPERS_CALL_MS,
  );
  const outcome = await lettingTimePass(buildCancelOrder(world)({ out_trade_no: order._id }, {}));
  expect(outcome).toMatchObject({ order: { trade_state: 'NOTPAY', cancelled_at: expect.any(String) } });
});

test('a call that a slow database held up is answered, and its payment is settled all the same', async () => {
  database.cloud.faults.add({ kind: 'slow', ms: 2900, times: Number.POSITIVE_INFINITY });
  const world = worldWith(servers.urls['reports a payment, slowly'], SHOPPERS_CALL_MS);
  const outcome = await lettingTimePass(buildCheckOrder(world)({ out_trade_no: order._id }, {}));
  expect(outcome).toMatchObject({ errcode: 'INTERNAL_ERROR' });
  await expect
    .poll(async () => {
      await clock.advance(1000);
      return database.cloud.documents('orders');
    })
    .toMatchObject([{ trade_state: 'SUCCESS' }]);
});

/** The world of a shopper's call, or of the timer, whose time is the test's. */
function worldWith(urls: readonly string[], limit_ms: number): Runtime {
  const timers: Timers = {
    after: (ms, run) => clock.schedule(new Date(clock.now().getTime() + ms), run),
  };
  const shopper = { openid: order._openid, appid: order.appid, environment: 'test' };
  return {
    clock,
    timers,
    random: randomBytes,
    variables: {
      WECHAT_PAY_MCH_ID: order.mch_id,
      WECHAT_PAY_API_KEY: KEYS[0],
      WECHAT_PAY_API_KEY_PREVIOUS: KEYS[1],
      WECHAT_PAY_NOTIFY_URL: WECHATPAY_FIELDS.notify_url,
    },
    logger: { info() {}, warn() {}, error() {} },
    weixin: () => ({
      transport: () => Promise.reject(new Error('There is no api.weixin.qq.com here.')),
      tokens: createAccessTokens(),
      managed: createManagedApps(),
    }),
    robot: () => () => Promise.reject(new Error('There is no robot here.')),
    transport: () => createTransport({ urls, timeout_ms: 6000, timers, clock }),
    database: async () => database.database,
    identity: async () => (limit_ms === SHOPPERS_CALL_MS ? shopper : {}),
  };
}

/** Advances the clock step by step until the call is over; in between, sockets have their turns. */
async function lettingTimePass(call: Promise<object>): Promise<object> {
  let outcome: object | undefined;
  call.then(
    (answer) => {
      outcome = answer;
    },
    (error: Error) => {
      outcome = error;
    },
  );
  while (!outcome) {
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    if (!outcome) await clock.advance(100);
  }
  return outcome;
}

/** WeChat Pay's servers, as slow as each row wants them. */
async function openServers(time: () => WorldClock) {
  const sockets = new Set<net.Socket>();
  const silent = net.createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  const answering = (answer: (path: string) => object | undefined) =>
    http.createServer((request, response) => {
      request.resume();
      const fields = answer(request.url ?? '');
      const at = new Date(time().now().getTime() + ANSWER_MS);
      if (fields) time().schedule(at, () => response.end(writeXml({ ...fields })));
    });
  const never = answering(() => undefined);
  const refusing = answering(() => ({ return_code: 'FAIL', return_msg: '签名错误' }));
  const paid = answering(() => signed(PAID));
  const unpaid = answering((path) => (path === '/pay/closeorder' ? undefined : signed(UNPAID)));
  const all = [silent, never, refusing, paid, unpaid];
  for (const server of all) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = (server: net.Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const urls: Readonly<Record<Slowness, readonly string[]>> = {
    'takes no connection': [`https://${at(silent)}`, `https://${at(silent)}`],
    'never answers': [`http://${at(never)}`, `http://${at(never)}`],
    'refuses one key after the other, slowly': [`http://${at(refusing)}`],
    'reports a payment, slowly': [`http://${at(paid)}`],
    'answers slowly at its second domain, and never closes': [
      `https://${at(silent)}`,
      `http://${at(unpaid)}`,
    ],
  };
  return {
    urls,
    close() {
      for (const socket of sockets) socket.destroy();
      for (const server of [never, refusing, paid, unpaid]) server.closeAllConnections();
      for (const server of all) server.close();
    },
  };
}

const UNPAID = { trade_state: 'NOTPAY', prepay_id: 'wx15' };
const PAID = {
  trade_state: 'SUCCESS',
  prepay_id: 'wx15',
  openid: order._openid,
  total_fee: String(order.total_fee),
  transaction_id: '4200000000202701150000000001',
  time_end: '20270115102500',
};

/** WeChat's answer, to whatever was asked about the order. */
function signed(said: Readonly<Record<string, string>>): object {
  const { appid, mch_id, _id: out_trade_no } = order;
  const common = { return_code: 'SUCCESS', result_code: 'SUCCESS', appid, mch_id, out_trade_no };
  const fields = { ...common, ...said };
  return { ...fields, sign: sign(fields, KEYS[0], WECHATPAY_FIELDS.sign_type) };
}
