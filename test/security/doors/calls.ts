import { expect } from 'vitest';
import type { CreateOrderAnswer } from '../../../cloudfunctions/_shared/contract.ts';
import type { Attack, Door } from '../attack.ts';
import { noticeOf, openShopUnderAttack, type ShopUnderAttack, signed } from '../shop-under-attack.ts';
import { call, refused } from './calling.ts';

type Row = Attack<ShopUnderAttack>;

const calling = (
  what: string,
  name: string,
  data: (place: ShopUnderAttack) => object,
  answered: unknown,
): Row => ({ name: `${name}: ${what}`, answered, send: (place) => call(place, name, data(place)) });

/** The same request each time: the first of them that is taken would leave an order, and the row would fail. */
const wishing = (what: string, change: object, errcode = 'INVALID_PARAMETERS'): Row =>
  calling(what, 'createOrder', ({ shop }) => ({ ...shop.newRequest(), ...change }), refused(errcode));

const TIMER = { Type: 'Timer', TriggerName: 'queryOrders', Time: '2027-01-15T02:30:00Z' };

const CLOSED: readonly Row[] = [
  calling('as a shopper', 'queryOrders', () => ({}), 'PERMISSION_DENIED'),
  calling('as a shopper who says to be the timer', 'queryOrders', () => TIMER, 'PERMISSION_DENIED'),
  calling('as a shopper', 'payNotify', () => ({}), 'PERMISSION_DENIED'),
  calling(
    'as a shopper who says to be HTTP, with a notice',
    'payNotify',
    ({ shop, unpaid }) => ({
      httpMethod: 'POST',
      body: `<xml><out_trade_no>${unpaid.out_trade_no}</out_trade_no></xml>`,
      notice: signed(noticeOf(shop, unpaid), { key: '' }),
    }),
    'PERMISSION_DENIED',
  ),
  ...['../payNotify', 'payNotify/', 'PAYNOTIFY', 'constructor', '__proto__', '', 'payNotify\u0000'].map(
    (name) => calling(`a function named ${JSON.stringify(name)}`, name, () => ({}), 'FUNCTION_NOT_FOUND'),
  ),
];

const PRICES: readonly Row[] = [
  wishing('one fen', { expected_total_fee: 1 }, 'PRICE_CHANGED'),
  wishing('the price of one month for three', { expected_total_fee: 1800 }, 'PRICE_CHANGED'),
  wishing('the price of another product', { product_id: 'premium' }, 'PRICE_CHANGED'),
  wishing('more than the price', { expected_total_fee: 4801 }, 'PRICE_CHANGED'),
  ...[
    0,
    -4800,
    0.5,
    4800.5,
    1e308,
    Number.MAX_SAFE_INTEGER + 1,
    '4800',
    [4800],
    { $lte: 4800 },
    true,
    null,
  ].map((expected_total_fee) =>
    wishing(
      `a price of ${JSON.stringify(expected_total_fee)}`,
      { expected_total_fee },
      typeof expected_total_fee === 'number' && Number.isInteger(expected_total_fee) && expected_total_fee > 0
        ? 'PRICE_CHANGED'
        : 'INVALID_PARAMETERS',
    ),
  ),
];

const WISHES: readonly Row[] = [
  ...[0, -3, 1.5, 121, 1e308, '3', [3], { $gt: 0 }, true, null, {}].map((months) =>
    wishing(`months of ${JSON.stringify(months)}`, { months }),
  ),
  wishing('months that are not sold', { months: 120 }, 'PRODUCT_NOT_ON_SALE'),
  ...[{ $ne: null }, ['city'], 1, '', null, 'x'.repeat(33)].map((product_id) =>
    wishing(`a product of ${JSON.stringify(product_id).slice(0, 40)}`, { product_id }),
  ),
  ...['constructor', '__proto__', '../users/oA', 'city\u0000', '{openid}', '$where', "'||1==1//", 'CITY'].map(
    (product_id) =>
      wishing(`a product named ${JSON.stringify(product_id)}`, { product_id }, 'PRODUCT_NOT_ON_SALE'),
  ),
  ...[
    { $regex: '.*' },
    7,
    'short',
    'x'.repeat(65),
    `${'x'.repeat(16)}\n`,
    '../../../../../x',
    '中'.repeat(16),
  ].map((request_id) =>
    wishing(`a request_id of ${JSON.stringify(request_id).slice(0, 40)}`, { request_id }),
  ),
  calling('nothing', 'createOrder', () => ({}), refused('INVALID_PARAMETERS')),
  calling('a list', 'createOrder', () => ['city', 3], refused('INVALID_PARAMETERS')),
  calling(
    'a request in its prototype',
    'createOrder',
    ({ shop }) => JSON.parse(`{"__proto__":${JSON.stringify(shop.newRequest())}}`),
    refused('INVALID_PARAMETERS'),
  ),
  calling(
    'a thousand levels',
    'createOrder',
    ({ shop }) => ({
      ...shop.newRequest({ months: 0 }),
      deep: JSON.parse('['.repeat(1000) + ']'.repeat(1000)),
    }),
    refused('INVALID_PARAMETERS'),
  ),
  calling(
    '900 kB in each parameter',
    'createOrder',
    () => ({ request_id: 'x'.repeat(900_000), product_id: 'y'.repeat(900_000) }),
    refused('INVALID_PARAMETERS'),
  ),
  calling('7 MB', 'createOrder', () => ({ x: 'x'.repeat(7 * 2 ** 20) }), 'EXCEED_REQUEST_SIZE_LIMIT'),
];

/** Who asks, and at what price, is not the client's to say: the order that is made is the attacker's own, at full price. */
const claiming = (what: string, claim: (place: ShopUnderAttack) => object): Row => ({
  name: `createOrder: ${what}`,
  touches: ['orders', 'WeChat Pay'],
  send: async (place) => {
    const { shop, attacker } = place;
    const answer = await call(place, 'createOrder', { ...shop.newRequest(), ...claim(place) });
    const { out_trade_no } = (answer as CreateOrderAnswer).order;
    const order = shop.cloud.documents('orders').find(({ _id }) => _id === out_trade_no);
    // Room for the next: a shopper may leave five orders unpaid.
    await shop.cancelOrder(attacker, out_trade_no);
    return { answer, order };
  },
  answered: {
    answer: expect.objectContaining({ order: expect.objectContaining({ total_fee: 4800 }) }),
    order: expect.objectContaining({ total_fee: 4800, trade_state: 'NOTPAY', transaction_id: null }),
  },
  after: ({ shop, attacker, unpaid }, answer) => {
    expect(answer).toHaveProperty('order._openid', attacker.openid);
    const theirs = shop.cloud.documents('orders').filter(({ _openid }) => _openid === unpaid.shopper.openid);
    expect(theirs).toHaveLength(1);
  },
});

const CLAIMS: readonly Row[] = [
  claiming('another openid in every field that could hold one', ({ unpaid }) => {
    const { openid } = unpaid.shopper;
    return { openid, openId: openid, _openid: openid, OPENID: openid, WX_OPENID: openid };
  }),
  claiming('another shopper in userInfo', ({ unpaid }) => ({
    userInfo: { openId: unpaid.shopper.openid, appId: 'wx0000000000000000' },
  })),
  claiming('an environment of its own', ({ unpaid }) => ({
    environment: JSON.stringify({ WX_OPENID: unpaid.shopper.openid, TCB_ENV: 'prod' }),
    environ: `WX_OPENID=${unpaid.shopper.openid}`,
    tcbContext: { openid: unpaid.shopper.openid },
  })),
  claiming('a price, a state and a payment', () => ({
    ...{ total_fee: 1, price: 1, cash_fee: 1, discount: 100, trade_state: 'SUCCESS' },
    ...{ transaction_id: '4200', expires_at: '2099-01-01', held: false, months_granted: 120 },
  })),
  claiming('an order number', ({ unpaid }) => ({
    out_trade_no: unpaid.out_trade_no,
    _id: unpaid.out_trade_no,
  })),
  claiming('another merchant and another address for notices', () => ({
    ...{ mch_id: '1900000001', appid: 'wx0000000000000000', sign_type: 'MD5' },
    notify_url: 'http://127.0.0.1:1/payNotify',
  })),
  claiming('the request_id of another shopper', ({ shop, unpaid }) => ({
    request_id: shop.stored(unpaid.out_trade_no).request_id,
  })),
];

const OTHERS: readonly Row[] = (['checkOrder', 'cancelOrder'] as const).flatMap((name) => [
  ...(['unpaid', 'paid', 'refunded'] as const).map((which) =>
    calling(
      `another shopper’s order, ${which}`,
      name,
      (place) => ({ out_trade_no: place[which].out_trade_no }),
      refused('ORDER_NOT_FOUND'),
    ),
  ),
  {
    name: `${name}: the answer gives no hint whether an order is another’s or none`,
    send: async (place: ShopUnderAttack) => {
      const numbers = [place.unpaid.out_trade_no, 'f'.repeat(32)];
      const answers = await Promise.all(numbers.map((out_trade_no) => call(place, name, { out_trade_no })));
      return new Set(answers.map((answer) => JSON.stringify({ ...Object(answer), now: '' }))).size;
    },
    answered: 1,
  },
  calling(
    'another shopper’s order, under their openid',
    name,
    ({ unpaid: { out_trade_no, shopper } }) => ({
      ...{ out_trade_no, openid: shopper.openid, _openid: shopper.openid },
      userInfo: { openId: shopper.openid },
    }),
    refused('ORDER_NOT_FOUND'),
  ),
  ...[
    { $ne: null },
    { $regex: '.*' },
    ['x'],
    7,
    true,
    null,
    '',
    '.*',
    '%',
    'F'.repeat(32),
    '0'.repeat(31),
  ].map((out_trade_no) =>
    calling(
      `an order number of ${JSON.stringify(out_trade_no)}`,
      name,
      () => ({ out_trade_no }),
      refused('INVALID_PARAMETERS'),
    ),
  ),
  calling(
    'another shopper’s order number and a line break',
    name,
    ({ unpaid }) => ({ out_trade_no: `${unpaid.out_trade_no}\n` }),
    refused('INVALID_PARAMETERS'),
  ),
  calling(
    'another shopper’s order number in a list',
    name,
    ({ unpaid }) => ({ out_trade_no: [unpaid.out_trade_no] }),
    refused('INVALID_PARAMETERS'),
  ),
]);

/** Whoever has the mini-program can call its functions with anything. */
export const calls: Door<ShopUnderAttack> = {
  name: 'wx.cloud.callFunction',
  open: openShopUnderAttack,
  attacks: [...CLOSED, ...PRICES, ...WISHES, ...CLAIMS, ...OTHERS],
};
