import { expect } from 'vitest';
import type { Attack, Door } from '../attack.ts';
import { noticeOf, post, type ShopUnderAttack, signed } from '../shop-under-attack.ts';
import { openQuiet } from './notices.ts';

const times = <Result>(count: number, work: (turn: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, turn) => work(turn)));

const statuses = async (count: number, send: (turn: number) => Promise<{ status: number }>) => [
  ...new Set((await times(count, send)).map(({ status }) => status)),
];

/** Alarms about a subject, or all of them. */
const alarms = ({ shop }: ShopUnderAttack) => shop.cloud.documents('alarms').length;

const ROWS: readonly Attack<ShopUnderAttack>[] = [
  {
    name: '500 forged notices at once cost no database call and wake nobody',
    answered: [401],
    send: (place) =>
      statuses(500, (turn) => {
        const notice = noticeOf(place.shop, place.unpaid);
        return post(place, { ...notice, nonce_str: `n${turn}`, sign: 'F'.repeat(64) });
      }),
  },
  {
    name: '500 forged notices about as many orders leave as many alarms as none',
    answered: [401],
    send: (place) =>
      statuses(500, (turn) =>
        post(place, {
          ...noticeOf(place.shop, place.unpaid),
          out_trade_no: `of-${turn}`,
          sign: '0'.repeat(32),
        }),
      ),
  },
  {
    name: '50 orders of one shopper at once: five are taken, or a few more that were under way',
    touches: ['orders', 'users', 'WeChat Pay', 'calls of the database'],
    answered: { after: 'TOO_MANY_UNPAID_ORDERS' },
    send: async ({ shop }) => {
      const shopper = shop.newShopper();
      await times(50, () => shop.createOrder(shopper, shop.newRequest()));
      const orders = shop.cloud.documents('orders').filter(({ _openid }) => _openid === shopper.openid);
      expect(orders.length).toBeLessThanOrEqual(10);
      const next = await shop.createOrder(shopper, shop.newRequest());
      return { after: 'errcode' in next && next.errcode };
    },
  },
  {
    name: 'one request 50 times at once is one order, asked for once',
    touches: ['orders', 'users', 'WeChat Pay', 'calls of the database'],
    answered: { orders: 1 },
    send: async ({ shop }) => {
      const shopper = shop.newShopper();
      const request = shop.newRequest();
      await times(50, () => shop.createOrder(shopper, request));
      const orders = shop.cloud.documents('orders').filter(({ _openid }) => _openid === shopper.openid);
      return { orders: orders.length };
    },
  },
  {
    name: '50 questions about an order at once are one question to WeChat Pay',
    touches: ['orders', 'users', 'WeChat Pay', 'calls of the database'],
    answered: { asked: 1 },
    send: async (place) => {
      const { shop } = place;
      // Warm instances first: on a busy machine three real seconds can pass while they start.
      await times(10, () => shop.checkOrder(place.attacker, '0'.repeat(32)));
      const { shopper, out_trade_no } = await place.order();
      await times(50, () => shop.checkOrder(shopper, out_trade_no));
      return { asked: shop.asked('/pay/orderquery', out_trade_no) };
    },
  },
  {
    name: '50 questions about another’s order are none',
    touches: ['calls of the database'],
    answered: { asked: 0 },
    send: async ({ shop, attacker, unpaid: { out_trade_no } }) => {
      const asked = shop.asked('/pay/orderquery', out_trade_no);
      await times(50, () => shop.checkOrder(attacker, out_trade_no));
      return { asked: shop.asked('/pay/orderquery', out_trade_no) - asked };
    },
  },
  {
    name: '50 calls with nonsense leave nothing behind',
    answered: ['INVALID_PARAMETERS'],
    send: async ({ shop, attacker }) => {
      const answers = await times(50, (turn) => shop.createOrder(attacker, { request_id: 'x'.repeat(turn) }));
      return [...new Set(answers.map((answer) => 'errcode' in answer && answer.errcode))];
    },
  },
  {
    name: 'what a key of ours signed, and is not for us, is one alarm however often it comes',
    touches: ['alarms', 'calls of the database', 'lines that wake somebody'],
    answered: { statuses: [403], alarms: 1 },
    send: async (place) => {
      const before = alarms(place);
      const notice = { ...noticeOf(place.shop, place.unpaid), mch_id: '1900000001' };
      const answered = await statuses(50, () => post(place, signed(notice)));
      return { statuses: answered, alarms: alarms(place) - before };
    },
  },
];

/** Many at once, by the doors that anybody has. */
export const floods: Door<ShopUnderAttack> = { name: 'floods', open: openQuiet, attacks: ROWS };
