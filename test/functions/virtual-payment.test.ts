import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MERCHANT } from '../../scripts/local/local-world.ts';
import { VIRTUAL_PAY } from '../../scripts/local/virtual-world.ts';
import { MINUTE_MS, monthsAfter, type Shopper } from './shop.ts';
import { keptBy, openVirtualShop, sellThrough, VIP_FEE, type VirtualShop } from './virtual-shop.ts';

let shop: VirtualShop;
beforeAll(async () => {
  shop = await openVirtualShop();
});
afterAll(() => shop.close());

const atXpay = (out_trade_no: string) => shop.virtualpay.order(0, out_trade_no)?.status;
const DELIVERED = 4;

/** The token that the functions have too: stable_token gives everybody the same one. */
async function accessToken(): Promise<string> {
  const grant = { grant_type: 'client_credential', appid: MERCHANT.appid, secret: VIRTUAL_PAY.app_secret };
  const url = `${shop.weixinServer.url}/cgi-bin/stable_token`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(grant) });
  return String(Object(await response.json()).access_token);
}

/** The shopper holds vip for so many months from now, give or take what the test itself took. */
function expectVip(shopper: Shopper, months: number): void {
  const expected = monthsAfter(shop.clock.now(), months).getTime();
  expect(Math.abs((shop.vip(shopper)?.getTime() ?? 0) - expected)).toBeLessThan(10 * MINUTE_MS);
}

describe('a purchase', () => {
  test('is placed, paid, settled by its event, and delivered by the answer to it', async () => {
    const shopper = shop.newShopper();
    const placed = await shop.placeVirtual(shopper);
    expect(placed.order).toMatchObject({ channel: 'virtualpay', trade_state: 'NOTPAY', total_fee: VIP_FEE });
    expect(shop.payVirtual(shopper, placed)).toMatchObject({ kind: 'paid' });
    await shop.deliverEvents();
    const { out_trade_no } = placed.order;
    expect(shop.stored(out_trade_no)).toMatchObject({
      trade_state: 'SUCCESS',
      next_query_at: null,
      cash_fee: VIP_FEE,
      transaction_id: expect.any(String),
      expires_at: shop.vip(shopper),
    });
    expectVip(shopper, 1);
    expect(atXpay(out_trade_no)).toBe(DELIVERED);
    expect(shop.alarms(out_trade_no)).toEqual([]);
  });

  test('whose event is lost is found by the timer, which says that it was delivered', async () => {
    const shopper = shop.newShopper();
    const placed = await shop.placeVirtual(shopper);
    shop.payVirtualSilently(shopper, placed);
    await shop.untilAsked();
    expect(shop.stored(placed.order.out_trade_no).trade_state).toBe('SUCCESS');
    expect(atXpay(placed.order.out_trade_no)).toBe(DELIVERED);
    expectVip(shopper, 1);
  });

  test('on an iPhone is the same, and says that Apple has the money', async () => {
    const shopper = shop.newShopper();
    const placed = await shop.placeVirtual(shopper);
    shop.payVirtual(shopper, placed, 'ios');
    await shop.deliverEvents();
    const { out_trade_no } = placed.order;
    const answer = await shop.checkOrder(shopper, out_trade_no);
    expect(answer).toMatchObject({ order: { trade_state: 'SUCCESS', apple: true } });
    const document = shop.cloud.documents('orders').find(({ _id }) => _id === out_trade_no);
    expect(document?.virtualpay).toMatchObject({ apple: true, item_id: `vip_1m_${VIP_FEE}`, env: 0 });
  });

  test('whose event comes twenty times at once is settled and extended once', async () => {
    const shopper = shop.newShopper();
    const placed = await shop.placeVirtual(shopper);
    shop.payVirtualSilently(shopper, placed);
    const { out_trade_no } = placed.order;
    await shop.virtualpay.resendEvent(0, out_trade_no, { times: 20, parallel: true });
    await shop.virtualpay.resendEvent(0, out_trade_no);
    expectVip(shopper, 1);
  });

  test('whose event comes before query_order knows of the money is refused, repeated, and settled then', async () => {
    const shopper = shop.newShopper();
    const placed = await shop.placeVirtual(shopper);
    const { out_trade_no } = placed.order;
    shop.virtualpay.faults.add({ kind: 'hide-payment', ms: 5000, out_trade_no });
    shop.payVirtual(shopper, placed);
    await shop.deliverEvents();
    expect(shop.stored(out_trade_no).trade_state).toBe('NOTPAY');
    await shop.clock.advance(20_000);
    await shop.virtualpay.eventsSettled();
    expect(shop.stored(out_trade_no).trade_state).toBe('SUCCESS');
    expect(atXpay(out_trade_no)).toBe(DELIVERED);
  });

  test('that was given up, or is past its end, is honoured when the money comes late', async () => {
    const shopper = shop.newShopper();
    const placed = await shop.placeVirtual(shopper);
    const phone = { openid: shopper.openid, platform: 'android' } as const;
    const shown = shop.virtualpay.cashDesk.open(placed.payment, phone);
    if (shown.kind === 'failed') throw new Error(shown.errMsg);
    const { out_trade_no } = placed.order;
    const cancelled = await shop.cancelOrder(shopper, out_trade_no);
    expect(cancelled).toMatchObject({ order: { trade_state: 'NOTPAY', cancelled_at: expect.any(String) } });
    await shop.clock.advance(40 * MINUTE_MS);
    expect(shop.stored(out_trade_no).trade_state).toBe('NOTPAY');
    shop.virtualpay.cashDesk.pay(shown.id);
    await shop.deliverEvents();
    expect(shop.stored(out_trade_no).trade_state).toBe('SUCCESS');
    expect(shop.alarms(out_trade_no)).toEqual([]);
  });

  test('that WeChat closed by itself is closed here', async () => {
    const shopper = shop.newShopper();
    const placed = await shop.placeVirtual(shopper);
    const phone = { openid: shopper.openid, platform: 'android' } as const;
    shop.virtualpay.cashDesk.open(placed.payment, phone);
    await shop.clock.advance(125 * MINUTE_MS);
    await shop.checkOrder(shopper, placed.order.out_trade_no);
    expect(shop.stored(placed.order.out_trade_no)).toMatchObject({
      trade_state: 'CLOSED',
      next_query_at: null,
    });
  });
});

describe('the code of wx.login', () => {
  test('is good once: the same call with a new one gives the same order, signed anew', async () => {
    const shopper = shop.newShopper();
    const request = shop.virtualRequest(shopper);
    const first = await shop.createVirtual(shopper, request);
    expect(await shop.createVirtual(shopper, request)).toMatchObject({ errcode: 'LOGIN_CODE_INVALID' });
    const again = await shop.createVirtual(shopper, {
      ...request,
      code: shop.weixin.login(shopper.openid),
    });
    if ('errcode' in first || 'errcode' in again) throw new Error('refused');
    expect(again.order.out_trade_no).toBe(first.order.out_trade_no);
    shop.payVirtual(shopper, again);
    await shop.deliverEvents();
    expect(shop.stored(again.order.out_trade_no).trade_state).toBe('SUCCESS');
  });

  test('empty, it is asked for, and missing, the page is too old: before anything is saved', async () => {
    const shopper = shop.newShopper();
    const { code: _, ...request } = shop.virtualRequest(shopper);
    const empty = { ...request, code: '' };
    expect(await shop.createVirtual(shopper, empty)).toMatchObject({ errcode: 'LOGIN_CODE_INVALID' });
    expect(await shop.createVirtual(shopper, request)).toMatchObject({ errcode: 'INVALID_PARAMETERS' });
    expect(shop.cloud.documents('orders').filter(({ _openid }) => _openid === shopper.openid)).toEqual([]);
  });

  test('expired, or another shopper’s, signs nothing', async () => {
    const shopper = shop.newShopper();
    const request = shop.virtualRequest(shopper);
    await shop.clock.advance(6 * MINUTE_MS);
    expect(await shop.createVirtual(shopper, request)).toMatchObject({ errcode: 'LOGIN_CODE_INVALID' });
    const code = shop.weixin.login(shop.newShopper().openid);
    const answer = await shop.createVirtual(shopper, shop.virtualRequest(shopper, { code }));
    expect(answer).toMatchObject({ errcode: 'LOGIN_CODE_INVALID' });
    expect(answer).not.toHaveProperty('payment');
  });

  test('beside an order of WeChat Pay is ignored', async () => {
    const shopper = shop.newShopper();
    const code = shop.weixin.login(shopper.openid);
    const placed = await shop.place(shopper, { code });
    expect(placed.payment.package).toMatch(/^prepay_id=/);
  });

  test('and the session_key, the keys and the token are stored and logged nowhere', async () => {
    const shopper = shop.newShopper();
    const request = shop.virtualRequest(shopper);
    const placed = await shop.createVirtual(shopper, request);
    if ('errcode' in placed) throw new Error(placed.errcode);
    shop.payVirtual(shopper, placed);
    await shop.deliverEvents();
    shop.weixin.faults.add({ kind: 'refuse', errcode: 40029, path: '/sns/jscode2session' });
    await shop.createVirtual(shopper, shop.virtualRequest(shopper));
    await shop.createVirtual(shopper, { ...shop.virtualRequest(shopper), code: 'x'.repeat(512) });
    const kept = keptBy(shop);
    const session = shop.weixin.sessions.exchange(shop.weixin.login(shopper.openid));
    const secrets = [
      'session_key' in session ? session.session_key : 'none',
      ...[request.code ?? '', 'x'.repeat(512)],
      ...[VIRTUAL_PAY.app_secret, VIRTUAL_PAY.app_keys[0], await accessToken()],
      ...[placed.payment.paySig, placed.payment.signature],
    ];
    for (const secret of secrets) expect(kept).not.toContain(secret);
  });
});

describe('api.weixin.qq.com fails', () => {
  const checkWith = async (fault: Parameters<VirtualShop['weixin']['faults']['add']>[0]) => {
    const shopper = shop.newShopper();
    const { order } = await shop.placeVirtual(shopper);
    const path = '/xpay/query_order';
    const takeBack = shop.weixin.faults.add({ path, count: Number.POSITIVE_INFINITY, ...fault });
    const answer = await shop.checkOrder(shopper, order.out_trade_no);
    takeBack();
    expect(shop.stored(order.out_trade_no).trade_state).toBe('NOTPAY');
    return answer;
  };

  test.each([
    [-1, 'WECHATPAY_UNAVAILABLE'],
    [268490011, 'WECHATPAY_UNAVAILABLE'],
    [268490012, 'WECHATPAY_UNAVAILABLE'],
    [268490014, 'WECHATPAY_UNAVAILABLE'],
    [268490015, 'WECHATPAY_UNAVAILABLE'],
    [268490016, 'WECHATPAY_UNAVAILABLE'],
    [268490009, 'WECHATPAY_UNAVAILABLE'],
    [268490003, 'MERCHANT_MISCONFIGURED'],
    [268490004, 'MERCHANT_MISCONFIGURED'],
    [268490013, 'MERCHANT_MISCONFIGURED'],
    [40001, 'MERCHANT_MISCONFIGURED'],
    [40014, 'MERCHANT_MISCONFIGURED'],
    [42001, 'MERCHANT_MISCONFIGURED'],
    [48001, 'MERCHANT_MISCONFIGURED'],
  ])('query_order with %i: the shopper receives %s, and the order is kept', async (errcode, expected) => {
    expect(await checkWith({ kind: 'refuse', errcode })).toMatchObject({ errcode: expected });
    const isAlarmed = shop.alarms(String(errcode)).includes('MERCHANT_MISCONFIGURED');
    expect(isAlarmed).toBe(expected === 'MERCHANT_MISCONFIGURED');
  });

  test.each<[string, Parameters<typeof checkWith>[0]]>([
    ['a page of HTML', { kind: 'garble', body: 'html' }],
    ['nothing', { kind: 'garble', body: 'empty' }],
    ['a broken connection', { kind: 'break', when: 'before' }],
  ])('query_order with %s: unknown is not failed', async (_, fault) => {
    expect(await checkWith(fault)).toMatchObject({ errcode: 'WECHATPAY_UNAVAILABLE' });
  });

  test('what WeChat calls its request is in the log of the call that failed', async () => {
    await checkWith({ kind: 'refuse', errcode: 48001 });
    const lines = shop.host.logs.filter(({ line }) => line.includes('call.failed')).map(({ line }) => line);
    expect(lines.at(-1)).toMatch(
      /"message":"Virtual payment refused: 48001, api unauthorized\.","rid":"[\w-]+"/,
    );
  });

  test('a token that dies early is fetched again, unseen', async () => {
    const shopper = shop.newShopper();
    const { order } = await shop.placeVirtual(shopper);
    shop.weixin.faults.add({ kind: 'kill-token' });
    expect(await shop.checkOrder(shopper, order.out_trade_no)).toMatchObject({
      order: { trade_state: 'NOTPAY' },
    });
  });

  test.each([
    [-1, 'WECHATPAY_UNAVAILABLE'],
    [40226, 'LOGIN_BLOCKED'],
    [45011, 'WECHATPAY_UNAVAILABLE'],
    [40013, 'MERCHANT_MISCONFIGURED'],
    [40125, 'MERCHANT_MISCONFIGURED'],
    [40164, 'MERCHANT_MISCONFIGURED'],
  ])('code2Session with %i: the shopper receives %s, and the order is kept', async (errcode, expected) => {
    const shopper = shop.newShopper();
    const path = '/sns/jscode2session';
    const takeBack = shop.weixin.faults.add({ kind: 'refuse', errcode, path, count: 2 });
    const request = shop.virtualRequest(shopper);
    expect(await shop.createVirtual(shopper, request)).toMatchObject({ errcode: expected });
    takeBack();
    const code = shop.weixin.login(shopper.openid);
    expect(await shop.createVirtual(shopper, { ...request, code })).toHaveProperty('payment');
  });
});

describe('a code that a client made up', () => {
  test.each([40003, 40029, 41008, 40163, 47001, 50000])(
    'and that code2Session refuses with %i is asked for again, and alarms nobody',
    async (errcode) => {
      const shopper = shop.newShopper();
      const path = '/sns/jscode2session';
      const takeBack = shop.weixin.faults.add({ kind: 'refuse', errcode, path });
      const request = shop.virtualRequest(shopper, { code: '../../etc/passwd?&js_code=x' });
      expect(await shop.createVirtual(shopper, request)).toMatchObject({ errcode: 'LOGIN_CODE_INVALID' });
      takeBack();
      expect(shop.alarms(String(errcode))).toEqual([]);
    },
  );
});

describe('a product changes its channel', () => {
  test('from virtual payment to WeChat Pay: open orders of the old one lose nothing', async () => {
    const shopper = shop.newShopper();
    const request = shop.virtualRequest(shopper);
    const placed = await shop.createVirtual(shopper, request);
    if ('errcode' in placed) throw new Error(placed.errcode);
    const signed = await shop.placeVirtual(shopper);
    await sellThrough(shop, 'vip', 'wechatpay');
    try {
      // The repeated call answers the order as it was placed; a new one is paid the new way.
      const code = shop.weixin.login(shopper.openid);
      expect(await shop.createVirtual(shopper, { ...request, code })).toMatchObject({
        order: { out_trade_no: placed.order.out_trade_no, channel: 'virtualpay' },
        payment: { mode: 'short_series_goods' },
      });
      const anew = await shop.place(shopper, {
        ...{ product_id: 'vip', months: 1, expected_total_fee: VIP_FEE },
        supersedes: request.request_id,
      });
      expect(anew.payment.package).toMatch(/^prepay_id=/);
      shop.payVirtualSilently(shopper, signed);
      await shop.untilAsked();
      expect(shop.stored(signed.order.out_trade_no).trade_state).toBe('SUCCESS');
      shop.pay(shopper, anew);
      await shop.deliver();
      expectVip(shopper, 2);
    } finally {
      await sellThrough(shop, 'vip', 'virtualpay');
    }
  });

  test('from WeChat Pay to virtual payment: open orders of the old one lose nothing', async () => {
    await sellThrough(shop, 'vip', 'wechatpay');
    const shopper = shop.newShopper();
    const request = shop.newRequest({ product_id: 'vip', months: 1, expected_total_fee: VIP_FEE });
    const placed = await shop.place(shopper, request);
    await sellThrough(shop, 'vip', 'virtualpay');
    const again = await shop.createOrder(shopper, request);
    if ('errcode' in again) throw new Error(again.errcode);
    expect(again.payment.package).toBe(placed.payment.package);
    shop.paySilently(shopper, again);
    await shop.checkOrder(shopper, placed.order.out_trade_no);
    const virtual = await shop.placeVirtual(shopper);
    shop.payVirtual(shopper, virtual);
    await shop.deliverEvents();
    expectVip(shopper, 2);
  });
});

describe('the other events', () => {
  async function bought(on: 'android' | 'ios' = 'android') {
    const shopper = shop.newShopper();
    const placed = await shop.placeVirtual(shopper);
    shop.payVirtual(shopper, placed, on);
    await shop.deliverEvents();
    return { shopper, out_trade_no: placed.order.out_trade_no };
  }

  test('a complaint calls a human', async () => {
    const { out_trade_no } = await bought();
    await shop.virtualpay.complain(0, out_trade_no);
    expect(shop.alarms(out_trade_no)).toEqual(['COMPLAINT_RECEIVED']);
  });

  test('a refund that the console made is booked', async () => {
    const { out_trade_no } = await bought();
    shop.virtualpay.refundByHand(0, out_trade_no);
    await shop.clock.advance(2 * MINUTE_MS);
    await shop.virtualpay.eventsSettled();
    expect(shop.stored(out_trade_no).trade_state).toBe('REFUND');
  });

  test('Apple’s question is answered: what was delivered is not to be given back', async () => {
    const { out_trade_no } = await bought('ios');
    expect(await shop.virtualpay.askApple(out_trade_no)).toEqual({
      answer: 'refuse',
      asked: 1,
      isRefunded: false,
    });
  });

  test('Apple’s question about an order whose event is lost is answered by what WeChat says: it is delivered now', async () => {
    const shopper = shop.newShopper();
    const placed = await shop.placeVirtual(shopper);
    shop.payVirtualSilently(shopper, placed, 'ios');
    expect(await shop.virtualpay.askApple(placed.order.out_trade_no)).toMatchObject({ answer: 'refuse' });
    expect(shop.stored(placed.order.out_trade_no).trade_state).toBe('SUCCESS');
  });

  test('Apple’s question about an order that was never paid is agreed to', async () => {
    const { order } = await shop.placeVirtual(shop.newShopper());
    const question = { MsgType: 'event', Event: 'xpay_subscribe_ios_refund_query_notify' };
    const answer = await shop.push({ ...question, pay_order_id: order.out_trade_no, product_id: 'x' });
    expect(answer).toMatchObject({ result_code: 0 });
  });

  test('Apple’s question about a number that is none of ours is left to Apple, explicitly', async () => {
    const question = { MsgType: 'event', Event: 'xpay_subscribe_ios_refund_query_notify' };
    const answer = await shop.push({
      ...question,
      pay_order_id: 'VPO260422181202010000001',
      product_id: 'x',
    });
    expect(answer).toEqual({ ErrCode: 1, ErrMsg: 'ORDER_UNKNOWN' });
  });

  test('an event that is not about what is sold here is answered yes, and none at all is refused', async () => {
    const other = { MsgType: 'event', Event: 'xpay_wxpay_callback_notify' };
    expect(await shop.push(other)).toEqual({ ErrCode: 0, ErrMsg: 'success' });
    expect(await shop.push({})).toMatchObject({ ErrCode: 1 });
  });
});
