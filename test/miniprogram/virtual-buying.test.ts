import { describe, expect, test } from 'vitest';
import { noticeOnOrder } from '../../miniprogram/logic/notices.ts';
import { attemptFor } from '../../miniprogram/logic/order/attempts.ts';
import type { Order } from '../../miniprogram/logic/order/order.ts';
import { buy, payAgain } from '../../miniprogram/logic/shop/buying.ts';
import type { Checkout } from '../../miniprogram/logic/shop/checkout.ts';
import { forgetRequestId } from '../../miniprogram/logic/shop/request-ids.ts';
import { ANDROID, openCounter } from './shop-counter.ts';

const WISH = { product_id: 'city', channel: 'virtualpay', months: 3, total_fee: 4800 } as const;
const [FIRST, SECOND] = [1, 2].map((number) => `order-of-request-id-number-${number}`);
const ignore = () => {};

/** A counter whose product is sold by virtual payment. */
function open() {
  const { counter, checkout } = openCounter();
  counter.channel = 'virtualpay';
  return { counter, checkout };
}

function only({ orders }: { readonly orders: ReadonlyMap<string, Order> }): Order {
  const [placed] = orders.values();
  if (placed === undefined) throw new Error('no order');
  return placed;
}

describe('buying by virtual payment', () => {
  test('signs in right before the order is placed, and pays it', async () => {
    const { counter, checkout } = open();
    const events: string[] = [];
    const watched: Checkout = {
      ...checkout,
      signIn() {
        events.push('login');
        return checkout.signIn();
      },
      createOrder(request) {
        events.push(`createOrder with ${request.code}`);
        return checkout.createOrder(request);
      },
    };
    const bought = await buy(watched, WISH, () => events.push('cashier'));
    expect(bought).toEqual({ kind: 'ordered', out_trade_no: FIRST });
    expect(events).toEqual(['login', 'createOrder with code-1', 'cashier']);
    expect(attemptFor(checkout.store, FIRST ?? '')?.kind).toBe('done');
    expect(counter.cashier).toEqual([FIRST]);
  });

  test('is told where this terminal cannot, before anything is asked', async () => {
    const { counter, checkout } = open();
    counter.terminal = { ...ANDROID, hasVirtualPayment: false };
    expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'hindered', obstacle: 'wechat' });
    expect([counter.codesMade, counter.requests]).toEqual([0, []]);
  });

  test('does not ask what this terminal can where the product is paid through WeChat Pay', async () => {
    const { counter, checkout } = openCounter();
    counter.terminal = { ...ANDROID, platform: 'mac', hasVirtualPayment: false };
    expect((await buy(checkout, { ...WISH, channel: 'wechatpay' }, ignore)).kind).toBe('ordered');
    expect([counter.codesMade, counter.requests[0]?.code]).toEqual([0, '']);
  });

  test('is found out from the server by a page from before the product was sold so, which says that it has no code yet', async () => {
    const { counter, checkout } = open();
    const old = { ...WISH, channel: 'wechatpay' } as const;
    expect(await buy(checkout, old, ignore)).toEqual({ kind: 'ordered', out_trade_no: FIRST });
    const [first, second] = counter.requests;
    expect(second).toEqual({ ...first, code: 'code-1' });
    counter.terminal = { ...ANDROID, platform: 'mac' };
    expect(await buy(checkout, { ...old, months: 1 }, ignore)).toEqual({
      kind: 'hindered',
      obstacle: 'terminal',
    });
  });

  test('pays an order of the time when the product was paid through WeChat Pay as it was placed', async () => {
    const { counter, checkout } = openCounter();
    counter.leaves = 'cancelled';
    await buy(checkout, { ...WISH, channel: 'wechatpay' }, ignore);
    counter.channel = 'virtualpay';
    expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'ordered', out_trade_no: FIRST });
    await payAgain(checkout, only(counter), ignore);
    expect(counter.cashier).toEqual([FIRST, FIRST, FIRST]);
    expect(counter.requests.at(-1)?.code).toBe('');
  });

  test.each([
    ['offline', { kind: 'lost', offline: true }],
    ['fails', { kind: 'refused', errcode: 'LOGIN_CODE_INVALID' }],
  ] as const)('places nothing when wx.login is %s', async (login, bought) => {
    const { counter, checkout } = open();
    counter.login = login;
    expect(await buy(checkout, WISH, ignore)).toEqual(bought);
    expect(counter.requests).toEqual([]);
  });

  test('asks with another code once when the server refuses one, and not a third time', async () => {
    const { counter, checkout } = open();
    const worn: Checkout = { ...checkout, signIn: async () => ({ kind: 'signed-in', code: '' }) };
    expect(await buy(worn, WISH, ignore)).toEqual({ kind: 'refused', errcode: 'LOGIN_CODE_INVALID' });
    expect(counter.requests.length).toBe(2);
    let codes = 0;
    const second: Checkout = {
      ...checkout,
      signIn: async () => ({ kind: 'signed-in', code: codes++ === 0 ? '' : 'good' }),
    };
    expect((await buy(second, WISH, ignore)).kind).toBe('ordered');
    expect(counter.orders.size).toBe(1);
  });

  test('a retry after a lost answer finds its order with a code of its own', async () => {
    const { counter, checkout } = open();
    counter.losesAnswers = true;
    expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'lost', offline: false });
    counter.losesAnswers = false;
    expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'ordered', out_trade_no: FIRST });
    expect(counter.requests.map(({ request_id, code }) => [request_id, code])).toEqual([
      ['request-id-number-1', 'code-1'],
      ['request-id-number-1', 'code-2'],
    ]);
  });
});

describe('what the cashier refuses', () => {
  test.each([-15005, -15007])('as %i is signed again for the same order, once', async (errCode) => {
    const { counter, checkout } = open();
    const refused = { errMsg: 'requestVirtualPayment:fail', errCode };
    counter.refusals = [refused];
    expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'ordered', out_trade_no: FIRST });
    expect([counter.orders.size, counter.codesMade]).toEqual([1, 2]);
    expect(attemptFor(checkout.store, FIRST ?? '')?.kind).toBe('done');

    counter.refusals = [refused, refused];
    await buy(checkout, { ...WISH, months: 6 }, ignore);
    expect([counter.orders.size, counter.codesMade]).toEqual([2, 4]);
    expect(attemptFor(checkout.store, SECOND ?? '')).toMatchObject({ kind: 'failed', cause: 'sign-in' });
  });

  test('as a number that was used is ordered anew in its place, once', async () => {
    const { counter, checkout } = open();
    const refused = { errMsg: 'requestVirtualPayment:fail', errCode: -15002 };
    counter.refusals = [refused];
    expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'ordered', out_trade_no: SECOND });
    expect(counter.requests.at(-1)).toMatchObject({
      request_id: 'request-id-number-2',
      supersedes: 'request-id-number-1',
      expected_total_fee: 4800,
    });
    counter.refusals = [refused, refused, refused];
    expect((await buy(checkout, { ...WISH, months: 6 }, ignore)).kind).toBe('ordered');
    expect(counter.orders.size).toBe(4);
  });

  test('as both ends on a page that is calm, and at each once', async () => {
    const { counter, checkout } = open();
    counter.refusals = [-15005, -15002, -15007, -15002].map((errCode) => ({ errMsg: 'fail', errCode }));
    expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'ordered', out_trade_no: SECOND });
    expect(counter.cashier).toEqual([FIRST, FIRST, SECOND]);
  });

  test('as anything else is left to the shopper', async () => {
    const { counter, checkout } = open();
    counter.refusals = [{ errMsg: 'requestVirtualPayment:fail', errCode: -4 }];
    expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'ordered', out_trade_no: FIRST });
    expect([counter.requests.length, counter.cashier.length]).toEqual([1, 1]);
  });
});

describe('once the cashier was opened', () => {
  async function leftUnpaid() {
    const { counter, checkout } = open();
    counter.leaves = 'cancelled';
    await buy(checkout, WISH, ignore);
    counter.leaves = 'done';
    return { counter, checkout };
  }

  test.each([
    ['the shop', (checkout: Checkout) => buy(checkout, WISH, ignore)],
    ['its page', (checkout: Checkout, placed: Order) => payAgain(checkout, placed, ignore)],
  ])('paying again from %s is a new order in the place of the old one', async (_, again) => {
    const { counter, checkout } = await leftUnpaid();
    expect(await again(checkout, only(counter))).toEqual({ kind: 'ordered', out_trade_no: SECOND });
    expect(counter.requests.at(-1)).toMatchObject({ supersedes: 'request-id-number-1', code: 'code-2' });
    expect(only(counter).cancelled_at).not.toBeNull();
    expect(counter.cashier).toEqual([FIRST, SECOND]);
  });

  test('it is the same new order however often its answer is lost', async () => {
    const { counter, checkout } = await leftUnpaid();
    counter.losesAnswers = true;
    const placed = only(counter);
    await payAgain(checkout, placed, ignore);
    await payAgain(checkout, placed, ignore);
    counter.losesAnswers = false;
    expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'ordered', out_trade_no: SECOND });
    expect(counter.orders.size).toBe(2);
  });

  test('and paid, with its answer lost, it is shown and not paid twice', async () => {
    const { counter, checkout } = open();
    // Left without a word: the phone knows no more than that the cashier was opened.
    const lost: Checkout = {
      ...checkout,
      pay: async () => ({ kind: 'opened', at: '2026-11-23T02:24:16.000Z' }),
    };
    await buy(lost, WISH, ignore);
    counter.change(FIRST ?? '', { trade_state: 'SUCCESS' });
    const placed = only(counter);
    expect(await payAgain(checkout, placed, ignore)).toEqual({ kind: 'ordered', out_trade_no: FIRST });
    expect(counter.cashier).toEqual([]);
  });

  test('also when the mini-program ended while it was open', async () => {
    const { counter, checkout } = open();
    let isOpen = () => {};
    const opened = new Promise<void>((resolve) => {
      isOpen = resolve;
    });
    void buy({ ...checkout, pay: () => new Promise(() => isOpen()) }, WISH, ignore);
    await opened;
    expect(attemptFor(checkout.store, FIRST ?? '')?.kind).toBe('opened');
    expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'ordered', out_trade_no: SECOND });
    expect(counter.requests.at(-1)?.supersedes).toBe('request-id-number-1');
  });

  test('what it says late is kept', async () => {
    const { checkout } = open();
    let late = ignore;
    const slow: Checkout = {
      ...checkout,
      async pay(_, tell) {
        late = () => tell({ kind: 'done', at: '2026-11-23T02:24:30.000Z' });
        return { kind: 'opened', at: '2026-11-23T02:24:16.000Z' };
      },
    };
    await buy(slow, WISH, ignore);
    late();
    expect(attemptFor(checkout.store, FIRST ?? '')?.kind).toBe('done');
    expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'ordered', out_trade_no: FIRST });
  });

  test('and paid, its order is shown and nothing is asked', async () => {
    const { counter, checkout } = open();
    await buy(checkout, WISH, ignore);
    expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'ordered', out_trade_no: FIRST });
    expect(counter.requests.length).toBe(1);
  });

  test('and over, the next purchase takes the place of nothing', async () => {
    const { counter, checkout } = open();
    await buy(checkout, WISH, ignore);
    counter.change(FIRST ?? '', { trade_state: 'SUCCESS' });
    forgetRequestId(checkout.store, 'request-id-number-1');
    expect(await buy(checkout, WISH, ignore)).toEqual({ kind: 'ordered', out_trade_no: SECOND });
    expect(counter.requests.at(-1)?.supersedes).toBeUndefined();
  });

  test('it is paid again at its own price or not at all', async () => {
    const { counter, checkout } = await leftUnpaid();
    counter.price = 5200;
    const bought = await payAgain(checkout, only(counter), ignore);
    expect(bought).toEqual({ kind: 'price-changed', total_fee: 5200 });
    if (bought.kind !== 'price-changed') return;
    expect(noticeOnOrder(bought)).toEqual({
      title: '价格已更新',
      text: '最新价格为 ¥52.00，请重新选购。',
      next: 'shop',
      label: '重新选购',
    });
    expect(await buy(checkout, { ...WISH, total_fee: 5200 }, ignore)).toEqual({
      kind: 'ordered',
      out_trade_no: SECOND,
    });
    expect(counter.requests.at(-1)?.supersedes).toBe('request-id-number-1');
  });
});

test('a product that is paid through WeChat Pay again is bought where its order of before cannot be paid', async () => {
  const { counter, checkout } = open();
  counter.losesAnswers = true;
  await buy(checkout, WISH, ignore);
  Object.assign(counter, {
    losesAnswers: false,
    channel: 'wechatpay',
    terminal: { ...ANDROID, platform: 'mac' },
  });
  const bought = await buy(checkout, { ...WISH, channel: 'wechatpay' }, ignore);
  expect(bought).toEqual({ kind: 'ordered', out_trade_no: SECOND });
  expect(counter.requests.at(-1)?.supersedes).toBe('request-id-number-1');
});

test('an order that another phone opened the cashier for is ordered anew by itself', async () => {
  const { counter, checkout } = open();
  counter.leaves = 'cancelled';
  await buy(checkout, WISH, ignore);
  const other: Checkout = { ...checkout, store: openCounter().checkout.store };
  expect(await payAgain(other, only(counter), ignore)).toEqual({ kind: 'ordered', out_trade_no: SECOND });
  expect(counter.cashier).toEqual([FIRST, FIRST, SECOND]);
});
