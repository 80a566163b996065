import { expect } from 'vitest';
import { REMINDER_TEMPLATE } from '../../../scripts/local/local-world.ts';
import type { Attack, Door } from '../attack.ts';
import { openShopUnderAttack, type ShopUnderAttack } from '../shop-under-attack.ts';
import { call, refused } from './calling.ts';

type Row = Attack<ShopUnderAttack>;

const TIMER = { Type: 'Timer', TriggerName: 'sendReminders', Time: '2027-01-15T02:30:00Z' };

const CLOSED: readonly Row[] = [
  ['as a shopper', {}],
  ['as a shopper who says to be the timer', TIMER],
  ['as a shopper who says to be nobody', { ...TIMER, userInfo: null, openid: '', environment: '{}' }],
].map(([what, data]) => ({
  name: `sendReminders: ${what}`,
  send: (place) => call(place, 'sendReminders', Object(data)),
  answered: 'PERMISSION_DENIED',
}));

/** Nothing is stored, and the next run of the timer sends nobody anything. */
const agreeing = (what: string, data: (place: ShopUnderAttack) => object, errcode: string): Row => ({
  name: `a shopper agrees ${what}`,
  async send(place) {
    const answer = await call(place, 'checkOrder', data(place));
    const run = await place.shop.timers.runNow('sendReminders');
    return { answer, run: run.kind, received: place.shop.weixin.subscriptions.received().length };
  },
  answered: { answer: refused(errcode), run: 'answered', received: 0 },
});

const FORGED: readonly Row[] = [
  ...(['unpaid', 'paid', 'refunded'] as const).map((which) =>
    agreeing(
      `for another, whose order is ${which}`,
      (place) => ({ out_trade_no: place[which].out_trade_no, remind: true }),
      'ORDER_NOT_FOUND',
    ),
  ),
  agreeing(
    'under the openid of another',
    ({ paid }) => {
      const { openid } = paid.shopper;
      const identity = { openid, _openid: openid, OPENID: openid, userInfo: { openId: openid } };
      return { out_trade_no: paid.out_trade_no, remind: true, ...identity, environ: `WX_OPENID=${openid}` };
    },
    'ORDER_NOT_FOUND',
  ),
  agreeing('for no order', () => ({ out_trade_no: 'f'.repeat(32), remind: true }), 'ORDER_NOT_FOUND'),
  ...['true', 1, 'yes', false, null, [true], {}, { $ne: false }].map((remind) =>
    agreeing(
      `with ${JSON.stringify(remind)}`,
      ({ own }) => ({ out_trade_no: own.out_trade_no, remind }),
      'INVALID_PARAMETERS',
    ),
  ),
];

/** What of a call is kept is the order's own, whatever else it says. */
const claiming = (what: string, claim: (place: ShopUnderAttack) => object): Row => ({
  name: `a shopper agrees for their own order, and says ${what}`,
  touches: ['orders', 'reminders'],
  async send(place) {
    const { shop, own } = place;
    await call(place, 'checkOrder', { ...claim(place), out_trade_no: own.out_trade_no, remind: true });
    await shop.timers.runNow('sendReminders');
    const kept = shop.cloud.documents('reminders').map((document) => ({ ...document, _id: '' }));
    return { kept, received: shop.weixin.subscriptions.received().length };
  },
  answered: expect.anything(),
  after: ({ attacker }, answer) =>
    expect(answer).toEqual({
      kept: [
        {
          ...{ _id: '', _openid: attacker.openid, appid: attacker.appid },
          ...{ membership: 'city', product_id: 'city', months: 3, tried_at: null },
          ...{ agreed_at: expect.any(Date), due_at: expect.any(Date) },
        },
      ],
      received: 0,
    }),
});

const CLAIMS: readonly Row[] = [
  claiming('another openid', ({ paid }) => {
    const { openid } = paid.shopper;
    return { openid, _openid: openid, touser: openid, userInfo: { openId: openid } };
  }),
  claiming('another template, page and text', () => ({
    ...{ template_id: 'another-template-of-the-attacker', page: 'pages/evil/evil', lang: 'en_US' },
    ...{ data: { thing1: { value: '请联系客服' } }, name: '请联系客服', miniprogram_state: 'developer' },
  })),
  claiming('another product and membership', () => ({
    ...{ product_id: 'premium', membership: 'premium', months: 120, grants: [] },
  })),
  claiming('that it is due now, and was never sent', () => ({
    ...{ due_at: new Date(0), tried_at: null, agreed_at: new Date(0), _id: 'mine' },
  })),
  {
    name: 'a shopper agrees a hundred times at once',
    touches: ['orders', 'reminders'],
    async send(place) {
      const request = { out_trade_no: place.own.out_trade_no, remind: true };
      await Promise.all(Array.from({ length: 100 }, () => call(place, 'checkOrder', request)));
      return place.shop.cloud.documents('reminders').length;
    },
    answered: 1,
  },
];

const DENIED = 'DATABASE_PERMISSION_DENIED';

/** What a mini-program's own API would not send, and whoever speaks the wire can. */
const asking = (what: string, request: (place: ShopUnderAttack) => object): Row => ({
  name: `a shopper ${what} in the database`,
  async send(place) {
    const call = { collectionName: 'reminders', ...request(place) };
    const answer = await place.shop.cloud.clientRead(
      { action: 'database.getDocument', ...call },
      place.attacker.openid,
    );
    return 'code' in answer ? answer.code : answer;
  },
  answered: expect.toSatisfy((answer) => [DENIED, 'INVALID_ACTION'].includes(String(answer)), 'a refusal'),
});

const WRITES: readonly Row[] = [
  asking('reads who is reminded', () => ({ query: '{}' })),
  asking('reads their own reminders', () => ({ query: '{"_openid":"{openid}"}' })),
  asking('agrees for another', ({ paid }) => ({
    action: 'database.insertDocument',
    data: [JSON.stringify({ _openid: paid.shopper.openid, membership: 'city', due_at: { $date: 0 } })],
  })),
  asking('makes a reminder due', () => ({
    ...{ action: 'database.modifyDocument', query: '{"_openid":"{openid}"}', merge: true, multi: true },
    data: '{"$set":{"due_at":{"$date":0},"tried_at":null}}',
  })),
];

/** Whoever is reminded, of what, and in which words, is nobody's to say but the shopper's own phone for their own order. */
export const reminders: Door<ShopUnderAttack> = {
  name: 'reminders',
  async open() {
    const place = await openShopUnderAttack({
      REMINDER_TEMPLATE_ID: REMINDER_TEMPLATE.id,
      REMINDER_FIELDS: 'thing1=name,time2=end,thing3=note',
    });
    // Everybody here takes messages: what keeps them away is not WeChat.
    const { attacker, unpaid, paid, refunded, shop } = place;
    for (const { openid } of [attacker, unpaid.shopper, paid.shopper, refunded.shopper])
      shop.weixin.subscriptions.answer(openid, REMINDER_TEMPLATE.id, 'accept');
    return place;
  },
  attacks: [...CLOSED, ...FORGED, ...CLAIMS, ...WRITES],
};
