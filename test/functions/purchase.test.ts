import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENV_ID, MERCHANT } from '../../scripts/local/local-world.ts';
import { changeProduct } from '../e2e/documents.ts';
import { MINUTE_MS, monthsAfter, openShop, type Shop, type Shopper } from './shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

/** The shopper holds so many months from now, give or take what the test itself took. */
function expectMonths(shopper: Shopper, months: number): void {
  const expected = monthsAfter(shop.clock.now(), months).getTime();
  expect(Math.abs((shop.membership(shopper)?.getTime() ?? 0) - expected)).toBeLessThan(MINUTE_MS);
}

/** What the runs of a function cost since `seq`, in billed database calls. */
function costOf(name: string, seq: number): { reads: number; writes: number } {
  const events = shop.trace.since(seq);
  const runs = new Set(events.flatMap(({ label, invocation }) => (label === name ? [invocation] : [])));
  const calls = events.filter(({ kind, to, invocation }) => {
    return kind === 'call' && to === 'database' && runs.has(invocation);
  });
  const count = (pattern: RegExp) => calls.filter(({ label }) => pattern.test(label)).length;
  return { reads: count(/getDocument|calculateDocument/), writes: count(/insertDocument|modifyDocument/) };
}

describe('a purchase', () => {
  test('is placed, paid, noticed, settled and turned into a membership', async () => {
    const shopper = shop.newShopper();
    const placed = await shop.place(shopper);
    expect(placed.order).toMatchObject({
      product_id: 'city',
      months: 3,
      total_fee: 4800,
      trade_state: 'NOTPAY',
    });
    const shown = shop.wechatpay.cashier.open(placed.payment, shopper);
    expect(shown).toMatchObject({ kind: 'shown', total_fee: 4800, body: '城市版 3 个月' });

    shop.pay(shopper, placed);
    await shop.deliver();

    const order = shop.stored(placed.order.out_trade_no);
    expect(order).toMatchObject({
      trade_state: 'SUCCESS',
      next_query_at: null,
      cash_fee: 4800,
      under_review: false,
    });
    expect(order.transaction_id).toMatch(/^\d{28}$/);
    expect(order.expires_at).toEqual(shop.membership(shopper));
    expectMonths(shopper, 3);
  });

  test('costs no more database calls than the design allows', async () => {
    const shopper = shop.newShopper();
    const seq = shop.trace.since().at(-1)?.seq ?? 0;
    const placed = await shop.place(shopper);
    expect(costOf('createOrder', seq)).toEqual({ reads: 3, writes: 3 });
    shop.pay(shopper, placed);
    await shop.deliver();
    expect(costOf('payNotify', seq)).toEqual({ reads: 2, writes: 2 });
    const repeated = shop.trace.since().at(-1)?.seq ?? 0;
    await shop.wechatpay.resendNotice(MERCHANT.mch_id, placed.order.out_trade_no);
    expect(costOf('payNotify', repeated)).toEqual({ reads: 1, writes: 0 });
    const known = shop.trace.since().at(-1)?.seq ?? 0;
    const request = shop.newRequest();
    await shop.place(shopper, request);
    expect(costOf('createOrder', known)).toEqual({ reads: 3, writes: 2 });
    const again = shop.trace.since().at(-1)?.seq ?? 0;
    await shop.place(shopper, request);
    expect(costOf('createOrder', again)).toEqual({ reads: 3, writes: 0 });
    const instead = shop.trace.since().at(-1)?.seq ?? 0;
    await shop.place(shopper, { supersedes: request.request_id });
    expect(costOf('createOrder', instead)).toEqual({ reads: 3, writes: 3 });
  });

  test('the same request_id twenty times at once places one order, payable with each answer', async () => {
    const shopper = shop.newShopper();
    const request = shop.newRequest();
    const answers = await Promise.all(Array.from({ length: 20 }, () => shop.createOrder(shopper, request)));
    const numbers = answers.map((answer) => ('order' in answer ? answer.order.out_trade_no : answer.errcode));
    expect(new Set(numbers).size).toBe(1);
    expect(shop.cloud.documents('orders').filter(({ _openid }) => _openid === shopper.openid)).toHaveLength(
      1,
    );
    expect(shop.cloud.documents('users').filter(({ _id }) => _id === shopper.openid)).toHaveLength(1);
    for (const answer of answers) {
      const shown = 'payment' in answer && shop.wechatpay.cashier.open(answer.payment, shopper);
      expect(shown).toMatchObject({ kind: 'shown' });
    }
  });

  test('a notice a hundred times at once settles once and extends once', async () => {
    const shopper = shop.newShopper();
    const placed = await shop.place(shopper);
    shop.paySilently(shopper, placed);
    // Instances that are warm: on a busy machine four cold starts can take longer than WeChat waits for a reply.
    await Promise.all([1, 2, 3, 4].map(() => shop.host.callFromFunction('payNotify', {})));
    const how = { times: 100, parallel: true };
    const attempts = await shop.wechatpay.resendNotice(MERCHANT.mch_id, placed.order.out_trade_no, how);
    // On a starved machine the last in the queue wait longer than WeChat does; none may be refused.
    const outcomes = new Set(attempts.map(({ outcome }) => outcome));
    outcomes.delete('unreachable');
    expect([...outcomes]).toEqual(['SUCCESS']);
    expectMonths(shopper, 3);
  });

  test('two purchases of one shopper, settled at once, both extend', async () => {
    const shopper = shop.newShopper();
    const placed = [await shop.place(shopper), await shop.place(shopper)];
    for (const answer of placed) shop.paySilently(shopper, answer);
    await Promise.all(
      placed.map(({ order }) => shop.wechatpay.resendNotice(MERCHANT.mch_id, order.out_trade_no)),
    );
    expectMonths(shopper, 6);
  });
});

describe('placing an order', () => {
  /** An unpaid order of a month at 68 yuan, of a product of its own whose price the merchant can change. */
  async function unpaidOrder() {
    const shopper = shop.newShopper();
    const product_id = `priced_${shopper.openid.slice(-6)}`;
    const options = (total_fee: number) => [{ months: 1, total_fee }];
    const product = { name: '会员', description: '', on_sale: true, options: options(6800) };
    await shop.cloud.insert('products', { _id: product_id, ...product });
    const request = shop.newRequest({ product_id, months: 1, expected_total_fee: 6800 });
    await shop.place(shopper, request);
    const change = (changed: object) => changeProduct(shop.cloud, product_id, changed);
    return {
      shopper,
      request,
      setPrice: (total_fee: number) => change({ options: options(total_fee) }),
      withdraw: () => change({ on_sale: false }),
    };
  }

  test('the price is the catalogue’s, whatever the client expects', async () => {
    const answer = await shop.createOrder(shop.newShopper(), shop.newRequest({ expected_total_fee: 1 }));
    expect(answer).toMatchObject({ errcode: 'PRICE_CHANGED', total_fee: 4800, now: expect.any(String) });
  });

  test('who orders is the context’s, whatever the client claims', async () => {
    const shopper = shop.newShopper();
    const claim = { openid: 'oSomebodyElse', OPENID: 'oSomebodyElse', userInfo: { openId: 'oSomebodyElse' } };
    const answer = await shop.createOrder(shopper, { ...shop.newRequest(), ...claim });
    expect('order' in answer && shop.stored(answer.order.out_trade_no)._openid).toBe(shopper.openid);
  });

  test.each([
    ['::ffff:101.226.125.108', '101.226.125.108'],
    ['fe80::1%eth0', '127.0.0.1'],
  ])('a shopper at %s can buy, and WeChat Pay receives %s', async (clientIp, reported) => {
    const answer = await shop.createOrder({ ...shop.newShopper(), clientIp }, shop.newRequest());
    if ('errcode' in answer) throw new Error(answer.errcode);
    expect(shop.weChatPayFields(answer.order.out_trade_no).spbill_create_ip).toBe(reported);
  });

  test('an unpaid order is paid again under its own request_id, with a fresh signature', async () => {
    const shopper = shop.newShopper();
    const request = shop.newRequest();
    const first = await shop.createOrder(shopper, request);
    await shop.clock.advance(MINUTE_MS);
    const second = await shop.createOrder(shopper, request);
    if (!('payment' in first && 'payment' in second)) throw new Error('refused');
    expect(second.order.out_trade_no).toBe(first.order.out_trade_no);
    expect(second.payment.package).toBe(first.payment.package);
    expect(second.payment.paySign).not.toBe(first.payment.paySign);
    expect(shop.asked('/pay/unifiedorder', first.order.out_trade_no)).toBe(1);
  });

  test.each([
    ['another product', { product_id: 'market', expected_total_fee: 9800 }],
    ['other months', { months: 6, expected_total_fee: 8800 }],
  ])('a request_id does not order %s as well', async (_, change) => {
    const shopper = shop.newShopper();
    const request = shop.newRequest();
    await shop.createOrder(shopper, request);
    const answer = await shop.createOrder(shopper, { ...request, ...change });
    expect(answer).toMatchObject({ errcode: 'REQUEST_ID_REUSED' });
  });

  test('a paid order is not sold again, and the answer says which it is', async () => {
    const shopper = shop.newShopper();
    const request = shop.newRequest();
    const placed = await shop.place(shopper, request);
    shop.pay(shopper, placed);
    await shop.deliver();
    const { out_trade_no } = placed.order;
    expect(await shop.createOrder(shopper, request)).toMatchObject({ errcode: 'ORDER_PAID', out_trade_no });
  });

  test('an order keeps its price: from its page it is paid at that, whatever the catalogue says by now', async () => {
    const { shopper, request, setPrice, withdraw } = await unpaidOrder();
    await setPrice(4900);
    expect(await shop.createOrder(shopper, request)).toMatchObject({ order: { total_fee: 6800 } });
    await withdraw();
    expect(await shop.createOrder(shopper, request)).toMatchObject({ order: { total_fee: 6800 } });
  });

  test('a shopper who saw today’s price is never given the one of an unpaid order, and pays today’s', async () => {
    const { shopper, request, setPrice } = await unpaidOrder();
    await setPrice(4900);
    const seen = { ...request, expected_total_fee: 4900 };
    const answer = await shop.createOrder(shopper, seen);
    expect(answer).toMatchObject({ errcode: 'REQUEST_ID_REUSED' });
    expect(answer).not.toHaveProperty('total_fee');
    const anew = await shop.place(shopper, { ...seen, request_id: shop.newRequest().request_id });
    expect(shop.wechatpay.cashier.open(anew.payment, shopper)).toMatchObject({ total_fee: 4900 });
  });

  test('a shopper who saw a third price is given the catalogue’s, not the unpaid order’s', async () => {
    const { shopper, request, setPrice, withdraw } = await unpaidOrder();
    await setPrice(4900);
    const answer = await shop.createOrder(shopper, { ...request, expected_total_fee: 7800 });
    expect(answer).toMatchObject({ errcode: 'PRICE_CHANGED', total_fee: 4900 });
    await withdraw();
    const gone = await shop.createOrder(shopper, { ...request, expected_total_fee: 7800 });
    expect(gone).toMatchObject({ errcode: 'PRODUCT_NOT_ON_SALE' });
  });

  test('the sixth unpaid order is refused, and a cancelled one makes room', async () => {
    const shopper = shop.newShopper();
    const first = await shop.place(shopper);
    for (let order = 1; order < 5; order++) await shop.place(shopper);
    const refused = await shop.createOrder(shopper, shop.newRequest());
    expect(refused).toMatchObject({ errcode: 'TOO_MANY_UNPAID_ORDERS' });
    await shop.cancelOrder(shopper, first.order.out_trade_no);
    expect(await shop.createOrder(shopper, shop.newRequest())).toHaveProperty('payment');
  });

  test('the twenty-first order of an hour is refused, cancelled ones counted; a repeat never is', async () => {
    const shopper = shop.newShopper();
    const wishes = Array.from({ length: 20 }, () => shop.newRequest());
    for (const request of wishes.slice(0, -1)) {
      const { order } = await shop.place(shopper, request);
      await shop.cancelOrder(shopper, order.out_trade_no);
    }
    const [last] = wishes.slice(-1);
    await shop.place(shopper, last);
    expect(await shop.createOrder(shopper, shop.newRequest())).toMatchObject({ errcode: 'TOO_MANY_ORDERS' });
    expect(await shop.createOrder(shopper, last ?? {})).toHaveProperty('payment');
    expect(await shop.createOrder(shop.newShopper(), shop.newRequest())).toHaveProperty('payment');
    await shop.clock.advance(61 * MINUTE_MS);
    expect(await shop.createOrder(shopper, shop.newRequest())).toHaveProperty('payment');
  });

  test('WeChat Pay receives the environment, and returns it with every answer', async () => {
    const shopper = shop.newShopper();
    const { order } = await shop.place(shopper);
    expect(shop.stored(order.out_trade_no).attach).toBe(ENV_ID);
    const known = shop.wechatpay.order(MERCHANT.mch_id, order.out_trade_no);
    expect(known?.parameters.attach).toBe(ENV_ID);
  });

  test.each([
    ['there is no such product', { product_id: 'moon' }],
    ['it is not sold for so many months', { months: 5 }],
    ['the product’s id is a trap', { product_id: 'constructor' }],
  ])('refused when %s', async (_, change) => {
    const answer = await shop.createOrder(shop.newShopper(), shop.newRequest(change));
    expect(answer).toMatchObject({ errcode: 'PRODUCT_NOT_ON_SALE' });
  });

  test.each([
    ['its name has a line break, which no message to WeChat Pay can carry', { name: '会员\r\n卡' }],
    ['it costs more than WeChat Pay takes', { options: [{ months: 3, total_fee: 10_000_001 }] }],
    [
      'it has two prices for three months',
      { options: [4800, 4900].map((total_fee) => ({ months: 3, total_fee })) },
    ],
    ['it is paid through a channel that is not built in', { channel: 'cash' }],
  ])('refused when %s: nothing is saved, and the alarm names the product', async (_, change) => {
    const shopper = shop.newShopper();
    const product_id = `pasted_${shopper.openid.slice(-4)}`;
    const options = [{ months: 3, total_fee: 4800 }];
    const product = { _id: product_id, name: '会员卡', description: '', on_sale: true, options };
    await shop.cloud.insert('products', { ...product, ...change });
    const answer = await shop.createOrder(shopper, shop.newRequest({ product_id }));
    expect(answer).toMatchObject({ errcode: 'PRODUCT_NOT_ON_SALE' });
    expect(shop.alarms(product_id)).toEqual(['PRODUCT_UNREADABLE']);
    expect(shop.cloud.documents('orders').filter(({ _openid }) => _openid === shopper.openid)).toEqual([]);
  });

  test.each([
    ['no request_id', { request_id: undefined }],
    ['a short request_id', { request_id: 'short' }],
    ['a long request_id', { request_id: 'x'.repeat(65) }],
    ['a request_id that is an operator', { request_id: { $ne: null } }],
    ['no product', { product_id: '' }],
    ['months as text', { months: '3' }],
    ['half a month', { months: 0.5 }],
    ['negative months', { months: -3 }],
    ['a price as text', { expected_total_fee: '4800' }],
  ])('refused with %s, and nothing is written', async (_, change) => {
    const shopper = shop.newShopper();
    const answer = await shop.createOrder(shopper, { ...shop.newRequest(), ...change });
    expect(answer).toMatchObject({ errcode: 'INVALID_PARAMETERS', now: expect.any(String) });
    expect(shop.cloud.documents('users').filter(({ _id }) => _id === shopper.openid)).toEqual([]);
  });
});

describe('an order is its owner’s', () => {
  test.each(['checkOrder', 'cancelOrder'] as const)(
    '%s gives no hint whether an order is another’s or none',
    async (name) => {
      const { order } = await shop.place(shop.newShopper());
      const other = shop.newShopper();
      const others = await shop[name](other, order.out_trade_no);
      const none = await shop[name](other, '0'.repeat(32));
      expect(others).toMatchObject({ errcode: 'ORDER_NOT_FOUND' });
      expect({ ...others, now: '' }).toEqual({ ...none, now: '' });
      expect(shop.stored(order.out_trade_no).cancelled_at).toBeNull();
    },
  );
});

describe('who may call what', () => {
  test.each(['createOrder', 'checkOrder', 'cancelOrder'])(
    '%s refuses a call without a shopper',
    async (name) => {
      const answer = await shop.host.callFromFunction(name, {
        ...shop.newRequest(),
        out_trade_no: '0'.repeat(32),
      });
      expect(answer).toMatchObject({ errcode: 'OPENID_MISSING' });
    },
  );

  test.each(['payNotify', 'queryOrders'])('%s is closed to the mini-program by its rule', async (name) => {
    const call = shop.host.callFunction(name, {}, shop.newShopper());
    await expect(call).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  test('queryOrders refuses a shopper even where there is no rule', async () => {
    const { openid } = shop.newShopper();
    const event = { Type: 'Timer', TriggerName: 'queryOrders', userInfo: { openId: openid } };
    expect(await shop.host.callFromFunction('queryOrders', event)).toEqual({ errcode: 'FORBIDDEN' });
  });
});
