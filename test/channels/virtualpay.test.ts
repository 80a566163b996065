import { afterEach, describe, expect, test } from 'vitest';
import { cancel } from '../../cloudfunctions/_shared/order/cancel.ts';
import { check } from '../../cloudfunctions/_shared/order/check.ts';
import { createOrder } from '../../cloudfunctions/_shared/order/create-order.ts';
import { SWEEP_QUESTIONS } from '../../cloudfunctions/_shared/order/lanes.ts';
import { sweep } from '../../cloudfunctions/_shared/order/sweep.ts';
import { type OpenPorts, openPorts } from '../order/ports.ts';
import { BIRTH, HOUR_MS, later, MINUTE_MS, sampleOrder } from '../order/samples.ts';
import { VIRTUALPAY_FIELDS, virtualOrder } from './samples.ts';
import { ACCESS_TOKEN, NO_ORDER, queried, SESSION_KEY, weixinDesk } from './weixin-desk.ts';

const NOW = later(10 * MINUTE_MS);
const DAY_MS = 24 * HOUR_MS;
const order = virtualOrder({ next_query_at: NOW });
const ITEM = { item_id: 'city_3m_4800', months: 3, price: 4800, env: 0, effective_at: BIRTH.toISOString() };
const PRODUCT = {
  _id: 'city',
  name: '城市版',
  description: '',
  options: [{ months: 3, total_fee: 4800 }],
  on_sale: true,
  channel: 'virtualpay',
  items: [ITEM],
};
const OPENID = 'oShopper-000000000000000001';
const request = {
  ...{ environment: 'test', appid: order.appid, openid: OPENID, client_ip: '127.0.0.1' },
  ...{ request_id: 'request-000000000001', product_id: 'city', months: 3, expected_total_fee: 4800 },
  code: OPENID,
};
const TERMS = { lifetime_ms: 30 * MINUTE_MS };

const which = { openid: order._openid, out_trade_no: order._id };

let opened: OpenPorts;
afterEach(() => opened.close());

async function open(
  desk: ReturnType<typeof weixinDesk>,
  {
    now = NOW,
    product = PRODUCT as typeof PRODUCT & { items: object[] },
    ...settings
  }: {
    now?: Date;
    product?: typeof PRODUCT & { items: object[] };
    virtualpay?: { offer_id?: string };
    wechatpay?: { problem: string };
  } = {},
) {
  opened = await openPorts({ now, weixin: desk.transport, ...settings });
  await opened.insert('products', product);
  return opened.ports;
}

const codes = () => opened.documents('alarms').map(({ code }) => code);

describe('an order of virtual payment', () => {
  test('is saved before anything is signed, and signed for its shopper alone', async () => {
    const desk = weixinDesk();
    const ports = await open(desk);
    const placed = await createOrder(ports, TERMS, request);
    if (placed.kind === 'refusal') throw new Error(placed.errcode);
    expect(desk.asked).toEqual([]);
    expect(opened.documents('orders')).toMatchObject([
      {
        channel: 'virtualpay',
        mch_id: '',
        virtualpay: { ...VIRTUALPAY_FIELDS },
        prepay_id: null,
        attach: 'test',
        trade_state: 'NOTPAY',
      },
    ]);
    const channel = ports.channelOf(placed.order);
    expect(await channel.paymentFor(placed.order, { code: OPENID })).toMatchObject({
      mode: 'short_series_goods',
      signData: expect.stringContaining('"productId":"city_3m_4800","goodsPrice":4800'),
    });
    const another = await channel.paymentFor(placed.order, { code: 'oAnotherShopper' });
    expect(another).toMatchObject({ errcode: 'LOGIN_CODE_INVALID' });
  });

  test('asked for again is the same order, signed anew', async () => {
    const desk = weixinDesk();
    const ports = await open(desk);
    const numbers = [];
    for (const code of ['first', 'second']) {
      const placed = await createOrder(ports, TERMS, { ...request, code });
      numbers.push(placed.kind === 'payable' ? placed.order._id : placed.errcode);
    }
    expect(new Set(numbers).size).toBe(1);
    expect(opened.documents('orders')).toHaveLength(1);
  });

  test.each([
    ['without a code', PRODUCT, { code: undefined }, 'INVALID_PARAMETERS', []],
    ['without an item', { ...PRODUCT, items: [] }, {}, 'ITEM_NOT_PUBLISHED', ['ITEM_NOT_PUBLISHED']],
    [
      'of an item at another price',
      { ...PRODUCT, items: [{ ...ITEM, price: 4700 }] },
      {},
      'ITEM_NOT_PUBLISHED',
      ['ITEM_NOT_PUBLISHED'],
    ],
    [
      'of an item of the sandbox',
      { ...PRODUCT, items: [{ ...ITEM, env: 1 }] },
      {},
      'ITEM_NOT_PUBLISHED',
      ['ITEM_NOT_PUBLISHED'],
    ],
    [
      'of an item of other months',
      { ...PRODUCT, items: [{ ...ITEM, months: 1 }] },
      {},
      'ITEM_NOT_PUBLISHED',
      ['ITEM_NOT_PUBLISHED'],
    ],
    [
      'of an item that is not effective yet',
      { ...PRODUCT, items: [{ ...ITEM, effective_at: later(HOUR_MS).toISOString() }] },
      {},
      'ITEM_NOT_EFFECTIVE',
      [],
    ],
  ])('%s is refused before it is saved', async (_, product, change, errcode, alarms) => {
    const ports = await open(weixinDesk(), { product });
    const { code: _code, ...plain } = request;
    const asked = 'code' in change ? plain : { ...plain, code: OPENID };
    expect(await createOrder(ports, TERMS, asked)).toMatchObject({ kind: 'refusal', errcode });
    expect(opened.documents('orders')).toEqual([]);
    expect(codes()).toEqual(alarms);
  });

  test.each([
    [40029, 'LOGIN_CODE_INVALID'],
    [40163, 'LOGIN_CODE_INVALID'],
  ])('is not signed under a code that WeChat refuses with %i', async (errcode, expected) => {
    const ports = await open(weixinDesk({ login: () => ({ errcode, errmsg: 'code' }) }));
    const payment = await ports.channelOf(order).paymentFor(order, { code: 'code' });
    expect(payment).toMatchObject({ kind: 'refusal', errcode: expected });
  });

  test('is not signed for a shopper whom WeChat does not let log in, and that is a reason of its own', async () => {
    const ports = await open(weixinDesk({ login: () => ({ errcode: 40226, errmsg: 'high risk' }) }));
    const payment = await ports.channelOf(order).paymentFor(order, { code: 'code' });
    expect(payment).toMatchObject({ kind: 'refusal', errcode: 'LOGIN_BLOCKED' });
  });

  test.each([
    ['none, as of an old page', undefined, 'INVALID_PARAMETERS'],
    ['an empty one, as of a page that has none yet', '', 'LOGIN_CODE_INVALID'],
  ])('asks for a code where there is %s', async (_, code, errcode) => {
    const desk = weixinDesk();
    const ports = await open(desk);
    expect(await ports.channelOf(order).paymentFor(order, { code })).toMatchObject({ errcode });
    const { code: _code, ...plain } = request;
    const asked = code === undefined ? plain : { ...plain, code };
    expect(await createOrder(ports, TERMS, asked)).toMatchObject({ errcode });
    expect(desk.asked).toEqual([]);
    expect(opened.documents('orders')).toEqual([]);
  });

  test.each([
    [-1, 'UNKNOWN'],
    [45011, 'PATIENCE'],
    [40125, 'MISCONFIGURED'],
    [40164, 'MISCONFIGURED'],
    [40013, 'MISCONFIGURED'],
  ])('is unclear, not refused, where code2Session fails with %i', async (errcode, code) => {
    const ports = await open(weixinDesk({ login: () => ({ errcode, errmsg: 'words' }) }));
    const failed = ports.channelOf(order).paymentFor(order, { code: 'code' });
    await expect(failed).rejects.toMatchObject({ code });
  });
});

describe('every refusal of query_order, in the rules’ words', () => {
  test.each([
    [-1, 'UNKNOWN'],
    [268490003, 'MISCONFIGURED'],
    [268490009, 'UNKNOWN'],
    [268490011, 'UNKNOWN'],
    [268490012, 'UNKNOWN'],
    [268490014, 'UNKNOWN'],
    [268490015, 'PATIENCE'],
    [268490016, 'UNKNOWN'],
    [268490004, 'REFUSED'],
    [40001, 'MISCONFIGURED'],
    [48001, 'MISCONFIGURED'],
  ])('%i is %s', async (errcode, code) => {
    const ports = await open(weixinDesk({ query: () => ({ errcode, errmsg: 'words' }) }));
    await expect(ports.channelOf(order).query(order)).rejects.toMatchObject({ code });
  });
});

describe('the timer', () => {
  test('settles a paid order, says that it was delivered, and asks no more', async () => {
    const desk = weixinDesk({ query: (id) => queried(id, { status: 2 }) });
    const ports = await open(desk);
    await opened.add(order);
    expect(await sweep(ports)).toMatchObject({ asked: 1, settled: 1, failed: 0, complete: true });
    expect(opened.documents('orders')).toMatchObject([{ trade_state: 'SUCCESS', next_query_at: null }]);
    expect(desk.count('/xpay/notify_provide_goods')).toBe(1);
  });

  test('keeps what Apple was paid with beside what the order stores', async () => {
    const ports = await open(weixinDesk({ query: (id) => queried(id, { status: 4, order_type: 7 }) }));
    await opened.add(order);
    await sweep(ports);
    expect(opened.documents('orders')).toMatchObject([
      { trade_state: 'SUCCESS', virtualpay: { ...VIRTUALPAY_FIELDS, apple: true } },
    ]);
  });

  test('leaves an unpaid order open after its end, hourly for a day, then daily, and closes it after seven', async () => {
    const ports = await open(weixinDesk());
    await opened.add(order);
    const asks: number[] = [];
    for (let due = order.next_query_at; due; due = stored().next_query_at) {
      asks.push(due.getTime() - order.time_expire.getTime());
      await sweepAt(ports, due);
    }
    expect(asks.filter((at) => at > 0 && at <= DAY_MS)).toHaveLength(24);
    expect(asks.filter((at) => at > DAY_MS)).toEqual([2, 3, 4, 5, 6, 7].map((days) => days * DAY_MS));
    expect(stored().trade_state).toBe('CLOSED');
  });

  test('closes an order at once that WeChat says is closed', async () => {
    const ports = await open(weixinDesk({ query: (id) => queried(id, { status: 6 }) }));
    await opened.add(order);
    await sweep(ports);
    expect(stored()).toMatchObject({ trade_state: 'CLOSED', next_query_at: null });
  });

  test('asks no more for now where WeChat asks for patience, and goes on with WeChat Pay', async () => {
    const query = () => ({ errcode: 268490015, errmsg: 'too often' });
    const desk = weixinDesk({ query });
    const ports = await open(desk);
    const many = 3 * SWEEP_QUESTIONS;
    for (let n = 0; n < many; n++) {
      await opened.add(virtualOrder({ _id: `v${String(n).padStart(31, '0')}`, next_query_at: later(n) }));
      await opened.add(sampleOrder({ _id: `w${String(n).padStart(31, '0')}`, next_query_at: later(n) }));
    }
    expect(await sweep(ports)).toMatchObject({ asked: many, complete: false });
    expect(desk.count('/xpay/query_order')).toBeLessThanOrEqual(SWEEP_QUESTIONS);
    expect(opened.asked()).toHaveLength(many);
  });

  test('raises an alarm for what is not documented, and changes nothing', async () => {
    const ports = await open(weixinDesk({ query: (id) => queried(id, { status: 9 }) }));
    await opened.add(order);
    await sweep(ports);
    expect(stored().trade_state).toBe('NOTPAY');
    expect(codes()).toEqual(['PAYMENT_STATE_UNKNOWN']);
  });

  test('holds a payment of another sum', async () => {
    const ports = await open(weixinDesk({ query: (id) => queried(id, { status: 2, order_fee: 1 }) }));
    await opened.add(order);
    await sweep(ports);
    expect(stored()).toMatchObject({ trade_state: 'NOTPAY', held: true });
    expect(codes()).toEqual(['AMOUNT_MISMATCH']);
  });
});

describe('an order of the env that the functions do not have', () => {
  test('is not asked about: a human is called', async () => {
    const desk = weixinDesk();
    const ports = await open(desk);
    const by_channel = { virtualpay: { ...VIRTUALPAY_FIELDS, env: 1 } };
    await opened.add(virtualOrder({ by_channel, next_query_at: NOW }));
    expect(await sweep(ports)).toMatchObject({ asked: 0, failed: 1 });
    expect(codes()).toEqual(['MERCHANT_CHANGED']);
    expect(desk.asked).toEqual([]);
  });
});

describe('what a human must know is said once, and ends', () => {
  test('an order of the sandbox is closed seven days after its end, once the shop is live', async () => {
    const by_channel = { virtualpay: { ...VIRTUALPAY_FIELDS, env: 1 } };
    const ports = await open(weixinDesk(), { now: later(9 * DAY_MS) });
    await opened.add(virtualOrder({ by_channel, next_query_at: later(9 * DAY_MS) }));
    await sweep(ports);
    expect(stored()).toMatchObject({ trade_state: 'CLOSED', next_query_at: null });
    expect(codes()).toEqual(['MERCHANT_CHANGED']);
  });

  test('what WeChat calls its request is logged beside the failure, and not in the alarm', async () => {
    const errmsg = 'openid rid: 65f0a1b2-3c4d5e6f-1a2b3c4d';
    const logged = { rid: '65f0a1b2-3c4d5e6f-1a2b3c4d', message: expect.not.stringContaining('rid') };
    for (const [errcode, fact] of [
      [48001, 'order.query_failed'],
      [268490001, 'order.unclear'],
    ] as const) {
      const ports = await open(weixinDesk({ query: () => ({ errcode, errmsg }) }));
      await opened.add(order);
      await sweep(ports);
      expect(opened.logged).toContainEqual([fact, expect.objectContaining(logged)]);
      expect(JSON.stringify(opened.documents('alarms'))).not.toContain('65f0a1b2');
      await opened.close();
    }
    const deliver = () => ({ errcode: -1, errmsg });
    const ports = await open(weixinDesk({ query: (id) => queried(id, { status: 2 }), deliver }));
    await opened.add(order);
    await sweep(ports);
    expect(opened.logged).toContainEqual(['order.delivery_not_marked', expect.objectContaining(logged)]);
  });

  test('an order of null is no order, whatever words stand beside it', async () => {
    const query = () => ({ errcode: 268490002, errmsg: 'data not exist', order: null });
    const ports = await open(weixinDesk({ query }));
    await opened.add(order);
    expect(await sweep(ports)).toMatchObject({ asked: 1, failed: 0 });
    expect(codes()).toEqual([]);
  });

  test('two refusals that differ in their request id are one alarm', async () => {
    let n = 0;
    const query = () => ({ errcode: 48001, errmsg: `api unauthorized rid: 6${n++}-a-b` });
    const ports = await open(weixinDesk({ query }));
    await opened.add(order, virtualOrder({ _id: '1'.repeat(32), next_query_at: NOW }));
    await sweep(ports);
    expect(codes()).toEqual(['MERCHANT_MISCONFIGURED']);
  });

  test.each([
    ['an answer of another shape', (id: string) => queried(id, { env_type: '1' })],
    ['a shopper who does not exist', () => ({ errcode: 268490001, errmsg: 'openid' })],
    ['status 9', (id: string) => queried(id, { status: 9 })],
  ])('%s closes no order: asked about for seven days, it is left as it is', async (_, query) => {
    const ports = await open(weixinDesk({ query }), { now: later(6 * DAY_MS) });
    await opened.add(virtualOrder({ next_query_at: later(6 * DAY_MS) }));
    expect(await sweep(ports)).toMatchObject({ failed: 0 });
    const end = order.time_expire.getTime();
    expect(stored()).toMatchObject({ trade_state: 'NOTPAY', next_query_at: new Date(end + 6 * DAY_MS) });
    await sweepAt(ports, new Date(end + 7 * DAY_MS));
    expect(stored()).toMatchObject({ trade_state: 'NOTPAY', next_query_at: null, held: false });
    expect(codes()).toEqual(['PAYMENT_STATE_UNKNOWN']);
  });

  test('one that is left as it is still books what WeChat says, once somebody asks', async () => {
    const answers = [{ status: 9 }, { status: 2 }];
    const query = (id: string) => queried(id, answers.shift());
    const ports = await open(weixinDesk({ query }), { now: later(9 * DAY_MS) });
    await opened.add(virtualOrder({ next_query_at: later(9 * DAY_MS) }));
    await sweep(ports);
    await opened.clock.advance(MINUTE_MS);
    expect(await check(ports, which)).toMatchObject({ trade_state: 'SUCCESS' });
  });

  test('nothing is signed where no token can be had to ask about it', async () => {
    const desk = weixinDesk({ token: () => ({ errcode: 40164, errmsg: 'invalid ip 1.2.3.4' }) });
    const ports = await open(desk);
    const failed = ports.channelOf(order).paymentFor(order, { code: OPENID });
    await expect(failed).rejects.toMatchObject({ code: 'MISCONFIGURED' });
    expect(desk.count('/sns/jscode2session')).toBe(0);
  });
});

describe('an order made under another OfferID', () => {
  const PAID = (id: string) => queried(id, { status: 2 });

  test('is not asked about under the key of this one: a human is called', async () => {
    const desk = weixinDesk({ query: PAID });
    const ports = await open(desk, { virtualpay: { offer_id: '1450000001' } });
    await opened.add(order);
    expect(await sweep(ports)).toMatchObject({ asked: 0, failed: 1 });
    expect(opened.documents('alarms')).toMatchObject([
      { code: 'MERCHANT_CHANGED', message: expect.stringContaining('1450000000') },
    ]);
    expect(desk.asked).toEqual([]);
  });

  test('is not closed when no money is expected any more, since nobody could ask: its alarm stays', async () => {
    const desk = weixinDesk();
    const ports = await open(desk, { now: later(9 * DAY_MS), virtualpay: { offer_id: '1450000001' } });
    await opened.add(virtualOrder({ next_query_at: later(9 * DAY_MS) }));
    await sweep(ports);
    expect(stored()).toMatchObject({ trade_state: 'NOTPAY', next_query_at: null });
    expect(codes()).toEqual(['MERCHANT_CHANGED']);
  });

  test('is answered as it is to its page, and settled once the OfferID is set back', async () => {
    const ports = await open(weixinDesk({ query: PAID }), { virtualpay: { offer_id: '1450000001' } });
    await opened.add(order);
    expect(await check(ports, which)).toMatchObject({ trade_state: 'NOTPAY' });
    await opened.close();
    const again = await open(weixinDesk({ query: PAID }));
    await opened.add(order);
    expect(await check(again, which)).toMatchObject({ trade_state: 'SUCCESS' });
  });
});

describe('one way to pay that cannot be asked', () => {
  const NEXT = later(0);
  const ofWeChatPay = (n: number) =>
    sampleOrder({ _id: `w${String(n).padStart(31, '0')}`, next_query_at: NEXT });

  test('leaves its orders untouched, calls a human once, and stops no other', async () => {
    const desk = weixinDesk({ query: (id) => queried(id, { status: 2 }) });
    const ports = await open(desk, { wechatpay: { problem: 'WECHAT_PAY_API_KEY is missing' } });
    const many = 3 * SWEEP_QUESTIONS;
    for (let n = 0; n < many; n++) await opened.add(ofWeChatPay(n));
    await opened.add(order);
    expect(await sweep(ports)).toMatchObject({ asked: 1, settled: 1, failed: 1, complete: false });
    const left = opened.documents('orders').filter(({ _id }) => _id !== order._id);
    expect(left.every(({ query_count }) => query_count === 0)).toBe(true);
    expect(new Set(left.map((each) => Number(each.next_query_at)))).toEqual(new Set([Number(NEXT)]));
    expect(opened.documents('alarms')).toMatchObject([
      {
        code: 'MERCHANT_MISCONFIGURED',
        subject: 'CONFIGURATION_WRONG',
        message: 'WeChat Pay cannot be asked: WECHAT_PAY_API_KEY is missing.',
      },
    ]);
  });

  test('of one mini-program stops no order of another, which has a secret of its own', async () => {
    const token = ({ appid }: { appid: string }) =>
      appid === order.appid
        ? { access_token: ACCESS_TOKEN, expires_in: 7200 }
        : { errcode: 40125, errmsg: 'secret' };
    const desk = weixinDesk({ token, query: (id) => queried(id, { status: 2 }) });
    const ports = await open(desk);
    for (let n = 0; n < 2 * SWEEP_QUESTIONS; n++) {
      const _id = `a${String(n).padStart(31, '0')}`;
      await opened.add(virtualOrder({ _id, appid: 'wx0000000000000001', next_query_at: NEXT }));
    }
    await opened.add(order);
    expect(await sweep(ports)).toMatchObject({ settled: 1, complete: false });
    expect(desk.count('/cgi-bin/stable_token')).toBeLessThanOrEqual(SWEEP_QUESTIONS + 1);
  });
});

describe('the mark of delivery', () => {
  /** WeChat takes no mark for so long after NOW, and says status 2 until it has one. */
  function deskThatRefuses(forMs: number, errcode = -1) {
    let isMarked = false;
    const deliver = () => {
      if (opened.clock.now().getTime() - NOW.getTime() < forMs) return { errcode, errmsg: 'no' };
      isMarked = true;
      return { errcode: 0, errmsg: 'OK' };
    };
    const desk = weixinDesk({ query: (id) => queried(id, { status: isMarked ? 4 : 2 }), deliver });
    return { ...desk, isMarked: () => isMarked };
  }

  /** Runs the timer whenever the order is due, up to fifty times. */
  async function runOn(ports: OpenPorts['ports']): Promise<number[]> {
    const runs: number[] = [];
    for (let due = stored().next_query_at; due && runs.length < 50; due = stored().next_query_at) {
      runs.push(due.getTime() - NOW.getTime());
      await sweepAt(ports, due);
    }
    return runs;
  }

  test('that WeChat does not take is said again until it does, and the order is booked meanwhile', async () => {
    const desk = deskThatRefuses(HOUR_MS);
    const ports = await open(desk);
    await opened.add(order);
    const runs = await runOn(ports);
    expect(stored()).toMatchObject({ trade_state: 'SUCCESS', undelivered_since: null, next_query_at: null });
    expect(desk.isMarked()).toBe(true);
    expect(runs.map((ms) => ms / MINUTE_MS)).toEqual([0, 5, 10, 20, 40, 80]);
    expect(opened.logged.map(([fact]) => fact)).toEqual(Array(5).fill('order.delivery_not_marked'));
    expect(codes()).toEqual([]);
  });

  test('that WeChat never takes is given up after a week, and left to a human', async () => {
    const ports = await open(deskThatRefuses(Number.POSITIVE_INFINITY));
    await opened.add(order);
    const runs = await runOn(ports);
    expect(runs.length).toBeLessThan(15);
    expect(runs.at(-1)).toBeGreaterThan(7 * DAY_MS);
    expect(stored()).toMatchObject({ trade_state: 'SUCCESS', next_query_at: null });
    expect(codes()).toEqual(['DELIVERY_NOT_MARKED']);
  });

  test('that is refused for want of a permission calls a human, and delays no other order', async () => {
    const desk = deskThatRefuses(Number.POSITIVE_INFINITY, 48001);
    const ports = await open(desk);
    const many = 3 * SWEEP_QUESTIONS;
    for (let n = 0; n < many; n++)
      await opened.add(virtualOrder({ _id: `v${String(n).padStart(31, '0')}`, next_query_at: NOW }));
    expect(await sweep(ports)).toMatchObject({ asked: many, settled: many, complete: true });
    expect(codes()).toEqual(['MERCHANT_MISCONFIGURED']);
  });

  test('is said by the timer where whoever settled the order ended before', async () => {
    const desk = deskThatRefuses(0);
    const ports = await open(desk);
    await opened.add(virtualOrder({ trade_state: 'SUCCESS', undelivered_since: NOW, next_query_at: NOW }));
    await sweep(ports);
    expect(desk.isMarked()).toBe(true);
    expect(stored()).toMatchObject({ undelivered_since: null, next_query_at: null });
  });

  test('is said although a part was given back before anybody asked', async () => {
    let isMarked = false;
    const deliver = () => {
      isMarked = true;
      return { errcode: 0, errmsg: 'OK' };
    };
    const query = (id: string) => queried(id, { status: 5, left_fee: 1000, refund_fee: 3800 });
    const ports = await open(weixinDesk({ query, deliver }));
    await opened.add(order);
    await runOn(ports);
    expect(isMarked).toBe(true);
    expect(stored()).toMatchObject({ trade_state: 'SUCCESS', undelivered_since: null });
  });

  test('of an order that was given back wholly is over: nobody asks about it for ever', async () => {
    const desk = weixinDesk({ query: (id) => queried(id, { status: 5, left_fee: 0, refund_fee: 4800 }) });
    const ports = await open(desk);
    await opened.add(virtualOrder({ trade_state: 'SUCCESS', undelivered_since: NOW, next_query_at: NOW }));
    await runOn(ports);
    expect(stored()).toMatchObject({ trade_state: 'REFUND', next_query_at: null });
    expect(desk.count('/xpay/query_order')).toBeLessThan(10);
  });

  test('is not said twice where the event did it meanwhile', async () => {
    const desk = weixinDesk({ query: (id) => queried(id, { status: 4 }) });
    const ports = await open(desk);
    await opened.add(virtualOrder({ trade_state: 'SUCCESS', undelivered_since: NOW, next_query_at: NOW }));
    await sweep(ports);
    expect(desk.count('/xpay/notify_provide_goods')).toBe(0);
    expect(stored()).toMatchObject({ undelivered_since: null, next_query_at: null });
  });
});

describe('a question that fails', () => {
  /** When the order is due after each run, in minutes after its end; every question fails. */
  async function restsFrom(hours: number, runs: number): Promise<number[]> {
    const ports = await open(weixinDesk({ query: () => ({ errcode: -1, errmsg: 'busy' }) }));
    const at = new Date(order.time_expire.getTime() + hours * HOUR_MS);
    await opened.add(virtualOrder({ next_query_at: at }));
    const rests: number[] = [];
    for (let run = 0; run < runs; run++) {
      await sweepAt(ports, stored().next_query_at ?? at);
      rests.push((Number(stored().next_query_at) - at.getTime()) / MINUTE_MS);
    }
    return rests;
  }

  test('within a day of the end is repeated soon, ever more seldom, and with the next regular one at the latest', async () => {
    expect(await restsFrom(3, 6)).toEqual([5, 10, 20, 40, 60, 65]);
  });

  test('later is repeated soon as well, and not only on the next day', async () => {
    expect(await restsFrom(72, 10)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440]);
  });

  test('does not move the regular ones', async () => {
    const answers = [{ errcode: -1, errmsg: 'busy' }, NO_ORDER];
    const ports = await open(weixinDesk({ query: () => answers.shift() ?? NO_ORDER }));
    const at = new Date(order.time_expire.getTime() + 72 * HOUR_MS);
    await opened.add(virtualOrder({ next_query_at: at }));
    await sweepAt(ports, at);
    await sweepAt(ports, stored().next_query_at ?? at);
    expect(stored().next_query_at).toEqual(new Date(at.getTime() + DAY_MS));
  });
});

describe('an order without what its channel keeps with it', () => {
  test('calls a human, is put off, and stops no other', async () => {
    const desk = weixinDesk({ query: (id) => queried(id, { status: 2 }) });
    const ports = await open(desk);
    const broken = 'b'.repeat(32);
    await opened.add(virtualOrder({ _id: broken, by_channel: {}, next_query_at: later(0) }), order);
    expect(await sweep(ports)).toMatchObject({ settled: 1, failed: 1, complete: true });
    const [left] = opened.documents('orders').filter(({ _id }) => _id === broken);
    expect(left).toMatchObject({ trade_state: 'NOTPAY', next_query_at: later(20 * MINUTE_MS) });
    expect(opened.documents('alarms')).toMatchObject([
      {
        code: 'MERCHANT_MISCONFIGURED',
        subject: 'ORDER_UNREADABLE',
        message: expect.stringContaining(broken),
      },
    ]);
    const due: number[] = [];
    for (let run = 0; run < 40; run++) {
      const [{ next_query_at } = {}] = opened.documents('orders').filter(({ _id }) => _id === broken);
      due.push(Number(next_query_at));
      await sweepAt(ports, new Date(Number(next_query_at)));
    }
    expect(due.at(-1)).toBeGreaterThan(later(10 * DAY_MS).getTime());
    expect(codes()).toHaveLength(1);
  });
});

describe('the shopper', () => {
  test('asks, and late money settles', async () => {
    const ports = await open(weixinDesk({ query: (id) => queried(id, { status: 3 }) }), {
      now: later(2 * DAY_MS),
    });
    await opened.add(order);
    expect(await check(ports, which)).toMatchObject({ trade_state: 'SUCCESS' });
  });

  test('gives an order up: nobody closes it, and it is asked about as before', async () => {
    const desk = weixinDesk({ query: () => NO_ORDER });
    const ports = await open(desk);
    const next_query_at = later(20 * MINUTE_MS);
    await opened.add(virtualOrder({ next_query_at }));
    expect(await cancel(ports, which)).toMatchObject({ cancelled_at: NOW, trade_state: 'NOTPAY' });
    expect(stored().next_query_at).toEqual(next_query_at);
  });

  test('pays a new order in the place of one that was never opened, or is open', async () => {
    for (const query of [() => NO_ORDER, (id: string) => queried(id, { status: 1 })]) {
      const ports = await open(weixinDesk({ query }));
      await createOrder(ports, TERMS, request);
      const next = { ...request, request_id: 'request-000000000002', supersedes: request.request_id };
      expect(await createOrder(ports, TERMS, next)).toMatchObject({ kind: 'payable' });
      await opened.close();
    }
    opened = await openPorts();
  });

  const bought = { ...request, request_id: 'request-000000000002', supersedes: request.request_id };

  test.each([
    ['asked about, and not paid', 1],
    ['never opened', 0],
  ])(
    'buys again after giving up an order that can still be paid (%s): the two are linked',
    async (_, status) => {
      const said = { status };
      const query = (id: string) => (said.status ? queried(id, said) : NO_ORDER);
      const ports = await open(weixinDesk({ query }));
      const placed = await createOrder(ports, TERMS, request);
      if (placed.kind === 'refusal') throw new Error(placed.errcode);
      const first = placed.order._id;
      await cancel(ports, { openid: OPENID, out_trade_no: first });
      const again = await createOrder(ports, TERMS, bought);
      if (again.kind === 'refusal') throw new Error(again.errcode);
      expect(again.order).toMatchObject({ supersedes: first });
      const [cancelled] = opened.documents('orders').filter(({ _id }) => _id === first);
      expect(cancelled).toMatchObject({ superseded_by: again.order._id, cancelled_at: NOW });
      // The cashier of the first was open all the while, and both are paid.
      said.status = 2;
      await opened.clock.advance(MINUTE_MS);
      for (const out_trade_no of [first, again.order._id])
        expect(await check(ports, { openid: OPENID, out_trade_no })).toMatchObject({
          trade_state: 'SUCCESS',
        });
      expect(codes()).toEqual(['PAID_TWICE']);
    },
  );

  test('does not pay twice: the order that was given up is paid', async () => {
    const said = { status: 1 };
    const ports = await open(weixinDesk({ query: (id) => queried(id, said) }));
    const placed = await createOrder(ports, TERMS, request);
    if (placed.kind === 'refusal') throw new Error(placed.errcode);
    await cancel(ports, { openid: OPENID, out_trade_no: placed.order._id });
    said.status = 2;
    expect(await createOrder(ports, TERMS, bought)).toMatchObject({ errcode: 'ORDER_PAID' });
  });

  test('does not pay twice: the order in whose place the new one was to come is paid', async () => {
    const ports = await open(weixinDesk({ query: (id) => queried(id, { status: 2 }) }));
    await createOrder(ports, TERMS, request);
    const next = { ...request, request_id: 'request-000000000002', supersedes: request.request_id };
    expect(await createOrder(ports, TERMS, next)).toMatchObject({ errcode: 'ORDER_PAID' });
  });
});

test('no session_key, code, token or key is stored or logged', async () => {
  const desk = weixinDesk({ query: (id) => queried(id, { status: 2 }) });
  const ports = await open(desk);
  const placed = await createOrder(ports, TERMS, { ...request, code: 'a-code-of-wx-login' });
  if (placed.kind === 'refusal') throw new Error(placed.errcode);
  await ports.channelOf(placed.order).paymentFor(placed.order, { code: 'a-code-of-wx-login' });
  await check(ports, { openid: OPENID, out_trade_no: placed.order._id });
  const kept = JSON.stringify([
    ...['orders', 'users', 'alarms', 'products'].map((name) => opened.documents(name)),
    opened.logged,
  ]);
  for (const secret of [
    SESSION_KEY,
    ACCESS_TOKEN,
    'a-code-of-wx-login',
    'demo-live-appkey',
    '0123456789abcdef0123456789abcdef',
  ])
    expect(kept).not.toContain(secret);
});

/** Runs the timer at a moment. */
async function sweepAt(ports: OpenPorts['ports'], at: Date) {
  await opened.clock.advance(at.getTime() - opened.clock.now().getTime());
  return sweep({ ...ports, deadline: new Date(at.getTime() + MINUTE_MS) });
}

/** The order as it is stored. */
function stored(): { next_query_at: Date | null; trade_state: string } {
  const [document] = opened.documents('orders');
  return { next_query_at: null, trade_state: '', ...document };
}
