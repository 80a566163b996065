import { expect } from 'vitest';
import { MERCHANT } from '../../../scripts/local/local-world.ts';
import { VIRTUAL_PAY } from '../../../scripts/local/virtual-world.ts';
import type { Shopper } from '../../functions/shop.ts';
import { openVirtualShop, type VirtualPlaced, type VirtualShop } from '../../functions/virtual-shop.ts';
import type { Attack, Door, Place } from '../attack.ts';

/** Somebody's order of virtual payment. */
interface Standing {
  readonly shopper: Shopper;
  readonly placed: VirtualPlaced;
  readonly out_trade_no: string;
}

/** A shop that sells through virtual payment too. Its clock does not move, so nothing happens by itself. */
interface ShopOfEvents extends Place {
  readonly shop: VirtualShop;
  readonly attacker: Shopper;
  /** The attacker's own, unpaid; another shopper's, unpaid; another shopper's, paid and settled. */
  readonly own: Standing;
  readonly unpaid: Standing;
  readonly paid: Standing;
  /** An order of WeChat Pay, unpaid, of the attacker. */
  readonly ordinary: string;
  /** How often api.weixin.qq.com was asked about an order. */
  asked(): number;
}

async function openShopOfEvents(): Promise<ShopOfEvents> {
  const shop = await openVirtualShop();
  const order = async (shopper = shop.newShopper()): Promise<Standing> => {
    const placed = await shop.placeVirtual(shopper);
    return { shopper, placed, out_trade_no: placed.order.out_trade_no };
  };
  const attacker = shop.newShopper();
  const [own, unpaid, paid] = [await order(attacker), await order(), await order()];
  shop.payVirtual(paid.shopper, paid.placed);
  await shop.deliverEvents();
  const ordinary = await shop.place(attacker);
  let asked = 0;
  shop.weixin.hook({
    when: 'before',
    run: async () => {
      asked++;
    },
  });
  let seen = 0;
  return {
    ...{ shop, attacker, own, unpaid, paid },
    ordinary: ordinary.order.out_trade_no,
    asked: () => asked,
    secrets: [
      { name: 'the AppSecret', value: VIRTUAL_PAY.app_secret },
      { name: 'the AppKey', value: VIRTUAL_PAY.app_keys[0] },
      { name: 'the API key', value: MERCHANT.api_key },
    ],
    snapshot() {
      const { cloud, virtualpay, wechatpay } = shop;
      const stored = cloud.collections().map((name) => [name, cloud.documents(name)]);
      const weixin = { xpay: virtualpay.orders(), 'WeChat Pay': wechatpay.orders() };
      return structuredClone({ ...Object.fromEntries(stored), ...weixin });
    },
    outputs() {
      const lines = shop.host.logs;
      const fresh = lines.slice(seen);
      seen = lines.length;
      return JSON.stringify(fresh);
    },
    close: () => shop.close(),
  };
}

type Row = Attack<ShopOfEvents>;
type Body = (place: ShopOfEvents) => unknown;

const no = (ErrMsg: unknown = expect.any(String)) => ({ ErrCode: 1, ErrMsg });
const yes = { ErrCode: 0, ErrMsg: 'success' };

/** The event that WeChat would push if this order were paid. */
function deliverOf({ shopper, out_trade_no }: Standing, change: object = {}): object {
  return {
    ...{ ToUserName: 'gh_10ca110ca110', FromUserName: 'oWeChat', CreateTime: 1799980200, MsgType: 'event' },
    ...{ Event: 'xpay_goods_deliver_notify', OpenId: shopper.openid, OutTradeNo: out_trade_no, Env: 0 },
    WeChatPayInfo: { MchOrderNo: '1', TransactionId: '4500000138202701150000000001', PaidTime: 1799980200 },
    GoodsInfo: { ProductId: 'vip_1m_1800', Quantity: 1, OrigPrice: 1800, ActualPrice: 1800, Attach: 'local' },
    ...change,
  };
}

/** An event that somebody pushed who is not WeChat, as far as a function can tell. */
const pushed = (name: string, body: Body, answered: unknown = no()): Row => ({
  name: `pushed: ${name}`,
  answered,
  send: ({ shop, ...place }) => shop.push(Object(body({ shop, ...place }))),
});

/** One that must not cost a question to WeChat either. */
const unasked = (name: string, body: Body, answered: unknown): Row => ({
  name: `pushed, and WeChat is not asked: ${name}`,
  answered: { answer: answered, asked: 0 },
  async send(place) {
    const before = place.asked();
    const answer = await place.shop.push(Object(body(place)));
    return { answer, asked: place.asked() - before };
  },
});

const refundOf = ({ shopper, out_trade_no }: Standing, change: object = {}) => ({
  ...{ MsgType: 'event', Event: 'xpay_refund_notify', OpenId: shopper.openid, MchOrderId: out_trade_no },
  ...{ MchRefundId: 'R0000000000000000', RefundFee: 1800, RetCode: 0, ...change },
});

const complaintOf = ({ shopper, out_trade_no }: Standing, change: object = {}) => ({
  ...{ MsgType: 'event', Event: 'xpay_complaint_notify', OpenId: shopper.openid },
  ...{ MchOrderId: out_trade_no, ComplaintId: '200000020261127000000000001', ...change },
});

const appleQuestion = (pay_order_id: unknown) => ({
  ...{ MsgType: 'event', Event: 'xpay_subscribe_ios_refund_query_notify' },
  ...{ pay_order_id, product_id: 'vip_1m_1800' },
});

const FORGED: readonly Row[] = [
  pushed('a delivery of what was never paid', ({ unpaid }) => deliverOf(unpaid), no('NOT_PAID')),
  pushed('the same of the attacker’s own order', ({ own }) => deliverOf(own), no('NOT_PAID')),
  pushed(
    'a delivery at another price',
    ({ own }) => deliverOf(own, { GoodsInfo: { ActualPrice: 1, Attach: 'local' } }),
    no('NOT_PAID'),
  ),
  pushed(
    'a delivery of another item',
    ({ own }) => deliverOf(own, { GoodsInfo: { ProductId: 'premium', Attach: 'local' } }),
    no('NOT_PAID'),
  ),
  pushed(
    'the event of a paid order under the number of an unpaid one',
    ({ paid, unpaid }) => ({
      ...deliverOf(paid),
      OutTradeNo: unpaid.out_trade_no,
      OpenId: unpaid.shopper.openid,
    }),
    no('NOT_PAID'),
  ),
  pushed('the event of a paid order once more', ({ paid }) => deliverOf(paid), yes),
  {
    ...pushed(
      'a refund that WeChat does not know, of a paid order',
      ({ paid }) => refundOf(paid),
      no('REFUND_UNKNOWN'),
    ),
    // WeChat is asked once more by the timer, in case it is late to show the refund; nothing else follows.
    touches: ['orders'],
    after: ({ shop, paid }) =>
      expect(shop.stored(paid.out_trade_no)).toMatchObject({
        trade_state: 'SUCCESS',
        next_query_at: expect.any(Date),
      }),
  },
  pushed(
    'a refund that WeChat does not know, of an unpaid order',
    ({ unpaid }) => refundOf(unpaid),
    no('REFUND_UNKNOWN'),
  ),
];

const CONTRADICTED: readonly Row[] = [
  unasked(
    'a delivery to another shopper, who attacks',
    ({ unpaid, attacker }) => deliverOf(unpaid, { OpenId: attacker.openid }),
    no('ANOTHER_SHOPPER'),
  ),
  unasked(
    'the attacker’s order for another shopper',
    ({ own, unpaid }) => deliverOf(own, { OpenId: unpaid.shopper.openid }),
    no('ANOTHER_SHOPPER'),
  ),
  unasked('the sandbox for live', ({ own }) => deliverOf(own, { Env: 1 }), no('ANOTHER_ENV')),
  unasked('the sandbox as text', ({ own }) => deliverOf(own, { Env: '1' }), no('ANOTHER_ENV')),
  unasked(
    'the sandbox for an order that is paid live',
    ({ paid }) => deliverOf(paid, { Env: 1 }),
    no('ANOTHER_ENV'),
  ),
  unasked(
    'an order of another environment',
    ({ own }) => deliverOf(own, { GoodsInfo: { Attach: 'production' } }),
    no('ANOTHER_ENVIRONMENT'),
  ),
  unasked(
    'an order of WeChat Pay',
    ({ own, ordinary }) => deliverOf(own, { OutTradeNo: ordinary }),
    no('ANOTHER_CHANNEL'),
  ),
  unasked(
    'a refund of an order of WeChat Pay',
    ({ own, ordinary }) => refundOf(own, { MchOrderId: ordinary }),
    no('ANOTHER_CHANNEL'),
  ),
  unasked(
    'a refund of another shopper’s order',
    ({ paid, attacker }) => refundOf(paid, { OpenId: attacker.openid }),
    no('ANOTHER_SHOPPER'),
  ),
  unasked(
    'a complaint about another shopper’s order',
    ({ paid, attacker }) => complaintOf(paid, { OpenId: attacker.openid }),
    no('ANOTHER_SHOPPER'),
  ),
  unasked(
    'a complaint about an order of WeChat Pay',
    ({ own, ordinary }) => complaintOf(own, { MchOrderId: ordinary }),
    no('ANOTHER_CHANNEL'),
  ),
  unasked(
    'Apple’s question about an order of WeChat Pay',
    ({ ordinary }) => appleQuestion(ordinary),
    no('ANOTHER_CHANNEL'),
  ),
  unasked('Apple’s question about no order', () => appleQuestion('f'.repeat(32)), no('ORDER_UNKNOWN')),
  unasked(
    'an order that does not exist',
    ({ own }) => deliverOf(own, { OutTradeNo: '0'.repeat(32) }),
    no('ORDER_UNKNOWN'),
  ),
  ...['../orders', 'constructor', '__proto__', '0'.repeat(31), `${'0'.repeat(32)}\u0000`, "' or 1=1"].map(
    (number) =>
      unasked(
        `an order numbered ${JSON.stringify(number)}`,
        ({ own }) => deliverOf(own, { OutTradeNo: number }),
        no('ORDER_UNKNOWN'),
      ),
  ),
];

const NO_EVENT = no('This is no event of virtual payment.');

const MALFORMED: readonly Row[] = [
  ...[
    ['an operator for a number', { OutTradeNo: { $ne: null } }],
    ['a list for a number', { OutTradeNo: ['0'.repeat(32)] }],
    ['a number of a megabyte', { OutTradeNo: '0'.repeat(2 ** 20) }],
    ['an operator for a shopper', { OpenId: { $ne: null } }],
    ['no shopper', { OpenId: '' }],
    ['no env', { Env: null }],
    ['an env of 2', { Env: 2 }],
    ['an env of 0.5', { Env: 0.5 }],
    ['another message type', { MsgType: 'text' }],
    ['a name that is an operator', { Event: { $ne: null } }],
  ].map(([name, change]) => unasked(String(name), ({ own }) => deliverOf(own, Object(change)), NO_EVENT)),
  unasked('nothing', () => ({}), NO_EVENT),
  unasked('a list', () => [1, 2, 3], NO_EVENT),
  unasked(
    'an object a hundred levels deep',
    () => JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`),
    NO_EVENT,
  ),
  unasked('Apple’s question without a number', () => appleQuestion({ $ne: null }), NO_EVENT),
  unasked(
    'an event that nobody here subscribed to',
    () => ({ MsgType: 'event', Event: 'x'.repeat(100) }),
    yes,
  ),
];

/** A call that a client made, in the sources that the platform names for one. */
const CALLED: readonly Row[] = [
  ...['wx_client', 'wx_devtools', 'wx_http', 'wx_client,scf', 'wx_unknown,wx_http'].map(
    (source): Row => ({
      name: `called by a client as ${source}`,
      answered: no('FORBIDDEN'),
      send: ({ shop, paid }) => shop.push(deliverOf(paid), source),
    }),
  ),
  {
    name: 'called by the mini-program, whom the platform keeps out',
    answered: 'PERMISSION_DENIED',
    send: ({ shop, attacker, own }) =>
      shop.host.callFunction('virtualPayNotify', deliverOf(own), attacker).catch((error) => error.code),
  },
];

/** createOrder with what a client has no say in. */
const ordered = (name: string, change: (place: ShopOfEvents) => object, errcode: string): Row => ({
  name: `createOrder: ${name}`,
  answered: expect.objectContaining({ errcode }),
  send: (place) => place.shop.createVirtual(place.attacker, requestOf(place, change(place))),
});

/** The request of the attacker's own order, so that nothing new is placed. */
function requestOf({ shop, own, attacker }: ShopOfEvents, change: object): object {
  const { request_id } = own.placed.order;
  return { ...shop.virtualRequest(attacker), request_id, ...change };
}

const CODES: readonly Row[] = [
  ordered(
    'a code of another shopper',
    ({ shop, unpaid }) => ({ code: shop.weixin.login(unpaid.shopper.openid) }),
    'LOGIN_CODE_INVALID',
  ),
  ordered(
    'a code that was used',
    ({ shop, attacker }) => {
      const code = shop.weixin.login(attacker.openid);
      shop.weixin.sessions.exchange(code);
      return { code };
    },
    'LOGIN_CODE_INVALID',
  ),
  ordered('an invented code', () => ({ code: '0a1B2c3D4e5F' }), 'LOGIN_CODE_INVALID'),
  ordered('a code that adds a parameter', () => ({ code: 'x&secret=y&appid=z' }), 'LOGIN_CODE_INVALID'),
  ordered(
    'a code that leaves the path',
    () => ({ code: '../../cgi-bin/stable_token#' }),
    'LOGIN_CODE_INVALID',
  ),
  ordered('a code of 513 characters', () => ({ code: 'x'.repeat(513) }), 'INVALID_PARAMETERS'),
  ordered('an empty code', () => ({ code: '' }), 'LOGIN_CODE_INVALID'),
  ordered('no code, as of an old page', () => ({ code: undefined }), 'INVALID_PARAMETERS'),
  ordered('a code that is a list', () => ({ code: ['x'] }), 'INVALID_PARAMETERS'),
  ordered('a code that is an operator', () => ({ code: { $ne: null } }), 'INVALID_PARAMETERS'),
  {
    name: 'createOrder: an env, a price, an item and a number of the client’s own are not taken',
    answered: expect.objectContaining({ payment: expect.anything() }),
    send: (place) =>
      place.shop.createVirtual(
        place.attacker,
        requestOf(place, {
          ...{ env: 1, goodsPrice: 1, item_id: 'vip_1m_1', out_trade_no: 'mine', openid: 'oOther' },
          ...{ virtualpay: { env: 1 }, offer_id: '1' },
        }),
      ),
    after({ own }, answer) {
      const { payment } = Object(answer);
      expect(payment.signData).toBe(own.placed.payment.signData);
    },
  },
];

/** Whoever can make virtualPayNotify run, and what the phone sends for virtual payment. */
export const events: Door<ShopOfEvents> = {
  name: 'the events of virtual payment',
  open: openShopOfEvents,
  attacks: [...FORGED, ...CONTRADICTED, ...MALFORMED, ...CALLED, ...CODES],
};
