import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { readBillDay } from '../../../cloudfunctions/_shared/cloud/database/stores/bills.ts';
import { DAYS_PASS } from '../../functions/shop.ts';
import type { Attack, Door } from '../attack.ts';
import { type Lie, type MiddleMan, standBetween } from '../middle-man.ts';
import { MERCHANT, openShopUnderAttack, type ShopUnderAttack, type Standing } from '../shop-under-attack.ts';

interface Between extends ShopUnderAttack {
  readonly man: MiddleMan;
}

const DAY_MS = 24 * 3_600_000;
const TITLES =
  '交易时间,商户号,微信订单号,商户订单号,交易状态,商户退款单号,商品名称,商户数据包,手续费,订单金额,申请退款金额';
const SUMS = '总交易单数,订单总金额,申请退款总金额';

interface Said {
  readonly no: string;
  readonly state?: string;
  readonly fee?: string;
  readonly refund?: string;
  readonly name?: string;
  readonly mch_id?: string;
}

const line = ({
  no,
  state = 'SUCCESS',
  fee = '48.00',
  refund = '0.00',
  name = '会员',
  mch_id = MERCHANT.mch_id,
}: Said) =>
  ['2027-01-15 10:30:00', mch_id, '42', no, state, 'r-1', name, 'local', '0.00', fee, refund]
    .map((value) => `\`${value}`)
    .join(',');

const bill = (lines: readonly string[], fee = '48.00', refund = '0.00') =>
  [TITLES, ...lines, SUMS, `\`${lines.length},\`${fee},\`${refund}`, ''].join('\n');

/** What is booked of each order. */
const statesOf = (shop: ShopUnderAttack['shop']) =>
  shop.cloud.documents('orders').map(({ _id, trade_state, refunded_fee, expires_at }) => ({
    _id,
    trade_state,
    refunded_fee,
    expires_at,
  }));

/** What becomes of a day whose bill is this. */
const reading = (
  name: string,
  lie: (unpaid: Standing, paid: Standing) => Lie,
  answered: object,
): Attack<Between> => ({
  name: `a bill with ${name}`,
  // An order that a line is about may be asked about once more; what it is stays.
  touches: ['alarms', 'bills', 'progress', 'orders'],
  send: async ({ man, shop, unpaid, paid }) => {
    const said = lie(unpaid, paid);
    const known = shop.cloud.documents('alarms').length;
    const before = statesOf(shop);
    // Only what would have been a bill is replaced: what it claims is asked about at WeChat Pay itself.
    man.alter = (truth) => (truth.error_code === undefined ? truth : said);
    await shop.clock.advance(DAY_MS);
    man.alter = undefined;
    const days = shop.cloud.documents('bills').map(readBillDay);
    const newest = days.filter(({ channel }) => channel === 'wechatpay').at(-1);
    const alarms = shop.cloud.documents('alarms').slice(known);
    // Read again from WeChat Pay itself, a day on which nothing happened is done.
    await shop.timers.runNow('reconcileBills');
    expect(statesOf(shop)).toEqual(before);
    return {
      state: newest?.state,
      payments: newest?.payments.count,
      repaired: newest?.differences.repaired,
      alarms: [...new Set(alarms.map(({ code }) => String(code)))].toSorted(),
      few: alarms.length < 10,
    };
  },
  answered: { payments: 0, repaired: 0, few: true, ...answered },
});

const oneLine = { state: 'DONE', alarms: ['BILL_UNREADABLE'] };
const others = { state: 'DONE', alarms: [] };
const notWhole = { state: 'OPEN', alarms: ['BILL_UNREADABLE'] };

/** Whoever sits between the functions and WeChat Pay says what was paid on a day. Bills are not signed. */
export const bills: Door<Between> = {
  name: 'what the bill of a day is made to say',
  async open() {
    let target = '';
    const man = await standBetween(() => target);
    const place = await openShopUnderAttack(
      { WECHAT_PAY_BASE_URL: man.url },
      ({ wechatpayServer }) => (target = wechatpayServer.url),
      DAYS_PASS,
    );
    // Days on which nothing happened: their bills are the attacker's alone.
    await place.shop.clock.advance(2 * DAY_MS);
    const close = async () => {
      await place.close();
      man.close();
    };
    return { ...place, man, close };
  },
  attacks: [
    reading('an order that nobody paid', ({ out_trade_no: no }) => bill([line({ no })]), {
      ...{ state: 'OPEN', alarms: [], payments: 1 },
    }),
    reading(
      'a refund that nobody made',
      (_, { out_trade_no: no }) => {
        const refund = line({ no, state: 'REFUND', fee: '0.00', refund: '48.00' });
        return bill([refund], '0.00', '48.00');
      },
      others,
    ),
    reading(
      'another sum for a paid order',
      (_, { out_trade_no: no }) => bill([line({ no, fee: '0.01' })], '0.01'),
      {
        ...{ state: 'DONE', alarms: ['BILL_MISMATCH'], payments: 1 },
      },
    ),
    reading('an order of this environment that is not there', () => bill([line({ no: 'made-up-1' })]), {
      ...{ state: 'DONE', alarms: ['ORDER_UNKNOWN'] },
    }),
    reading(
      'our number under another merchant',
      ({ out_trade_no: no }) => bill([line({ no, mch_id: '1900000001' })]),
      others,
    ),
    reading(
      'a word for a state that nobody knows',
      ({ out_trade_no: no }) => bill([line({ no, state: 'PAID' })]),
      others,
    ),
    ...['1e3', 'NaN', '-48.00', '0x30', '=48', '４８', '48,00', '48.001'].map((fee) =>
      reading(`${fee} as an amount`, ({ out_trade_no: no }) => bill([line({ no, fee })]), oneLine),
    ),
    reading('a formula for a number', () => bill([line({ no: "=HYPERLINK('x')" })]), oneLine),
    reading(
      'columns, quotes and a line break in a name',
      (_, { out_trade_no: no }) => bill([line({ no, name: '",`SUCCESS,`0.01\n`x' })]),
      oneLine,
    ),
    reading('an operator of the database for a number', () => bill([line({ no: '{"$gt":""}' })]), oneLine),
    reading(
      'sums in its middle',
      (_, { out_trade_no: no }) => bill([`${SUMS}\n\`0,\`0.00,\`0.00`, line({ no })]),
      {
        ...{ state: 'DONE', alarms: ['BILL_MISMATCH', 'BILL_UNREADABLE'], payments: 1 },
      },
    ),
    reading(
      '200,000 lines of nonsense',
      () => [TITLES, ...Array(200_000).fill('`nonsense,`1')].join('\n'),
      notWhole,
    ),
    reading('a line of 20 megabytes', () => `${TITLES}\n\`${'x'.repeat(20_000_000)}\n`, notWhole),
    reading(
      'no end to it',
      () => (response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        const piece = Buffer.alloc(1024 * 1024, 'x');
        const more = () =>
          void (response.writable && response.write(piece, (error) => error || setImmediate(more)));
        more();
      },
      { state: 'OPEN', alarms: [] },
    ),
    reading(
      'a bomb in it',
      () => (response) => response.end(gzipSync(Buffer.alloc(200 * 1024 * 1024))),
      notWhole,
    ),
    reading('nothing in it', () => '', notWhole),
    reading('a web page in its place', () => '<html><script>alert(1)</script></html>', notWhole),
    reading('half of it', (_, { out_trade_no: no }) => `${TITLES}\n${line({ no })}`.slice(0, -8), notWhole),
    reading(
      'more than it sums up',
      (_, { out_trade_no: no }) => bill([line({ no }), line({ no: 'x-1' })]).replace('`2,', '`1,'),
      { ...notWhole, alarms: expect.arrayContaining(['BILL_UNREADABLE']), payments: 1 },
    ),
  ],
};
