import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { spellTime } from '../../../scripts/local/wechatpay/spelling.ts';
import { type Message, readXml, writeXml } from '../../../scripts/local/wechatpay/xml.ts';
import type { Attack, Door } from '../attack.ts';
import {
  MERCHANT,
  noticeOf,
  openShopUnderAttack,
  PREVIOUS_KEY,
  post,
  type ShopUnderAttack,
  signed,
} from '../shop-under-attack.ts';

/** What payNotify answers whatever it does not believe. */
export function fails(status: number) {
  const text = expect.stringMatching(/^<xml><return_code><!\[CDATA\[FAIL\]\]><\/return_code><return_msg>/);
  return { status, type: 'text/xml; charset=utf-8', text };
}

const succeeds = { status: 200, type: 'text/xml; charset=utf-8', text: expect.stringContaining('SUCCESS') };

type Row = Attack<ShopUnderAttack>;

/** A body that is sent as WeChat would send it. */
const sent = (
  name: string,
  body: (place: ShopUnderAttack) => Message | string | Promise<Message>,
  answered: unknown = fails(400),
): Row => ({ name, answered, send: async (place) => post(place, await body(place)) });

/** A notice about the unpaid order of somebody else, validly signed but for what is changed. */
const forged = (name: string, forge: (notice: Message, place: ShopUnderAttack) => Message): Row =>
  sent(name, (place) => forge(noticeOf(place.shop, place.unpaid), place), fails(401));

const signedBy = (name: string, key: string | ((place: ShopUnderAttack) => string)): Row =>
  forged(`signed with ${name}`, (notice, place) =>
    signed(notice, { key: typeof key === 'string' ? key : key(place) }),
  );

const changedAfterwards = (name: string, value: string): Row =>
  forged(`${name} changed after it was signed`, (notice) => ({ ...signed(notice), [name]: value }));

/** What the attacker's phone is given with every order: signed with the very key that signs notices. */
function paySign({ own }: ShopUnderAttack): Message {
  const { paySign: sign, ...parameters } = own.answer.payment;
  return { appId: MERCHANT.appid, ...parameters, sign };
}

const empty = (names: readonly string[]): Message => Object.fromEntries(names.map((name) => [name, '']));
const NEEDED = [
  ...['result_code', 'appid', 'mch_id', 'nonce_str', 'out_trade_no'],
  ...['transaction_id', 'openid', 'total_fee', 'time_end'],
];

/** An answer of WeChat Pay, as whoever sat between it and the merchant would have it. */
async function answerOf({ shop }: ShopUnderAttack, path: string, message: Message): Promise<Message> {
  const { appid, mch_id } = MERCHANT;
  const common = { appid, mch_id, nonce_str: 'n0nce', sign_type: 'HMAC-SHA256' };
  const body = writeXml(signed({ ...common, ...message }));
  const answer = await fetch(`${shop.wechatpayServer.url}${path}`, { method: 'POST', body });
  return readXml(await answer.text());
}

function orderRequest({ shop, own }: ShopUnderAttack): Message {
  const { notify_url } = shop.weChatPayFields(own.out_trade_no);
  return {
    ...{
      total_fee: '4800',
      body: '城市 3 个月',
      trade_type: 'JSAPI',
      time_start: spellTime(shop.clock.now()),
    },
    ...{
      notify_url,
      spbill_create_ip: '10.1.2.3',
      openid: own.shopper.openid,
      out_trade_no: 'another-order-1',
    },
  };
}

/**
 * The signed text is `name=value&name=value`, and nothing in it says where a value ends: `into` swallows the fields
 * that come after it by name, up to and with `last`, and the sign stays valid.
 */
function swallowed(message: Message, into: string, last: string): Message {
  const names = Object.keys(message).filter((name) => name !== 'sign' && message[name] !== '');
  const gone = names.sort().filter((name) => name > into && name <= last);
  const kept = Object.entries(message).filter(([name]) => !gone.includes(name));
  const tail = gone.map((name) => `&${name}=${message[name]}`).join('');
  return { ...Object.fromEntries(kept), [into]: `${message[into]}${tail}` };
}

const hex = (algorithm: string, text: string) =>
  createHash(algorithm).update(text).digest('hex').toUpperCase();
const textOf = (message: Message, key = '') =>
  `${Object.keys(message)
    .sort()
    .map((name) => `${name}=${message[name]}`)
    .join('&')}${key && `&key=${key}`}`;

const SIGNED_FOR_ANOTHER_PURPOSE: readonly Row[] = [
  sent('a paySign as it is', paySign),
  sent('a paySign among empty fields, which are not signed', (place) => ({
    ...empty(['return_code', ...NEEDED]),
    ...paySign(place),
  })),
  sent('a paySign under return_code SUCCESS, all else empty', (place) => ({
    ...empty(NEEDED),
    return_code: 'SUCCESS',
    ...paySign(place),
  })),
  sent(
    'a paySign beside everything a notice has',
    (place) => ({ ...noticeOf(place.shop, place.unpaid), ...paySign(place) }),
    fails(401),
  ),
  sent('a request for an order', (place) =>
    signed({ ...orderRequest(place), appid: MERCHANT.appid, mch_id: MERCHANT.mch_id, nonce_str: 'n' }),
  ),
  sent('an answer to unifiedorder', (place) => answerOf(place, '/pay/unifiedorder', orderRequest(place))),
  sent('an answer to closeorder', (place) =>
    answerOf(place, '/pay/closeorder', { out_trade_no: 'another-order-1' }),
  ),
  sent('an answer to orderquery of an unpaid order', (place) =>
    answerOf(place, '/pay/orderquery', { out_trade_no: place.unpaid.out_trade_no }),
  ),
  sent('an answer to orderquery of no order', (place) =>
    answerOf(place, '/pay/orderquery', { out_trade_no: 'no-such-order' }),
  ),
  sent('an answer to orderquery of a refunded order', (place) =>
    answerOf(place, '/pay/orderquery', { out_trade_no: place.refunded.out_trade_no }),
  ),
].map((row) => ({ ...row, touches: ['WeChat Pay'] }));

const AMBIGUOUS: readonly Row[] = [
  ['time_end', 'trade_state', 400],
  ['openid', 'out_trade_no', 400],
  ['nonce_str', 'openid', 400],
  ['bank_type', 'total_fee', 400],
  ['return_code', 'trade_state', 400],
].map(([into, last, status]) =>
  sent(
    `an answer about a refunded order whose ${into} swallows all up to ${last}`,
    async (place) =>
      swallowed(
        await answerOf(place, '/pay/orderquery', { out_trade_no: place.refunded.out_trade_no }),
        String(into),
        String(last),
      ),
    fails(Number(status)),
  ),
);

const WRONG_SIGNS: readonly Row[] = [
  sent('no sign', ({ shop, unpaid }) => noticeOf(shop, unpaid)),
  sent('an empty sign', ({ shop, unpaid }) => ({ ...noticeOf(shop, unpaid), sign: '' })),
  sent('a sign in a field named Sign', ({ shop, unpaid }) => {
    const { sign = '', ...notice } = signed(noticeOf(shop, unpaid));
    return { ...notice, Sign: sign };
  }),
  ...[64, 32, 63, 1].map((digits) =>
    forged(`a sign of ${digits} zeros`, (notice) => ({ ...notice, sign: '0'.repeat(digits) })),
  ),
  forged('a sign of 31 kB', (notice) => ({ ...notice, sign: '0'.repeat(31_000) })),
  forged('a sign of as many characters and more bytes', (notice) => ({ ...notice, sign: '签'.repeat(64) })),
  forged('the right sign in lower case', (notice) => {
    const { sign = '', ...rest } = signed(notice);
    return { ...rest, sign: sign.toLowerCase() };
  }),
  forged('the right sign and a space', (notice) => ({ ...notice, sign: `${signed(notice).sign} ` })),
  forged('the right sign, cut to the length of an MD5', (notice) => ({
    ...notice,
    sign: signed(notice).sign?.slice(0, 32) ?? '',
  })),
  signedBy('no key at all', ''),
  signedBy('the word undefined', 'undefined'),
  signedBy('the word null', 'null'),
  signedBy('the merchant number', MERCHANT.mch_id),
  signedBy('the appid', MERCHANT.appid),
  signedBy("another merchant's key", '0'.repeat(32)),
  signedBy('the key in capitals', MERCHANT.api_key.toUpperCase()),
  signedBy('the key without its last character', MERCHANT.api_key.slice(0, -1)),
  signedBy('both keys', MERCHANT.api_key + PREVIOUS_KEY),
  signedBy("the shopper's nonce", ({ own }) => own.answer.payment.nonceStr),
  forged('a plain MD5 of the fields, which takes no key', (notice) => ({
    ...notice,
    sign: hex('md5', textOf(notice)),
  })),
  forged('a SHA-256 where an HMAC belongs', (notice) => ({ ...notice, sign: hex('sha256', textOf(notice)) })),
  forged('a sign over the fields in another order', (notice) => {
    const [first, ...rest] = textOf(notice).split('&');
    return { ...notice, sign: hex('md5', `${rest.join('&')}&${first}`) };
  }),
];

const CHANGED: readonly Row[] = [
  changedAfterwards('total_fee', '1'),
  changedAfterwards('cash_fee', '1'),
  changedAfterwards('openid', 'oAttacker'),
  changedAfterwards('transaction_id', '4200000000000000000000000000'),
  changedAfterwards('time_end', '20270115103001'),
  changedAfterwards('nonce_str', 'n1nce'),
  changedAfterwards('bank_type', 'CMC'),
  changedAfterwards('appid', 'wx0000000000000000'),
  changedAfterwards('mch_id', '1900000109'),
  forged('a cheap payment of the attacker’s own, put on another order', (_, { shop, own, unpaid }) => ({
    ...signed(noticeOf(shop, own)),
    out_trade_no: unpaid.out_trade_no,
  })),
  forged('a field more than was signed', (notice) => ({ ...signed(notice), attach: 'vip' })),
  forged('a field less than was signed', (notice) => {
    const { bank_type: _, ...rest } = signed(notice);
    return rest;
  }),
  forged('a failed attempt that now says SUCCESS', (notice) => ({
    ...signed({ ...notice, result_code: 'FAIL' }),
    result_code: 'SUCCESS',
  })),
  forged('a sign_type of its own', (notice) => ({ ...signed(notice), sign_type: 'MD5' })),
];

/** These were signed by WeChat, and arrive once more. A database call is made, and nothing is changed by it. */
const REPLAYED: readonly Row[] = [
  sent('the notice of a settled order, once more', ({ paid }) => signed(paid.notice), succeeds),
  sent(
    'the same under another transaction_id',
    ({ paid }) => signed({ ...paid.notice, transaction_id: '4200000000000000000000000000' }),
    succeeds,
  ),
  sent('the same under the previous key', ({ paid }) => signed(paid.notice, { key: PREVIOUS_KEY }), succeeds),
  sent(
    'the same with a failed result',
    ({ paid }) => signed({ ...paid.notice, result_code: 'FAIL' }),
    succeeds,
  ),
  sent(
    'the same, its bank_type swallowing cash_fee',
    ({ paid }) => swallowed(signed(paid.notice), 'bank_type', 'cash_fee'),
    succeeds,
  ),
  sent(
    'the notice of an order that was refunded since',
    ({ shop, refunded }) => signed(noticeOf(shop, refunded)),
    succeeds,
  ),
  {
    name: 'the notice of a settled order, twenty times at once',
    answered: Array.from({ length: 20 }, () => succeeds),
    send: (place: ShopUnderAttack) =>
      Promise.all(Array.from({ length: 20 }, () => post(place, signed(place.paid.notice)))),
  },
].map((row) => ({ ...row, touches: ['calls of the database'] }));

const byHttp = (
  name: string,
  init: Parameters<typeof post>[2],
  answered: unknown,
  body: (place: ShopUnderAttack) => Parameters<typeof post>[1] = ({ shop, unpaid }) =>
    signed(noticeOf(shop, unpaid), { key: '0'.repeat(32) }),
): Row => ({ name, answered, send: (place) => post(place, body(place), init) });

const noRoute = { status: 404, type: expect.anything(), text: expect.stringContaining('INVALID_PATH') };
const tooLarge = { status: 413, type: expect.anything(), text: expect.stringContaining('EXCEED_MAX') };
const query = (place: ShopUnderAttack) => new URLSearchParams(signed(noticeOf(place.shop, place.unpaid)));

const ODD_REQUESTS: readonly Row[] = [
  ...['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) =>
    byHttp(`a notice by ${method}`, { method }, fails(405), () => undefined),
  ),
  byHttp(
    'a GET that says it is a POST',
    { method: 'GET', headers: { 'x-http-method-override': 'POST' } },
    fails(405),
    () => undefined,
  ),
  byHttp('no body', {}, fails(400), () => undefined),
  byHttp('an empty body', {}, fails(400), () => ''),
  byHttp('text', {}, fails(400), () => 'paid!'),
  byHttp('JSON', { headers: { 'content-type': 'application/json' } }, fails(400), ({ shop, unpaid }) =>
    JSON.stringify(signed(noticeOf(shop, unpaid))),
  ),
  byHttp(
    'a form',
    { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    fails(400),
    (place) => `${query(place)}`,
  ),
  byHttp('a notice behind a form', {}, fails(400), ({ shop, unpaid }) => {
    return `a=1&body=${writeXml(signed(noticeOf(shop, unpaid)))}`;
  }),
  byHttp(
    'a forged notice that is called binary, so that it comes in base64',
    { headers: { 'content-type': 'application/octet-stream' } },
    fails(401),
  ),
  byHttp('bytes that are no text', {}, fails(400), () => new Uint8Array([0xff, 0xfe, 0x00, 0x80])),
  byHttp('a notice in UTF-16', {}, fails(400), ({ shop, unpaid }) => {
    return new Uint8Array(Buffer.from(writeXml(signed(noticeOf(shop, unpaid))), 'utf16le'));
  }),
  byHttp(
    'a notice in gzip',
    { headers: { 'content-encoding': 'gzip' } },
    fails(400),
    ({ shop, unpaid }) => new Uint8Array(gzipSync(writeXml(signed(noticeOf(shop, unpaid))))),
  ),
  byHttp('33 kB', {}, fails(400), () => `<xml><a>${'a'.repeat(33 * 1024)}</a></xml>`),
  byHttp('101 kB of text', {}, tooLarge, () => 'a'.repeat(101 * 1024)),
  byHttp(
    '5 MB that are called binary',
    { headers: { 'content-type': 'image/png' } },
    expect.objectContaining({ status: expect.toSatisfy((status: number) => [400, 413].includes(status)) }),
    () => new Uint8Array(5 * 2 ** 20),
  ),
  byHttp('a path below the route', { path: '/payNotify/../payNotify/%2e%2e/admin?x=1' }, noRoute),
  byHttp('the path of another function', { path: '/queryOrders' }, noRoute),
  byHttp('another function behind the route', { path: '/payNotify/..%2fqueryOrders' }, fails(401)),
  byHttp('the route in capitals', { path: '/PAYNOTIFY' }, noRoute),
  byHttp('a name that only begins as the route does', { path: '/payNotifyAll' }, noRoute),
  {
    name: 'a notice in the query, under an empty body',
    answered: fails(400),
    send: (place) => post(place, '', { path: `/payNotify?${query(place)}` }),
  },
  {
    name: 'headers that name a shopper, a timer and an address',
    answered: fails(401),
    send: (place) =>
      post(place, signed(noticeOf(place.shop, place.unpaid), { key: '' }), {
        headers: {
          ...{ 'x-wx-openid': place.unpaid.shopper.openid, 'x-wx-source': 'wx_trigger' },
          ...{ 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' },
        },
      }),
  },
];

/** Whoever knows the address of payNotify. A notice that is not believed costs no database call and wakes nobody. */
export const notices: Door<ShopUnderAttack> = {
  name: 'payNotify over HTTP',
  open: openQuiet,
  attacks: [
    ...SIGNED_FOR_ANOTHER_PURPOSE,
    ...AMBIGUOUS,
    ...WRONG_SIGNS,
    ...CHANGED,
    ...REPLAYED,
    ...ODD_REQUESTS,
  ],
};

/** A shop in whose snapshot every database call, and every line that wakes somebody, is a change. */
export async function openQuiet(): Promise<ShopUnderAttack> {
  const place = await openShopUnderAttack();
  let calls = 0;
  place.shop.trace.subscribe(({ kind, to }) => {
    if (kind === 'call' && to === 'database') calls++;
  });
  const errors = () => place.shop.host.logs.filter(({ line }) => line.includes('"level":"ERROR"')).length;
  return {
    ...place,
    snapshot: () => ({
      ...place.snapshot(),
      'calls of the database': calls,
      'lines that wake somebody': errors(),
    }),
  };
}
