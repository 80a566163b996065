import { expect } from 'vitest';
import type { RefundOrderRequest } from '../../../cloudfunctions/_shared/contract.ts';
import { FunctionError } from '../../../scripts/local/cloud/functions/function-error.ts';
import { MINUTE_MS, type Shopper } from '../../functions/shop.ts';
import type { Attack, Door } from '../attack.ts';
import { MERCHANT, openShopUnderAttack, type ShopUnderAttack, type Standing } from '../shop-under-attack.ts';

/** A shop with people who may refund, and orders at every point where a refund must be refused. */
export interface RefundsUnderAttack extends ShopUnderAttack {
  readonly operator: Shopper;
  readonly other: Shopper;
  /** An operator until a moment ago. */
  readonly former: Shopper;
  /** People whose documents in `operators` do not say that they may: written by hand, wrongly, or by a phone. */
  readonly misread: readonly Shopper[];
  /** Paid over a year ago. */
  readonly old: string;
  /** All of it was given back. */
  readonly whole: Standing;
  /** 1000 of its 4800 fen were given back minutes ago. */
  readonly halved: Standing;
  /** The same, less than a minute ago. */
  readonly recent: Standing;
  /** Given back by staff in fifty parts of a fen. */
  readonly parts: Standing;
  /** Paid under another merchant number, before the shop changed to this one. */
  readonly foreign: string;
  /** A refund that is done, and the request that asked for it. */
  readonly done: RefundOrderRequest;
  /** A new order that is paid. */
  paidOrder(): Promise<Standing>;
}

const PARTS = 50;
const DAY_MS = 24 * 60 * MINUTE_MS;

export async function openRefunds(): Promise<RefundsUnderAttack> {
  const place = await openShopUnderAttack();
  const { shop } = place;
  const [operator, other, former] = [
    await shop.newOperator(),
    await shop.newOperator(),
    await shop.newOperator(),
  ];
  await shop.operate({ act: 'operators.remove', by: '老板', openid: former.openid });
  const misread = await Promise.all(
    [
      ...[{ active: 'true' }, { active: 1 }, { active: {} }, { active: true, name: 7 }, {}],
      // Made by a phone while the collection had no rule yet.
      { active: true, _openid: 'oMadeByAPhone' },
    ].map(async (fields) => {
      const shopper = shop.newShopper();
      await shop.cloud.insert('operators', { _id: shopper.openid, name: '店员', ...fields });
      return shopper;
    }),
  );

  const paidOrder = () => paidIn(shop);
  const { out_trade_no } = place.paid;
  const document = shop.cloud.documents('orders').find(({ _id }) => _id === out_trade_no);
  const foreign = 'a'.repeat(32);
  await shop.cloud.insert('orders', { ...document, _id: foreign, mch_id: '1900000117' });
  const old = 'b'.repeat(32);
  const time_end = new Date(shop.clock.now().getTime() - 366 * DAY_MS);
  await shop.cloud.insert('orders', { ...document, _id: old, time_end });

  const parts = await paidOrder();
  const notify_url = `${shop.gateway.url}/refundNotify`;
  for (let part = 0; part < PARTS; part++) {
    shop.wechatpay.refundByStaff(MERCHANT.mch_id, parts.out_trade_no, { refund_fee: 1, notify_url });
  }
  const whole = await paidOrder();
  await shop.refundOrder(operator, shop.newRefund(whole.out_trade_no, { refund_fee: 4800 }));
  const halved = await paidOrder();
  const done = shop.newRefund(halved.out_trade_no);
  await shop.refundOrder(operator, done);
  await shop.clock.advance(2 * MINUTE_MS);
  await shop.deliver();
  const recent = await paidOrder();
  await shop.refundOrder(operator, shop.newRefund(recent.out_trade_no));
  await shop.clock.advance(MINUTE_MS / 2);
  await shop.deliver();
  for (const { standing, refunded_fee } of [
    { standing: parts, refunded_fee: PARTS },
    { standing: whole, refunded_fee: 4800 },
    { standing: halved, refunded_fee: 1000 },
    { standing: recent, refunded_fee: 1000 },
  ]) {
    const stored = shop.stored(standing.out_trade_no);
    expect(stored).toMatchObject({ refunded_fee });
    expect(stored.refund_reserved_fee ?? 0).toBe(0);
  }
  return {
    ...place,
    ...{ operator, other, former, misread, old, whole, halved, recent, parts, foreign, done, paidOrder },
  };
}

async function paidIn(shop: ShopUnderAttack['shop']): Promise<Standing> {
  const shopper = shop.newShopper();
  const answer = await shop.place(shopper);
  shop.pay(shopper, answer);
  await shop.deliver();
  return { shopper, answer, out_trade_no: answer.order.out_trade_no };
}

type Row = Attack<RefundsUnderAttack>;
type Who = (place: RefundsUnderAttack) => Shopper;
type Change = Readonly<Record<string, unknown>>;

/** What a caller gets: the function's answer, or the platform's refusal. */
async function answerOf(calling: Promise<unknown>): Promise<unknown> {
  try {
    return await calling;
  } catch (error) {
    if (error instanceof FunctionError) return error.code;
    throw error;
  }
}

const refused = (errcode: string) => expect.objectContaining({ errcode, errmsg: expect.any(String) });

/** A refund of 1000 fen of somebody's paid order, as the client sends it. */
const wish = ({ shop, paid }: RefundsUnderAttack): Change => ({ ...shop.newRefund(paid.out_trade_no) });

const calling = (
  what: string,
  name: string,
  { as, data = wish, answered }: { as: Who; data?: (place: RefundsUnderAttack) => object; answered: unknown },
): Row => ({
  name: `${name}: ${what}`,
  answered,
  send: (place) => answerOf(place.shop.host.callFunction(name, data(place), as(place))),
});

/** Everything in which a client could say who it is. */
const claims = ({ operator: { openid }, shop, paid }: RefundsUnderAttack): Change => ({
  ...shop.newRefund(paid.out_trade_no),
  ...{ openid, openId: openid, _openid: openid, OPENID: openid, WX_OPENID: openid, by: openid },
  ...{ operator: true, active: true, role: 'operator', requested_by: openid },
  userInfo: { openId: openid, appId: MERCHANT.appid },
  environment: JSON.stringify({ WX_OPENID: openid, TCB_ENV: 'local' }),
  environ: `WX_OPENID=${openid}`,
  tcbContext: { openid },
});

const WHO: readonly Row[] = [
  calling('as a shopper', 'refundOrder', { as: ({ attacker }) => attacker, answered: refused('FORBIDDEN') }),
  calling('as the owner of the order', 'refundOrder', {
    as: ({ paid }) => paid.shopper,
    answered: refused('FORBIDDEN'),
  }),
  calling('as a shopper who says nothing, and learns nothing', 'refundOrder', {
    as: ({ attacker }) => attacker,
    data: () => ({}),
    answered: refused('FORBIDDEN'),
  }),
  calling('as an operator who was removed', 'refundOrder', {
    as: ({ former }) => former,
    answered: refused('FORBIDDEN'),
  }),
  calling('as a shopper with the openid of an operator in every field', 'refundOrder', {
    as: ({ attacker }) => attacker,
    data: claims,
    answered: refused('FORBIDDEN'),
  }),
  ...['constructor', '__proto__', 'hasOwnProperty', 'toString', '.*', '$ne', ''].map((openid) =>
    calling(`as a shopper whose openid is ${JSON.stringify(openid)}`, 'refundOrder', {
      as: ({ attacker }) => ({ ...attacker, openid }),
      answered: refused(openid === '' ? 'OPENID_MISSING' : 'FORBIDDEN'),
    }),
  ),
  ...[0, 1, 2, 3, 4, 5].map((index) =>
    calling(`as somebody whose document cannot be read, no. ${index + 1}`, 'refundOrder', {
      as: ({ misread, attacker }) => misread[index] ?? attacker,
      answered: refused('FORBIDDEN'),
    }),
  ),
  {
    name: 'refundOrder: from another function, which has no shopper',
    answered: refused('OPENID_MISSING'),
    send: (place) => answerOf(place.shop.host.callFromFunction('refundOrder', wish(place))),
  },
  {
    name: 'refundOrder: from another function, with an operator in the data',
    answered: refused('OPENID_MISSING'),
    send: (place) => answerOf(place.shop.host.callFromFunction('refundOrder', claims(place))),
  },
  {
    name: 'refundOrder: over HTTP',
    answered: 404,
    send: async (place) => {
      const body = JSON.stringify(claims(place));
      const response = await fetch(`${place.shop.gateway.url}/refundOrder`, { method: 'POST', body });
      return response.status;
    },
  },
  ...[
    'database.insertDocument',
    'database.modifyAndReturnDoc',
    'database.modifyDocument',
    'database.startTransaction',
  ].map(
    (action): Row => ({
      name: `refundOrder: after writing one's own document of operators by ${action}`,
      answered: {
        written: expect.objectContaining({ code: 'DATABASE_PERMISSION_DENIED' }),
        answer: refused('FORBIDDEN'),
      },
      send: async (place) => {
        const { shop, attacker } = place;
        const operator = JSON.stringify({ _id: attacker.openid, name: '我', active: true });
        const written = await shop.cloud.clientRead(
          {
            ...{ action, collectionName: 'operators', query: `{"_id":"${attacker.openid}"}` },
            ...{
              data: action === 'database.insertDocument' ? [operator] : operator,
              upsert: true,
              merge: true,
            },
          },
          attacker.openid,
        );
        const answer = await answerOf(shop.host.callFunction('refundOrder', wish(place), attacker));
        return { written, answer };
      },
    }),
  ),
  ...(['refunds', 'operators', 'audit'] as const).map(
    (collectionName): Row => ({
      name: `reads ${collectionName} from the mini-program, as an operator`,
      answered: expect.objectContaining({ code: 'DATABASE_PERMISSION_DENIED' }),
      send: ({ shop, operator }) =>
        shop.cloud.clientRead(
          { action: 'database.getDocument', collectionName, query: '{"_openid":"{openid}"}' },
          operator.openid,
        ),
    }),
  ),
];

/** What only an administrator may: no client gets there, and where a rule is wrong, the function refuses by itself. */
const ACTS: readonly ((place: RefundsUnderAttack) => object)[] = [
  () => ({ act: 'orders' }),
  ({ attacker }) => ({ act: 'operators.add', by: '老板', openid: attacker.openid, name: '我' }),
  (place) => ({ act: 'refund', by: '老板', request: wish(place) }),
  ({ halved, shop }) => ({
    ...{ act: 'give-up', by: '老板' },
    out_refund_no: shop.refunds(halved.out_trade_no)[0]?._id,
  }),
];
const ADMINISTRATORS: readonly Row[] = ACTS.flatMap((data, index): Row[] => [
  calling(`act ${index + 1} as a shopper`, 'operateShop', {
    ...{ as: ({ attacker }: RefundsUnderAttack) => attacker, data, answered: 'PERMISSION_DENIED' },
  }),
  calling(`act ${index + 1} as an operator`, 'operateShop', {
    ...{ as: ({ operator }: RefundsUnderAttack) => operator, data, answered: 'PERMISSION_DENIED' },
  }),
  {
    name: `operateShop: act ${index + 1} as a shopper whom the platform let through`,
    answered: refused('FORBIDDEN'),
    send: (place) => {
      const userInfo = { openId: place.operator.openid };
      return answerOf(place.shop.host.callFromFunction('operateShop', { ...data(place), userInfo }));
    },
  },
]);

/** A request of an operator that is not in good form: it is refused before anything of the shop is read. */
const malformed = (what: string, change: Change | ((place: RefundsUnderAttack) => object)): Row =>
  calling(what, 'refundOrder', {
    as: ({ operator }) => operator,
    data: (place) => (typeof change === 'function' ? change(place) : { ...wish(place), ...change }),
    answered: refused('INVALID_PARAMETERS'),
  });

const inJson = (value: unknown) => (Number.isNaN(value) ? 'NaN' : JSON.stringify(value).slice(0, 40));
const ODD_FEES = [
  ...[-1, -4800, 0.5, 999.999, 1e21, 1e308, Number.NaN, Number.MAX_SAFE_INTEGER + 1],
  ...['1000', '1e3', '', [1000], [], { $lte: 4800 }, {}, true, null],
];

const FORMS: readonly Row[] = [
  ...ODD_FEES.map((refund_fee) => malformed(`a refund_fee of ${inJson(refund_fee)}`, { refund_fee })),
  ...ODD_FEES.map((expected_refunded_fee) =>
    malformed(`an expected_refunded_fee of ${inJson(expected_refunded_fee)}`, { expected_refunded_fee }),
  ),
  ...ODD_FEES.map((expected_refunds) =>
    malformed(`an expected_refunds of ${inJson(expected_refunds)}`, { expected_refunds }),
  ),
  malformed('nothing given back and nothing taken', { refund_fee: 0 }),
  malformed('nothing given back and, so it is said, nothing taken', { refund_fee: 0, takes: 'none' }),
  ...[
    ...['ALL', 'everything', '', 'constructor', 'all ', 0, 30, true, null, ['all'], {}],
    ...[{ days: 0 }, { days: -1 }, { days: 1.5 }, { days: 3661 }, { days: '10' }, { days: null }],
    ...[{ days: { $gt: 0 } }, { days: 1, months: 1 }, { days: 1, $inc: 1 }, { months: 1 }],
  ].map((takes) => malformed(`takes of ${inJson(takes)}`, { takes })),
  ...[
    ...['', '   ', 'two\nlines', 'a\u0000b', 'a\u2028b', '\ud800', '退'.repeat(27), 'x'.repeat(900_000)],
    ...[7, null, true, ['why'], { $ne: '' }],
  ].map((reason) => malformed(`a reason of ${inJson(reason)}`, { reason })),
  ...[
    ...['', 'short', 'x'.repeat(65), `${'x'.repeat(16)}\n`, '../../../../../x', '中'.repeat(16)],
    ...[7, null, { $ne: null }, ['x'.repeat(16)]],
  ].map((request_id) => malformed(`a request_id of ${inJson(request_id)}`, { request_id })),
  ...[
    ...['', 'F'.repeat(32), '0'.repeat(31), '.*', '__proto__', 'constructor', '../users/oA'],
    ...[7, null, true, { $ne: null }, { $regex: '.*' }, ['f'.repeat(32)]],
  ].map((out_trade_no) => malformed(`an out_trade_no of ${inJson(out_trade_no)}`, { out_trade_no })),
  malformed('an out_trade_no and a line break', ({ shop, paid }) => ({
    ...shop.newRefund(paid.out_trade_no),
    out_trade_no: `${paid.out_trade_no}\n`,
  })),
  malformed('nothing', () => ({})),
  malformed('a list', (place) => Object.values(wish(place))),
  malformed('a request in its prototype', (place) =>
    JSON.parse(`{"__proto__":${JSON.stringify(wish(place))}}`),
  ),
  malformed('what is taken in a prototype', (place) => ({
    ...wish(place),
    ...{ refund_fee: 0, takes: JSON.parse('{"__proto__":{"days":30}}') },
  })),
  malformed('a constructor for a prototype', (place) => ({
    ...wish(place),
    ...JSON.parse('{"refund_fee":{"constructor":{"prototype":{"valueOf":1000}}}}'),
  })),
];

/** A request in good form that the order does not allow. */
const impossible = (
  what: string,
  errcode: string,
  change: (place: RefundsUnderAttack) => Change & { readonly out_trade_no: string },
): Row =>
  calling(what, 'refundOrder', {
    as: ({ operator }) => operator,
    data: (place) => ({ ...wish(place), ...change(place) }),
    answered: refused(errcode),
  });

const ORDERS: readonly Row[] = [
  impossible('an order that is not there', 'ORDER_NOT_FOUND', () => ({ out_trade_no: 'f'.repeat(32) })),
  impossible('an order that is not paid', 'ORDER_NOT_PAID', ({ unpaid: { out_trade_no } }) => ({
    out_trade_no,
  })),
  impossible('an order of another merchant', 'REFUND_NOT_POSSIBLE', ({ foreign }) => ({
    out_trade_no: foreign,
  })),
  ...[4801, 9600, Number.MAX_SAFE_INTEGER].map((refund_fee) =>
    impossible(`${refund_fee} fen of an order of 4800`, 'REFUND_TOO_MUCH', ({ paid: { out_trade_no } }) => ({
      ...{ out_trade_no, refund_fee },
    })),
  ),
  ...[3801, 4800].map((refund_fee) =>
    impossible(
      `${refund_fee} fen where 3800 are left`,
      'REFUND_TOO_MUCH',
      ({ halved: { out_trade_no } }) => ({
        ...{ out_trade_no, refund_fee, expected_refunded_fee: 1000 },
      }),
    ),
  ),
  impossible('one fen of an order that was given back', 'REFUND_TOO_MUCH', ({ whole }) => ({
    ...{ out_trade_no: whole.out_trade_no, refund_fee: 1, expected_refunded_fee: 4800 },
  })),
  ...[0, 999, 1001, 4800].map((expected_refunded_fee) =>
    impossible(
      `an order of which ${expected_refunded_fee} fen were thought to be given back`,
      'REFUND_CHANGED',
      ({ halved: { out_trade_no } }) => ({ out_trade_no, expected_refunded_fee }),
    ),
  ),
  ...[0, 2, Number.MAX_SAFE_INTEGER].map((expected_refunds) =>
    impossible(
      `days of an order of which ${expected_refunds} refunds were seen, and there is one`,
      'REFUND_CHANGED',
      ({ halved: { out_trade_no } }) => ({
        ...{ out_trade_no, refund_fee: 0, takes: { days: 10 } },
        ...{ expected_refunded_fee: 1000, expected_refunds },
      }),
    ),
  ),
  impossible('within a minute of the last', 'REFUND_TOO_SOON', ({ recent: { out_trade_no } }) => ({
    ...{ out_trade_no, expected_refunded_fee: 1000 },
  })),
  impossible('the fifty-first part', 'REFUND_PARTS_USED_UP', ({ parts: { out_trade_no } }) => ({
    ...{ out_trade_no, refund_fee: 1, expected_refunded_fee: PARTS },
  })),
  impossible('a year after the payment', 'REFUND_OVERDUE', ({ old: out_trade_no }) => ({ out_trade_no })),
];

const REPEATS: readonly Row[] = [
  ...[
    { refund_fee: 1001 },
    { refund_fee: 999 },
    { takes: 'all' },
    { takes: 'none' },
    { takes: { days: 18 } },
    { refund_fee: 0, takes: { days: 19 } },
  ].map((change) =>
    calling(`a request_id that was used, now with ${JSON.stringify(change)}`, 'refundOrder', {
      as: ({ operator }) => operator,
      data: ({ done }) => ({ ...done, ...change }),
      answered: refused('REQUEST_ID_REUSED'),
    }),
  ),
  calling('a request_id that was used, now for another order', 'refundOrder', {
    as: ({ operator }) => operator,
    data: ({ done, paid: { out_trade_no } }) => ({ ...done, out_trade_no }),
    answered: refused('REQUEST_ID_REUSED'),
  }),
  ...(['operator', 'other'] as const).map((who) =>
    calling(`a refund that is done, asked for again by the ${who}`, 'refundOrder', {
      as: (place) => place[who],
      data: ({ done }) => done,
      answered: expect.objectContaining({
        refund: expect.objectContaining({ state: 'SUCCESS', refund_fee: 1000 }),
      }),
    }),
  ),
  calling('a refund that is done, asked for again in other words', 'refundOrder', {
    as: ({ operator }) => operator,
    data: ({ done }) => ({ ...done, reason: '别的原因', expected_refunded_fee: 1000 }),
    answered: expect.objectContaining({ refund: expect.objectContaining({ reason: '买错了' }) }),
  }),
];

const TOUCHED = ['orders', 'refunds', 'audit', 'users', 'WeChat Pay'];

/** What WeChat has in the end, and what we have, of an order that is refunded as somebody tries. */
async function ended({ shop }: RefundsUnderAttack, out_trade_no: string): Promise<unknown> {
  const { refunds = [] } = shop.wechatpay.order(MERCHANT.mch_id, out_trade_no) ?? {};
  return {
    atWeChat: refunds.map(({ refund_fee }) => refund_fee),
    here: shop.refunds(out_trade_no).map(({ refund_fee }) => refund_fee),
    reserved: shop.stored(out_trade_no).refund_reserved_fee,
  };
}

const errcodes = (answers: readonly unknown[]) =>
  answers.map((answer) => String(Object(answer).errcode ?? 'taken')).sort();

const RACES: readonly Row[] = [
  {
    name: 'refundOrder: two operators at once',
    touches: [...TOUCHED, 'operators'],
    answered: {
      errcodes: ['REFUND_CHANGED', 'taken'],
      end: { atWeChat: [1000], here: [1000], reserved: 1000 },
    },
    async send(place) {
      const { out_trade_no } = await place.paidOrder();
      const answers = await Promise.all(
        [place.operator, place.other].map((who) =>
          place.shop.refundOrder(who, place.shop.newRefund(out_trade_no)),
        ),
      );
      return { errcodes: errcodes(answers), end: await ended(place, out_trade_no) };
    },
  },
  {
    name: 'refundOrder: two operators at once, the whole each, who both expect what is under way',
    touches: TOUCHED,
    answered: {
      errcodes: ['REFUND_CHANGED', 'taken'],
      end: { atWeChat: [4800], here: [4800], reserved: 4800 },
    },
    async send(place) {
      const { out_trade_no } = await place.paidOrder();
      const { shop, operator, other } = place;
      const answers = await Promise.all(
        [operator, other].map((who) =>
          shop.refundOrder(who, shop.newRefund(out_trade_no, { refund_fee: 4800 })),
        ),
      );
      return { errcodes: errcodes(answers), end: await ended(place, out_trade_no) };
    },
  },
  {
    name: 'refundOrder: two operators at once, who take days and give nothing back',
    touches: TOUCHED,
    answered: {
      errcodes: ['REFUND_CHANGED', 'taken'],
      end: { atWeChat: [], here: [0], reserved: 0 },
    },
    async send(place) {
      const { out_trade_no } = await place.paidOrder();
      const { shop, operator, other } = place;
      const days = { refund_fee: 0, takes: { days: 10 }, expected_refunds: 0 } as const;
      const answers = await Promise.all(
        [operator, other].map((who) => shop.refundOrder(who, shop.newRefund(out_trade_no, days))),
      );
      return { errcodes: errcodes(answers), end: await ended(place, out_trade_no) };
    },
  },
  {
    name: 'refundOrder: twenty times the same request at once',
    touches: TOUCHED,
    answered: {
      errcodes: Array.from({ length: 20 }, () => 'taken'),
      end: { atWeChat: [1000], here: [1000], reserved: 1000 },
    },
    async send(place) {
      const { out_trade_no } = await place.paidOrder();
      const request = place.shop.newRefund(out_trade_no);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => place.shop.refundOrder(place.operator, request)),
      );
      return { errcodes: errcodes(answers), end: await ended(place, out_trade_no) };
    },
  },
  {
    name: 'refundOrder: an operator and an administrator at once',
    touches: TOUCHED,
    answered: {
      errcodes: ['REFUND_CHANGED', 'taken'],
      end: { atWeChat: [1000], here: [1000], reserved: 1000 },
    },
    async send(place) {
      const { out_trade_no } = await place.paidOrder();
      const { shop, operator } = place;
      const answers = await Promise.all([
        shop.refundOrder(operator, shop.newRefund(out_trade_no)),
        shop.operate({ act: 'refund', by: '老板', request: shop.newRefund(out_trade_no) }),
      ]);
      return { errcodes: errcodes(answers), end: await ended(place, out_trade_no) };
    },
  },
  {
    name: 'refundOrder: another refund while one is under way',
    touches: TOUCHED,
    answered: { errcode: 'REFUND_OPEN', end: { atWeChat: [1000], here: [1000], reserved: 1000 } },
    async send(place) {
      const { shop, operator } = place;
      const { out_trade_no } = await place.paidOrder();
      await shop.refundOrder(operator, shop.newRefund(out_trade_no));
      const second = shop.newRefund(out_trade_no, { expected_refunded_fee: 1000 });
      const { errcode } = Object(await shop.refundOrder(operator, second));
      return { errcode, end: await ended(place, out_trade_no) };
    },
  },
];

/** Whoever has the mini-program can ask for money back; operators can ask for it wrongly, twice, and at once. */
export const refunds: Door<RefundsUnderAttack> = {
  name: 'refundOrder and operateShop',
  open: openRefunds,
  attacks: [...WHO, ...ADMINISTRATORS, ...FORMS, ...ORDERS, ...REPEATS, ...RACES],
};
