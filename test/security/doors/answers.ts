import { expect } from 'vitest';
import type { Message } from '../../../scripts/local/wechatpay/xml.ts';
import type { Attack, Door } from '../attack.ts';
import { type Lie, type MiddleMan, standBetween } from '../middle-man.ts';
import {
  MERCHANT,
  noticeOf,
  openShopUnderAttack,
  PREVIOUS_KEY,
  type ShopUnderAttack,
  type Standing,
  signed,
} from '../shop-under-attack.ts';

interface Between extends ShopUnderAttack {
  readonly man: MiddleMan;
}

/** WeChat Pay as the shopper's page would see it fail. The order stays, and is asked about again. */
const unclear = expect.objectContaining({ errcode: 'WECHATPAY_UNAVAILABLE' });
const misconfigured = expect.objectContaining({ errcode: 'MERCHANT_MISCONFIGURED' });

type Alter = (truth: Message, order: Standing, place: Between) => Lie;

/** The owner of an unpaid order asks what WeChat says of it, and somebody else answers. */
const answering = (name: string, alter: Alter, answered: unknown = unclear): Attack<Between> => ({
  name: `orderquery is answered with ${name}`,
  touches: ['orders', 'users', 'alarms', 'WeChat Pay'],
  send: async (place) => {
    const order = await place.order();
    const before = place.man.requests;
    place.man.alter = (truth) => alter(truth, order, place);
    const answer = await place.shop.checkOrder(order.shopper, order.out_trade_no);
    place.man.alter = undefined;
    expect(place.man.requests - before).toBeLessThanOrEqual(4);
    const { trade_state, under_review } = place.shop.stored(order.out_trade_no);
    return { answer, trade_state, under_review, membership: place.shop.membership(order.shopper) };
  },
  answered: { answer: answered, trade_state: 'NOTPAY', under_review: false, membership: undefined },
});

/** The answer that a paid order gets, about this order. */
const paid = (order: Standing, { shop }: Between): Message => ({
  ...noticeOf(shop, order),
  trade_state: 'SUCCESS',
});

const ordering = (name: string, alter: (truth: Message) => Lie, answered: unknown): Attack<Between> => ({
  name: `unifiedorder is answered with ${name}`,
  touches: ['orders', 'users', 'alarms', 'WeChat Pay'],
  send: async ({ man, shop }) => {
    man.alter = alter;
    const answer = await shop.createOrder(shop.newShopper(), shop.newRequest());
    man.alter = undefined;
    return answer;
  },
  answered,
});

/** Whoever sits between the functions and WeChat Pay, and has no key. */
export const answers: Door<Between> = {
  name: 'what WeChat Pay is made to say',
  async open() {
    let target = '';
    const man = await standBetween(() => target);
    const place = await openShopUnderAttack(
      { WECHAT_PAY_BASE_URL: man.url, WECHAT_PAY_TIMEOUT_MS: '1000' },
      ({ wechatpayServer }) => (target = wechatpayServer.url),
    );
    const close = async () => {
      await place.close();
      man.close();
    };
    return { ...place, man, close };
  },
  attacks: [
    answering('a payment that nobody signed', (_, order, place) => paid(order, place)),
    answering('a payment signed with no key', (_, order, place) => signed(paid(order, place), { key: '' })),
    answering('a payment signed with another key', (_, order, place) =>
      signed(paid(order, place), { key: '0'.repeat(32) }),
    ),
    answering('a payment under the previous key, which signs no answers', (_, order, place) =>
      signed(paid(order, place), { key: PREVIOUS_KEY }),
    ),
    answering('a payment under the other algorithm', (_, order, place) =>
      signed(paid(order, place), { by: 'MD5' }),
    ),
    answering('the truth, and SUCCESS in its place', (truth) => ({ ...truth, trade_state: 'SUCCESS' })),
    answering('the truth under the sign of another order', (truth, _, { shop, paid: other }) => ({
      ...truth,
      sign: signed({ ...noticeOf(shop, other), trade_state: 'SUCCESS' }).sign ?? '',
    })),
    answering('what WeChat signed about another order', (_, __, place) => signed(paid(place.paid, place))),
    answering('a notice that WeChat signed', (_, __, { paid: { notice } }) => signed(notice)),
    answering("a paySign, which the merchant's own key made", (_, { answer }) => {
      const { paySign, ...parameters } = answer.payment;
      return { return_code: '', appId: MERCHANT.appid, ...parameters, sign: paySign };
    }),
    answering('an order that is not there, unsigned', ({ appid = '', mch_id = '' }) => ({
      ...{ return_code: 'SUCCESS', result_code: 'FAIL', err_code: 'ORDERNOTEXIST', appid, mch_id },
    })),
    answering('nothing', () => ''),
    answering('a page', () => '<html><body>Log in to the network</body></html>'),
    answering('an entity', () => '<!DOCTYPE xml [<!ENTITY a "b">]><xml><return_code>&a;</return_code></xml>'),
    answering('1 MB', () => `<xml><a>${'a'.repeat(2 ** 20)}</a></xml>`),
    answering('a redirect', (_, __, { man }) => (response) => {
      response.writeHead(302, { location: `${man.url}/pay/orderquery` }).end();
    }),
    answering('a server’s failure', () => (response) => response.writeHead(500).end('failed')),
    answering('half an answer', () => (response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('<xml>');
      setTimeout(() => response.destroy(), 20);
    }),
    answering('silence', () => () => undefined),
    answering('letters, one by one, without an end', () => (response) => {
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    }),
    answering(
      'a refusal of our sign, which cannot be signed itself',
      () => ({ return_code: 'FAIL', return_msg: '签名错误' }),
      misconfigured,
    ),
    answering(
      'a refusal that quotes far too much',
      () => ({ return_code: 'FAIL', return_msg: '错'.repeat(10_000) }),
      misconfigured,
    ),
    ordering(
      'a prepay_id that nobody signed',
      () => ({ return_code: 'SUCCESS', result_code: 'SUCCESS', prepay_id: 'wx0' }),
      unclear,
    ),
    ordering('another prepay_id than was signed', (truth) => ({ ...truth, prepay_id: 'wx0' }), unclear),
    ordering('the truth, without a prepay_id', ({ prepay_id: _, ...truth }) => truth, unclear),
  ],
};
