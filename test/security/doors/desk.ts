import { expect } from 'vitest';
import { alarm } from '../../../cloudfunctions/_shared/order/alarms.ts';
import type { Shopper } from '../../functions/shop.ts';
import type { Attack, Door } from '../attack.ts';
import { openShopUnderAttack, type ShopUnderAttack } from '../shop-under-attack.ts';

interface Desk extends ShopUnderAttack {
  readonly operator: Shopper;
  readonly removed: Shopper;
}

type Row = Attack<Desk>;

const refused = (errcode: string) => expect.objectContaining({ errcode, errmsg: expect.any(String) });

/** Requests that an operator is answered. */
const REQUESTS: readonly [what: string, request: (place: Desk) => object][] = [
  ['who they are', () => ({ act: 'me' })],
  ['the orders', () => ({ act: 'orders' })],
  ['their own orders', ({ attacker }) => ({ act: 'orders', search: attacker.openid })],
  ['their own order', ({ own }) => ({ act: 'order', out_trade_no: own.out_trade_no })],
  ['another shopper’s order', ({ paid }) => ({ act: 'order', out_trade_no: paid.out_trade_no })],
  ['the alarms', () => ({ act: 'alarms' })],
  ['the days of bills', () => ({ act: 'bills' })],
  ['an alarm to be done', ({ shop }) => ({ act: 'alarm.done', alarm_id: alarmIn(shop), done: true })],
];

const alarmIn = (shop: Desk['shop']) => String(shop.cloud.documents('alarms')[0]?._id);

const asking = (
  name: string,
  who: (place: Desk) => Shopper,
  request: (place: Desk) => object,
  answered: unknown,
): Row => ({
  name: `serveDesk: ${name}`,
  send: (place) => place.shop.host.callFunction('serveDesk', request(place), who(place)),
  answered,
});

const OTHERS: readonly Row[] = REQUESTS.flatMap(([what, request]) => [
  asking(`a shopper asks for ${what}`, ({ attacker }) => attacker, request, refused('FORBIDDEN')),
  asking(
    `an operator who was removed asks for ${what}`,
    ({ removed }) => removed,
    request,
    refused('FORBIDDEN'),
  ),
  asking(
    `a shopper who says to be the operator asks for ${what}`,
    ({ attacker }) => attacker,
    (place) => {
      const { openid } = place.operator;
      return {
        ...request(place),
        ...{ openid, _openid: openid, OPENID: openid, WX_OPENID: openid, by: openid, operator: true },
        userInfo: { openId: openid },
        tcbContext: { openid },
        environ: `WX_OPENID=${openid}`,
      };
    },
    refused('FORBIDDEN'),
  ),
]);

/** From a phone that an operator lost, or by an operator who tries what the pages do not offer. */
const byOperator = (name: string, request: (place: Desk) => object, answered: unknown): Row =>
  asking(`an operator sends ${name}`, ({ operator }) => operator, request, answered);

const INVALID = refused('INVALID_PARAMETERS');
const OPERATORS_OF_QUERIES = [
  { $ne: null },
  { $gt: '' },
  { $regex: '.*' },
  { $where: 'true' },
  ['f'.repeat(32)],
  7,
  true,
  null,
];
const TEXTS = [
  '',
  '.*',
  'a b',
  '{"$ne":null}',
  'f'.repeat(65),
  'x'.repeat(100_000),
  'o\n',
  '%00',
  '../orders/x',
  '中文',
];

const MALFORMED: readonly Row[] = [
  ...OPERATORS_OF_QUERIES.flatMap((value) => {
    const said = JSON.stringify(value);
    return [
      byOperator(`a search of ${said}`, () => ({ act: 'orders', search: value }), INVALID),
      byOperator(`an order number of ${said}`, () => ({ act: 'order', out_trade_no: value }), INVALID),
      byOperator(`an alarm of ${said}`, () => ({ act: 'alarm.done', alarm_id: value, done: true }), INVALID),
      byOperator(`a place of ${said}`, () => ({ act: 'orders', from: value }), INVALID),
      byOperator(`a moment of ${said}`, () => ({ act: 'orders', from: { at: value } }), INVALID),
      byOperator(
        `a last document of ${said}`,
        () => ({ act: 'alarms', from: { at: '2027-01-15T02:30:00.000Z', after_id: value } }),
        INVALID,
      ),
      ...(value === true
        ? []
        : [
            byOperator(
              `a done of ${said}`,
              ({ shop }) => ({ act: 'alarm.done', alarm_id: alarmIn(shop), done: value }),
              INVALID,
            ),
          ]),
      byOperator(`a day of ${said}`, () => ({ act: 'bills', before: value }), INVALID),
      byOperator(`an act of ${said}`, () => ({ act: value }), INVALID),
    ];
  }),
  ...TEXTS.flatMap((text) => [
    byOperator(
      `a search of ${JSON.stringify(text).slice(0, 40)}`,
      () => ({ act: 'orders', search: text }),
      INVALID,
    ),
    byOperator(
      `an order number of ${JSON.stringify(text).slice(0, 40)}`,
      () => ({ act: 'order', out_trade_no: text }),
      INVALID,
    ),
  ]),
  byOperator(
    'an alarm of 100,000 characters',
    () => ({ act: 'alarm.done', alarm_id: 'x'.repeat(100_000), done: true }),
    INVALID,
  ),
  byOperator(
    'a last document of 100,000 characters',
    () => ({ act: 'orders', from: { at: '2027-01-15T02:30:00.000Z', after_id: 'x'.repeat(100_000) } }),
    INVALID,
  ),
  ...['constructor', '__proto__', 'toString', 'orders.x', 'ME'].map((act) =>
    byOperator(`an act of ${act}`, () => ({ act }), INVALID),
  ),
  byOperator('a field that nobody knows', () => ({ act: 'me', collection: 'users' }), INVALID),
  byOperator('a filter beside the search', () => ({ act: 'orders', where: {}, limit: 1000 }), INVALID),
  byOperator(
    'an act for another',
    ({ shop, paid }) => ({ act: 'alarm.done', alarm_id: alarmIn(shop), done: true, by: paid.shopper.openid }),
    INVALID,
  ),
  byOperator('its request in the prototype', () => JSON.parse('{"__proto__":{"act":"me"}}'), INVALID),
  byOperator('nothing', () => ({}), INVALID),
  byOperator('a list', () => ['me'], INVALID),
];

/** Searches for names that objects have by themselves, and for documents of other collections. */
const NOTHING_FOUND: readonly Row[] = ['__proto__', 'constructor', 'hasOwnProperty', 'users', '0'].map(
  (search) =>
    byOperator(`a search for ${search}`, () => ({ act: 'orders', search }), {
      orders: [],
      now: expect.any(String),
    }),
);

/** The operators' function, which the platform lets every shopper call. */
export const desk: Door<Desk> = {
  name: 'the desk',
  async open() {
    const place = await openShopUnderAttack();
    const [operator, removed] = [await place.shop.newOperator(), await place.shop.newOperator()];
    await place.shop.operate({ act: 'operators.remove', by: '老板', openid: removed.openid });
    const { cloud, clock } = place.shop;
    await cloud.insert('alarms', { ...alarm('ORDER_UNKNOWN', 'x', 'y', clock.now()) });
    return { ...place, operator, removed };
  },
  attacks: [...OTHERS, ...MALFORMED, ...NOTHING_FOUND],
};
