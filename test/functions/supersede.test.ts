import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { storedOrder } from '../../cloudfunctions/_shared/cloud/database/stores/stored-order.ts';
import type { CreateOrderAnswer } from '../../cloudfunctions/_shared/contract.ts';
import { type Order, outTradeNo } from '../../cloudfunctions/_shared/order/order.ts';
import { ENV_ID, MERCHANT } from '../../scripts/local/local-world.ts';
import { changeDocument } from '../e2e/documents.ts';
import { sampleOrder, WECHATPAY_FIELDS } from '../order/samples.ts';
import { MINUTE_MS, openShop, type Shop, type Shopper, TIMER_MS } from './shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});
afterEach(() => {
  shop.wechatpay.faults.clear();
  shop.cloud.faults.clear();
});
afterAll(() => shop.close());

const ORDERQUERY = '/pay/orderquery';
const UNIFIEDORDER = '/pay/unifiedorder';

/** A shopper with an unpaid order, and the request that takes its place. */
async function unpaid() {
  const shopper = shop.newShopper();
  const request = shop.newRequest();
  const before = await shop.place(shopper, request);
  return { shopper, before, number: before.order.out_trade_no, request, next: nextOf(request.request_id) };
}

function nextOf(request_id: string) {
  return { ...shop.newRequest(), supersedes: request_id };
}

function ordersOf({ openid }: Shopper) {
  return shop.cloud.documents('orders').filter(({ _openid }) => _openid === openid);
}

async function placed(shopper: Shopper, request: object): Promise<CreateOrderAnswer> {
  const answer = await shop.createOrder(shopper, request);
  if ('errcode' in answer) throw new Error(`${answer.errcode}: ${answer.errmsg}`);
  return answer;
}

/** Puts an order in the database as it is there from an earlier day. */
async function insertOrder(shopper: Shopper, request_id: string, change: Partial<Order>): Promise<string> {
  const { openid, appid } = shopper;
  const _id = outTradeNo({ environment: ENV_ID, appid, openid, request_id });
  const times = { created_at: shop.clock.now(), time_start: shop.clock.now() };
  const time_expire = new Date(shop.clock.now().getTime() + 30 * MINUTE_MS);
  const notify_url = `${shop.gateway.url}/payNotify`;
  const by_channel = { wechatpay: { ...WECHATPAY_FIELDS, notify_url } };
  const merchant = { appid, mch_id: MERCHANT.mch_id, by_channel };
  const order = { ...sampleOrder(), ...times, time_expire, ...merchant, _id, _openid: openid, request_id };
  await shop.cloud.insert('orders', storedOrder({ ...order, ...change }));
  return _id;
}

describe('an order that takes the place of another', () => {
  test('is paid instead of it: the other gets no more signatures, and is closed when it is old enough', async () => {
    const { shopper, number, request, next } = await unpaid();
    const anew = await placed(shopper, next);
    expect(shop.stored(anew.order.out_trade_no)).toMatchObject({ supersedes: number, trade_state: 'NOTPAY' });
    expect(shop.stored(number)).toMatchObject({
      superseded_by: anew.order.out_trade_no,
      cancelled_at: expect.any(Date),
      trade_state: 'NOTPAY',
    });
    expect(shop.asked(ORDERQUERY, number)).toBe(1);
    expect(await shop.createOrder(shopper, request)).toMatchObject({ errcode: 'ORDER_CLOSED' });

    shop.pay(shopper, anew);
    await shop.clock.advance(6 * MINUTE_MS + TIMER_MS);
    expect(shop.atWeChat(number)).toBe('CLOSED');
    expect(shop.stored(number).trade_state).toBe('CLOSED');
    expect(shop.stored(anew.order.out_trade_no).trade_state).toBe('SUCCESS');
    expect(shop.alarms(anew.order.out_trade_no)).toEqual([]);
  });

  test('needs no room among the five', async () => {
    const { shopper, request } = await unpaid();
    for (let order = 1; order < 5; order++) await shop.place(shopper);
    expect(await shop.createOrder(shopper, shop.newRequest())).toHaveProperty(
      'errcode',
      'TOO_MANY_UNPAID_ORDERS',
    );
    await placed(shopper, nextOf(request.request_id));
  });

  test('is one order, asked for twenty times at once', async () => {
    const { shopper, number, next } = await unpaid();
    const answers = await Promise.all(Array.from({ length: 20 }, () => placed(shopper, next)));
    const [out_trade_no, ...others] = new Set(answers.map(({ order }) => order.out_trade_no));
    expect(others).toEqual([]);
    expect(shop.stored(number).superseded_by).toBe(out_trade_no);
    expect(ordersOf(shopper)).toHaveLength(2);
  });

  test('is not ordered at a price that the shopper did not see, and the other stays', async () => {
    const { shopper, number, next } = await unpaid();
    const answer = await shop.createOrder(shopper, { ...next, expected_total_fee: 4700 });
    expect(answer).toMatchObject({ errcode: 'PRICE_CHANGED', total_fee: 4800 });
    expect(shop.stored(number).cancelled_at).toBeNull();
    expect(shop.asked(ORDERQUERY, number)).toBe(0);
  });

  test.each([
    ['malformed', { supersedes: 'short' }],
    ['its own', { request_id: 'request-of-its-own-1', supersedes: 'request-of-its-own-1' }],
    ['null', { supersedes: null }],
    ['an operator', { supersedes: { $ne: null } }],
  ])('is not ordered when the request_id it supersedes is %s', async (_, change) => {
    const shopper = shop.newShopper();
    const answer = await shop.createOrder(shopper, { ...shop.newRequest(), ...change });
    expect(answer).toMatchObject({
      errcode: 'INVALID_PARAMETERS',
      errmsg: expect.stringMatching('supersedes'),
    });
    expect(ordersOf(shopper)).toEqual([]);
  });
});

describe('the order whose place is to be taken', () => {
  test('is paid already: that is said, and nothing is ordered', async () => {
    const { shopper, before, number, next } = await unpaid();
    shop.paySilently(shopper, before);
    const answer = await shop.createOrder(shopper, next);
    expect(answer).toMatchObject({ errcode: 'ORDER_PAID', out_trade_no: number });
    expect(shop.stored(number)).toMatchObject({ trade_state: 'SUCCESS', cancelled_at: null });
    expect(shop.membership(shopper)).toBeDefined();
    expect(ordersOf(shopper)).toHaveLength(1);
  });

  test('is under review: that is said, and nothing is ordered', async () => {
    const shopper = shop.newShopper();
    const next = nextOf('request-under-review');
    const number = await insertOrder(shopper, next.supersedes, { under_review: true, next_query_at: null });
    const answer = await shop.createOrder(shopper, next);
    expect(answer).toMatchObject({ errcode: 'ORDER_HELD', out_trade_no: number });
    expect(ordersOf(shopper)).toHaveLength(1);
  });

  test('is perhaps paid, since WeChat Pay does not say: nothing changes, and the same call can be made again', async () => {
    const { shopper, number, next } = await unpaid();
    shop.wechatpay.faults.add({ kind: 'refuse', err_code: 'SYSTEMERROR', path: ORDERQUERY });
    expect(await shop.createOrder(shopper, next)).toMatchObject({ errcode: 'WECHATPAY_UNAVAILABLE' });
    expect(ordersOf(shopper)).toMatchObject([{ _id: number, cancelled_at: null }]);
    await placed(shopper, next);
  });

  test('is paid between our question and the mark: that is said, and the new one is never sent', async () => {
    const { shopper, number, next } = await unpaid();
    const unhook = shop.wechatpay.hook({
      when: 'after',
      path: ORDERQUERY,
      run: async () => {
        unhook();
        shop.wechatpay.force(MERCHANT.mch_id, number, 'SUCCESS');
        await shop.wechatpay.resendNotice(MERCHANT.mch_id, number);
      },
    });
    for (let time = 0; time < 2; time++) {
      const answer = await shop.createOrder(shopper, next);
      expect(answer).toMatchObject({ errcode: 'ORDER_PAID', out_trade_no: number });
    }
    expect(ordersOf(shopper).map(({ _id }) => shop.atWeChat(String(_id)))).toEqual(['SUCCESS', undefined]);
  });

  test('was paid after it was given up: the new one cannot be paid any more', async () => {
    const { shopper, before, number, next } = await unpaid();
    await placed(shopper, next);
    shop.pay(shopper, before);
    await shop.deliver();
    expect(await shop.createOrder(shopper, next)).toMatchObject({
      errcode: 'ORDER_PAID',
      out_trade_no: number,
    });
  });

  test.each<[string, Partial<Order>]>([
    ['was closed', { trade_state: 'CLOSED', next_query_at: null }],
    ['was cancelled', { cancelled_at: new Date(0) }],
    ['was refunded', { trade_state: 'REFUND', next_query_at: null }],
  ])('%s: there is nothing to give up', async (_, change) => {
    const shopper = shop.newShopper();
    const next = nextOf(`request-${shopper.openid}`);
    const number = await insertOrder(shopper, next.supersedes, change);
    const anew = await placed(shopper, next);
    expect(shop.stored(anew.order.out_trade_no)).not.toHaveProperty('supersedes');
    expect(shop.stored(number)).not.toHaveProperty('superseded_by');
    expect(shop.asked(ORDERQUERY, number)).toBe(0);
  });

  test('is not there, or is another shopper’s: there is nothing to give up', async () => {
    const { number, next } = await unpaid();
    const shopper = shop.newShopper();
    const anew = await placed(shopper, next);
    expect(shop.stored(anew.order.out_trade_no)).not.toHaveProperty('supersedes');
    expect(shop.stored(number)).toMatchObject({ cancelled_at: null });
  });

  test('is of the merchant we were before, whom nobody can ask: it is given up', async () => {
    const shopper = shop.newShopper();
    const next = nextOf('request-of-merchant-before');
    const number = await insertOrder(shopper, next.supersedes, { mch_id: '1230000999' });
    const anew = await placed(shopper, next);
    expect(shop.stored(number)).toMatchObject({ superseded_by: anew.order.out_trade_no });
  });
});

describe('an order that many others were placed after', () => {
  const ago = (minutes: number) => new Date(shop.clock.now().getTime() - minutes * MINUTE_MS);

  /** The order of `request_id`, and forty newer ones that are over, so many minutes old. */
  async function oldOrder(shopper: Shopper, request_id: string, minutes: number): Promise<string> {
    const over = { trade_state: 'CLOSED', next_query_at: null, created_at: ago(minutes) } as const;
    for (let count = 0; count < 40; count++) await insertOrder(shopper, `request-of-the-past-${count}`, over);
    return insertOrder(shopper, request_id, { created_at: ago(minutes + 1) });
  }

  test('is found by its request_id all the same, and no limit refuses it', async () => {
    const shopper = shop.newShopper();
    const request = shop.newRequest();
    const number = await oldOrder(shopper, request.request_id, 30);
    expect((await placed(shopper, request)).order.out_trade_no).toBe(number);
    expect(await shop.createOrder(shopper, shop.newRequest())).toMatchObject({ errcode: 'TOO_MANY_ORDERS' });
  });

  test('gives its place up all the same', async () => {
    const shopper = shop.newShopper();
    const next = nextOf(`request-${shopper.openid}`);
    const number = await oldOrder(shopper, next.supersedes, 70);
    const anew = await placed(shopper, next);
    expect(shop.stored(number).superseded_by).toBe(anew.order.out_trade_no);
  });
});

describe('createOrder is killed after it saved the new order, before it gave the other up', () => {
  const killOnce = () =>
    shop.cloud.faults.add({
      kind: 'kill-after',
      function: 'createOrder',
      collection: 'orders',
      action: 'database.insertDocument',
    });

  test('the same call does it', async () => {
    const { shopper, number, next } = await unpaid();
    killOnce();
    await expect(shop.createOrder(shopper, next)).rejects.toThrow();
    expect(shop.stored(number).cancelled_at).toBeNull();
    const anew = await placed(shopper, next);
    expect(shop.stored(number)).toMatchObject({ superseded_by: anew.order.out_trade_no });
    expect(ordersOf(shopper)).toHaveLength(2);
  });

  test('and the shopper pays the other: the same call says so and signs nothing', async () => {
    const { shopper, before, number, next } = await unpaid();
    killOnce();
    await expect(shop.createOrder(shopper, next)).rejects.toThrow();
    shop.paySilently(shopper, before);
    // Also from its page, which does not say what it supersedes.
    const { supersedes: _, ...fromItsPage } = next;
    for (const request of [fromItsPage, next]) {
      const answer = await shop.createOrder(shopper, request);
      expect(answer).toMatchObject({ errcode: 'ORDER_PAID', out_trade_no: number });
    }
  });
});

describe('both are paid', () => {
  /** Both are honoured, and one alarm about the later one names the earlier. */
  function expectTwice(shopper: Shopper, earlier: string, later: string, orders = 2) {
    const months = ordersOf(shopper).filter(({ trade_state }) => trade_state === 'SUCCESS').length * 3;
    expect(months).toBe(orders * 3);
    expect([shop.alarms(earlier), shop.alarms(later)]).toEqual([[], ['PAID_TWICE']]);
    const [reported] = shop.cloud.documents('alarms').filter(({ subject }) => subject === later);
    expect(reported?.message).toContain(earlier);
  }

  test.each(['the new one first', 'the other first'])(
    '%s: both are honoured, and a human is alerted',
    async (which) => {
      const { shopper, before, next } = await unpaid();
      const anew = await placed(shopper, next);
      const [first, second] = which === 'the new one first' ? [anew, before] : [before, anew];
      shop.pay(shopper, first);
      await shop.deliver();
      shop.pay(shopper, second);
      await shop.deliver();
      expectTwice(shopper, first.order.out_trade_no, second.order.out_trade_no);
    },
  );

  test('though others took each other’s place in between', async () => {
    const { shopper, before, next } = await unpaid();
    await placed(shopper, next);
    const last = await placed(shopper, nextOf(next.request_id));
    shop.pay(shopper, last);
    await shop.deliver();
    shop.pay(shopper, before);
    await shop.deliver();
    expectTwice(shopper, last.order.out_trade_no, before.order.out_trade_no);
  });

  test('though the shopper cancelled the other in the moment of being superseded', async () => {
    const { shopper, before, number, next } = await unpaid();
    const unhook = shop.wechatpay.hook({
      when: 'after',
      path: ORDERQUERY,
      run: async () => {
        unhook();
        await shop.cancelOrder(shopper, number);
      },
    });
    const anew = await placed(shopper, next);
    const { cancelled_at, superseded_by } = shop.stored(number);
    expect({ cancelled_at, superseded_by }).toEqual({
      cancelled_at: expect.any(Date),
      superseded_by: anew.order.out_trade_no,
    });
    shop.pay(shopper, anew);
    await shop.deliver();
    shop.pay(shopper, before);
    await shop.deliver();
    expectTwice(shopper, anew.order.out_trade_no, number);
  });

  test('though the other was cancelled between a lost answer and the repeated call', async () => {
    const { shopper, before, number, next } = await unpaid();
    shop.cloud.faults.add({
      kind: 'kill-after',
      function: 'createOrder',
      collection: 'orders',
      action: 'database.insertDocument',
    });
    await expect(shop.createOrder(shopper, next)).rejects.toThrow();
    await shop.cancelOrder(shopper, number);
    const anew = await placed(shopper, next);
    shop.pay(shopper, anew);
    await shop.deliver();
    shop.pay(shopper, before);
    await shop.deliver();
    expectTwice(shopper, anew.order.out_trade_no, number);
  });

  test('and found by one run of the timer: one of the two settlements reports it', async () => {
    const { shopper, before, number, next } = await unpaid();
    const anew = await placed(shopper, next);
    shop.paySilently(shopper, before);
    shop.paySilently(shopper, anew);
    await shop.clock.advance(6 * MINUTE_MS + TIMER_MS);
    const reported = [number, anew.order.out_trade_no].flatMap((each) => shop.alarms(each));
    expect(reported).toEqual(['PAID_TWICE']);
  });

  test('though one cannot be read any more: that stops no payment', async () => {
    const { shopper, number, next } = await unpaid();
    const anew = await placed(shopper, next);
    await changeDocument(shop.cloud, 'orders', { _id: number, trade_state: 'paid, I think' });
    shop.pay(shopper, anew);
    await shop.deliver();
    expect(shop.stored(anew.order.out_trade_no).trade_state).toBe('SUCCESS');
  });
});

test('an order from before the environment was sent goes on without it', async () => {
  const shopper = shop.newShopper();
  const request = shop.newRequest();
  const notify_url = `${shop.gateway.url}/payNotify`;
  const by_channel = { wechatpay: { ...WECHATPAY_FIELDS, notify_url, prepay_id: null } };
  const unsent = { by_channel, prepaid_at: null };
  const number = await insertOrder(shopper, request.request_id, unsent);
  const answer = await placed(shopper, request);
  expect(shop.asked(UNIFIEDORDER, number)).toBe(1);
  expect(shop.wechatpay.order(MERCHANT.mch_id, number)?.parameters).not.toHaveProperty('attach');
  shop.pay(shopper, answer);
  await shop.deliver();
  expect(shop.stored(number)).toMatchObject({ trade_state: 'SUCCESS' });
});
