import { createCipheriv, createHash } from 'node:crypto';
import { expect } from 'vitest';
import { type Message, writeXml } from '../../../scripts/local/wechatpay/xml.ts';
import type { Attack, Door } from '../attack.ts';
import { MERCHANT, PREVIOUS_KEY, post } from '../shop-under-attack.ts';
import { fails } from './notices.ts';
import { openRefunds, type RefundsUnderAttack } from './refunds.ts';

/** The shop of refunds, in whose snapshot every database call, and every question to WeChat Pay, is a change. */
interface QuietRefunds extends RefundsUnderAttack {
  /** The refund of `halved` that is done. */
  readonly out_refund_no: string;
}

async function openQuietRefunds(): Promise<QuietRefunds> {
  const place = await openRefunds();
  const counts = { database: 0, wechatpay: 0 };
  place.shop.trace.subscribe(({ kind, to }) => {
    if (kind === 'call' && (to === 'database' || to === 'wechatpay')) counts[to]++;
  });
  const errors = () => place.shop.host.logs.filter(({ line }) => line.includes('"level":"ERROR"')).length;
  return {
    ...place,
    out_refund_no: place.shop.refunds(place.halved.out_trade_no)[0]?._id ?? '',
    snapshot: () => ({
      ...place.snapshot(),
      'calls of the database': counts.database,
      'questions to WeChat Pay': counts.wechatpay,
      'lines that wake somebody': errors(),
    }),
  };
}

const CALLS = ['calls of the database'];
const ASKED = [...CALLS, 'questions to WeChat Pay'];

type Row = Attack<QuietRefunds>;

const succeeds = { status: 200, type: 'text/xml; charset=utf-8', text: expect.stringContaining('SUCCESS') };

/** What a notice of a refund says inside. */
function contentOf({ halved, out_refund_no }: QuietRefunds, change: Message = {}): Message {
  return {
    ...{ out_trade_no: halved.out_trade_no, out_refund_no, refund_status: 'SUCCESS' },
    ...{ total_fee: '4800', settlement_total_fee: '4800', refund_fee: '1000', settlement_refund_fee: '1000' },
    ...{ refund_id: '50000000000000000000000000001', success_time: '2027-01-15 10:30:20' },
    ...{ transaction_id: '4200009999202701150000000001', refund_request_source: 'API' },
    ...{ refund_account: 'REFUND_SOURCE_RECHARGE_FUNDS', refund_recv_accout: '支付用户零钱', ...change },
  };
}

const asRoot = (content: Message) =>
  writeXml(content)
    .replace('<xml>', '<root>')
    .replace(/<\/xml>$/, '</root>');
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** Encrypts as WeChat does: AES-256-ECB under the MD5 of the key. */
function encrypted(text: string, key: string = md5(MERCHANT.api_key), cipher = 'aes-256-ecb'): Buffer {
  const iv = cipher.endsWith('ecb') ? null : Buffer.alloc(16);
  const encryption = createCipheriv(cipher, key, iv);
  return Buffer.concat([encryption.update(text, 'utf8'), encryption.final()]);
}

const noticeOf = (req_info: string | Buffer, change: Message = {}): Message => ({
  ...{ return_code: 'SUCCESS', appid: MERCHANT.appid, mch_id: MERCHANT.mch_id, nonce_str: 'n0nce' },
  req_info: typeof req_info === 'string' ? req_info : req_info.toString('base64'),
  ...change,
});

const sent = (
  name: string,
  body: (place: QuietRefunds) => Message | string,
  answered: unknown,
  { touches = [], after }: Pick<Row, 'touches' | 'after'> = {},
): Row => ({
  ...{ name, answered, touches, ...(after && { after }) },
  send: (place) => post(place, body(place), { path: '/refundNotify' }),
});

/** A notice about somebody's refund that was encrypted in another way than WeChat encrypts it. */
const lockedBy = (name: string, encrypt: (text: string) => string | Buffer): Row =>
  sent(`encrypted ${name}`, (place) => noticeOf(encrypt(asRoot(contentOf(place)))), fails(401));

/** The blocks of an encrypted text: under ECB each is encrypted for itself, so that they can be cut and pasted. */
const blocksOf = (bytes: Buffer): Buffer[] =>
  Array.from({ length: bytes.length / 16 }, (_, index) => bytes.subarray(index * 16, (index + 1) * 16));

const UNREADABLE: readonly Row[] = [
  sent('no req_info', (place) => ({ ...contentOf(place), ...noticeOf(''), req_info: '' }), fails(400)),
  sent('all of it in the open', contentOf, fails(400)),
  sent(
    'in the open beside what anybody can send',
    (place) => ({ ...noticeOf('AAAA'), ...contentOf(place) }),
    {
      ...fails(401),
    },
  ),
  sent('in the open, in base64', (place) => noticeOf(Buffer.from(asRoot(contentOf(place)))), fails(401)),
  sent('no base64', () => noticeOf('%%%'), fails(401)),
  sent('one block of zeros', () => noticeOf(Buffer.alloc(16)), fails(401)),
  sent('31 kB of zeros', () => noticeOf(Buffer.alloc(22_000)), fails(401)),
  sent('33 kB', () => noticeOf('A'.repeat(33 * 1024)), fails(400)),
  sent(
    'return_code FAIL',
    (place) => noticeOf(encrypted(asRoot(contentOf(place))), { return_code: 'FAIL' }),
    {
      ...fails(400),
    },
  ),
  sent('no mch_id', (place) => noticeOf(encrypted(asRoot(contentOf(place))), { mch_id: '' }), fails(400)),
  sent('a notice of a payment', ({ paid }) => ({ ...paid.notice }), fails(400)),
  sent('no message', () => 'paid back!', fails(400)),
  lockedBy('with the key itself', (text) => encrypted(text, MERCHANT.api_key)),
  lockedBy('under no key', (text) => encrypted(text, md5(''))),
  lockedBy("under another merchant's key", (text) => encrypted(text, md5('0'.repeat(32)))),
  lockedBy('under the merchant number', (text) => encrypted(text, md5(MERCHANT.mch_id))),
  lockedBy('under the MD5 in capitals', (text) => encrypted(text, md5(MERCHANT.api_key).toUpperCase())),
  lockedBy('by CBC', (text) => encrypted(text, md5(MERCHANT.api_key), 'aes-256-cbc')),
  lockedBy('and cut in the middle of a block', (text) => encrypted(text).subarray(0, -5)),
  lockedBy('and cut after a block', (text) => encrypted(text).subarray(0, -16)),
  lockedBy('and without its first block', (text) => encrypted(text).subarray(16)),
  lockedBy('with its blocks in another order', (text) => Buffer.concat(blocksOf(encrypted(text)).reverse())),
];

/** Texts that the right key opens, as only WeChat, or whoever stole the key, can write them. */
const opened = (name: string, text: (place: QuietRefunds) => string, status: number): Row =>
  sent(`under the right key: ${name}`, (place) => noticeOf(encrypted(text(place))), fails(status));

const NO_CONTENT: readonly Row[] = [
  opened('nothing', () => '', 401),
  opened('no message', () => 'paid back!', 401),
  opened('a message under xml', (place) => writeXml(contentOf(place)), 401),
  opened(
    'an entity',
    () => '<!DOCTYPE root [<!ENTITY a "b">]><root><out_trade_no>&a;</out_trade_no></root>',
    401,
  ),
  opened('elements within elements', () => '<root><out_trade_no><a>1</a></out_trade_no></root>', 401),
  opened(
    'the order twice',
    (place) => asRoot(contentOf(place)).replace('</root>', '<out_trade_no>x</out_trade_no></root>'),
    401,
  ),
];

/** Notices that WeChat might have sent, and that are not so: WeChat is asked, and its word counts. */
const BELIEVED_AFTER_ASKING: readonly Row[] = [
  ...[1, 2].map((time) =>
    sent(
      `replayed: a refund that is booked, time ${time}`,
      (place) => noticeOf(encrypted(asRoot(contentOf(place)))),
      succeeds,
      { touches: CALLS },
    ),
  ),
  sent(
    'replayed under the previous key',
    (place) => noticeOf(encrypted(asRoot(contentOf(place)), md5(PREVIOUS_KEY))),
    succeeds,
    { touches: CALLS },
  ),
  {
    name: 'replayed twenty times at once',
    answered: Array.from({ length: 20 }, () => succeeds),
    touches: CALLS,
    send: (place) => {
      const body = noticeOf(encrypted(asRoot(contentOf(place))));
      return Promise.all(Array.from({ length: 20 }, () => post(place, body, { path: '/refundNotify' })));
    },
  },
  ...[
    { refund_fee: '4800', settlement_refund_fee: '4800' },
    { refund_fee: '1', total_fee: '1' },
    { refund_fee: '-1000' },
    { refund_status: 'REFUNDCLOSE' },
    { refund_status: 'CHANGE' },
  ].map((change) =>
    sent(
      `a refund that is booked, now with ${JSON.stringify(change)}`,
      (place) => noticeOf(encrypted(asRoot(contentOf(place, change)))),
      succeeds,
      { touches: CALLS },
    ),
  ),
  sent(
    'the refund of another order',
    (place) => noticeOf(encrypted(asRoot(contentOf(place, { out_trade_no: place.paid.out_trade_no })))),
    fails(403),
    { touches: CALLS },
  ),
  sent(
    'a refund that nobody made',
    (place) => noticeOf(encrypted(asRoot(contentOf(place, { out_refund_no: 'f'.repeat(32) })))),
    fails(403),
    // The timer looks once more, since WeChat may be late to show a refund that somebody did make.
    { touches: [...ASKED, 'orders'] },
  ),
  sent(
    'a refund of an order that is not paid',
    (place) =>
      noticeOf(
        encrypted(
          asRoot(
            contentOf(place, {
              ...{ out_trade_no: place.unpaid.out_trade_no, out_refund_no: 'f'.repeat(32) },
            }),
          ),
        ),
      ),
    fails(403),
    {
      touches: [...ASKED, 'orders'],
      after: ({ shop, unpaid }) => {
        expect(shop.stored(unpaid.out_trade_no)).toMatchObject({ trade_state: 'NOTPAY', expires_at: null });
      },
    },
  ),
  sent(
    'the refund of an order of another merchant number',
    (place) => noticeOf(encrypted(asRoot(contentOf(place, { out_trade_no: place.foreign })))),
    fails(403),
    { touches: CALLS },
  ),
  sent(
    'a refund that nobody made, of an order of another merchant number: it cannot be asked about here',
    (place) =>
      noticeOf(
        encrypted(asRoot(contentOf(place, { out_trade_no: place.foreign, out_refund_no: 'f'.repeat(32) }))),
      ),
    fails(500),
    { touches: [...CALLS, 'alarms', 'lines that wake somebody'] },
  ),
  sent(
    'a refund of an order that is not there: somebody is alerted',
    (place) =>
      noticeOf(
        encrypted(asRoot(contentOf(place, { out_trade_no: 'f'.repeat(32), out_refund_no: 'e'.repeat(32) }))),
      ),
    fails(403),
    {
      touches: [...CALLS, 'alarms', 'lines that wake somebody'],
      after: ({ shop }) => expect(shop.alarms('f'.repeat(32))).toEqual(['ORDER_UNKNOWN']),
    },
  ),
  sent(
    'a right notice in a message of another merchant: somebody is alerted',
    (place) => noticeOf(encrypted(asRoot(contentOf(place))), { mch_id: '1900000117' }),
    fails(403),
    {
      touches: [...CALLS, 'alarms', 'lines that wake somebody'],
      after: ({ shop, halved }) => expect(shop.alarms(halved.out_trade_no)).toEqual(['NOTICE_REFUSED']),
    },
  ),
];

const TOUCHED = [...ASKED, 'orders', 'refunds', 'audit', 'users', 'WeChat Pay'];

/** A refund that WeChat still works on, and a notice that says how it ended. */
const early = (refund_status: string): Row => ({
  name: `a refund that WeChat still works on, with ${refund_status}`,
  touches: TOUCHED,
  answered: { reply: succeeds, states: ['PROCESSING'], reserved: 1000, refunded: 0 },
  async send(place) {
    const { shop, operator } = place;
    const { out_trade_no } = await place.paidOrder();
    await shop.refundOrder(operator, shop.newRefund(out_trade_no));
    const out_refund_no = shop.refunds(out_trade_no)[0]?._id ?? '';
    const content = contentOf(place, { out_trade_no, out_refund_no, refund_status });
    const reply = await post(place, noticeOf(encrypted(asRoot(content))), { path: '/refundNotify' });
    const { refund_reserved_fee: reserved = 0, refunded_fee: refunded = 0 } = shop.stored(out_trade_no);
    return { reply, states: shop.refunds(out_trade_no).map(({ state }) => state), reserved, refunded };
  },
});

/** Staff gave something back, and the notice of it lies about how much: what WeChat answers is booked. */
const lying: Row = {
  name: 'a refund of 1000 fen in the merchant platform, told as the whole',
  touches: [...TOUCHED, 'alarms', 'lines that wake somebody'],
  answered: { reply: succeeds, refunded: 1000, takes: ['none'] },
  async send(place) {
    const { shop } = place;
    const { out_trade_no } = await place.paidOrder();
    const out_refund_no = shop.wechatpay.refundByStaff(MERCHANT.mch_id, out_trade_no, { refund_fee: 1000 });
    await shop.clock.advance(30_000);
    const content = contentOf(place, { out_trade_no, out_refund_no, refund_fee: '4800' });
    const reply = await post(place, noticeOf(encrypted(asRoot(content))), { path: '/refundNotify' });
    const refunds = shop.refunds(out_trade_no);
    return {
      reply,
      refunded: shop.stored(out_trade_no).refunded_fee,
      takes: refunds.map(({ takes }) => takes),
    };
  },
};

const byHttp: readonly Row[] = ['GET', 'PUT', 'DELETE', 'OPTIONS'].map((method) => ({
  name: `a notice by ${method}`,
  answered: fails(405),
  send: (place) => post(place, undefined, { path: '/refundNotify', method }),
}));

/** Whoever knows the address of refundNotify. A notice that no key of ours opens costs no database call. */
export const refundNotices: Door<QuietRefunds> = {
  name: 'refundNotify over HTTP',
  open: openQuietRefunds,
  attacks: [
    ...UNREADABLE,
    ...NO_CONTENT,
    ...byHttp,
    ...BELIEVED_AFTER_ASKING,
    early('SUCCESS'),
    early('REFUNDCLOSE'),
    lying,
  ],
};
