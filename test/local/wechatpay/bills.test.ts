import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { sign } from '../../../scripts/local/wechatpay/sign.ts';
import { readXml, writeXml } from '../../../scripts/local/wechatpay/xml.ts';
import {
  APPID,
  BIRTH,
  createWorld,
  DAY_MS,
  HOUR_MS,
  MERCHANT,
  MINUTE_MS,
  OTHER,
  OUT_TRADE_NO,
} from './world.ts';

/** The world begins at noon in Beijing. */
const DAY = '20270115';
const NINE_NEXT_MORNING = BIRTH + 21 * HOUR_MS;

type World = ReturnType<typeof createWorld>;
type Parameters = Readonly<Record<string, string>>;

/** What downloadbill answers: the lines of a bill, or the fields of a refusal. */
async function download({ wechatpay }: World, parameters: Parameters = {}, key = MERCHANT.api_key) {
  const common = { appid: APPID, mch_id: MERCHANT.mch_id, nonce_str: 'n', bill_date: DAY };
  const request = Object.fromEntries(
    Object.entries({ ...common, ...parameters }).filter(([, value]) => value),
  );
  const body = writeXml({ ...request, sign: sign(request, key, 'MD5') });
  const { file, body: text } = await wechatpay.handle('/pay/downloadbill', 'POST', Buffer.from(body));
  if (!file) return { refused: readXml(text), lines: [] };
  const bill = parameters.tar_type === 'GZIP' ? gunzipSync(file) : file;
  return { refused: undefined, lines: bill.toString('utf8').split('\r\n') };
}

/** The values of one line, by the titles of the first. */
function valuesOf(lines: readonly string[], line: number): Record<string, string> {
  const titles = (lines[0] ?? '').replace('\uFEFF', '').split(',');
  const values = (lines[line] ?? '').slice(1).split(',`');
  return Object.fromEntries(titles.map((title, place) => [title, values[place] ?? '']));
}

/** A world with one order that is paid, at nine o'clock of the next morning. */
async function paidYesterday(parameters: Parameters = {}): Promise<World> {
  const world = createWorld();
  await world.order(parameters);
  world.wechatpay.force(MERCHANT.mch_id, OUT_TRADE_NO, 'SUCCESS');
  await world.clock.advance(21 * HOUR_MS);
  expect(world.clock.now().getTime()).toBe(NINE_NEXT_MORNING);
  return world;
}

test('a payment is a line, with yuan, a backtick before each value, and the sums at the end', async () => {
  const { lines } = await download(await paidYesterday({ attach: 'shop-1' }));
  expect(lines[0]?.startsWith('\uFEFF交易时间,公众账号ID,商户号')).toBe(true);
  expect(valuesOf(lines, 1)).toMatchObject({
    交易时间: '2027-01-15 12:00:00',
    公众账号ID: APPID,
    商户号: MERCHANT.mch_id,
    商户订单号: OUT_TRADE_NO,
    交易状态: 'SUCCESS',
    应结订单金额: '48.00',
    订单金额: '48.00',
    申请退款金额: '0.00',
    商户数据包: 'shop-1',
    手续费: '0.29000',
    费率: '0.60%',
  });
  expect(lines.slice(2)).toEqual([
    '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额',
    '`1,`48.00,`0.00,`0.00,`0.29000,`48.00,`0.00',
    '',
  ]);
});

test('packed, it is the same', async () => {
  const world = await paidYesterday();
  const { lines } = await download(world);
  expect((await download(world, { tar_type: 'GZIP' })).lines).toEqual(lines);
});

test('a refund is a line of the day it was asked for, with its own number and state', async () => {
  const world = createWorld();
  await world.order();
  world.wechatpay.force(MERCHANT.mch_id, OUT_TRADE_NO, 'SUCCESS');
  const out_refund_no = world.wechatpay.refundByStaff(MERCHANT.mch_id, OUT_TRADE_NO, { refund_fee: 1800 });
  await world.clock.advance(MINUTE_MS);
  const late = world.wechatpay.refundByStaff(MERCHANT.mch_id, OUT_TRADE_NO, { refund_fee: 1000 });
  await world.clock.advance(21 * HOUR_MS);
  const { lines } = await download(world);
  const shown = [1, 2, 3].map((line) => valuesOf(lines, line));
  expect(
    shown.map(({ 交易状态, 商户退款单号, 申请退款金额, 订单金额 }) => [
      交易状态,
      商户退款单号,
      申请退款金额,
      订单金额,
    ]),
  ).toEqual([
    ['REFUND', out_refund_no, '18.00', '0.00'],
    ['REFUND', late, '10.00', '0.00'],
    ['SUCCESS', '0', '0.00', '48.00'],
  ]);
  expect(shown[0]).toMatchObject({ 退款状态: 'SUCCESS', 手续费: '-0.11000' });
  expect(lines.at(-2)).toBe('`3,`48.00,`28.00,`0.00,`0.12000,`48.00,`28.00');
});

test.each([
  ['ALL', 27, ['REFUND', 'SUCCESS']],
  ['SUCCESS', 27, ['SUCCESS']],
  ['REFUND', 29, ['REFUND']],
])('bill_type %s has %d columns and its own lines', async (bill_type, columns, states) => {
  const world = createWorld();
  await world.order();
  world.wechatpay.force(MERCHANT.mch_id, OUT_TRADE_NO, 'SUCCESS');
  world.wechatpay.refundByStaff(MERCHANT.mch_id, OUT_TRADE_NO);
  await world.clock.advance(21 * HOUR_MS);
  const { lines } = await download(world, { bill_type });
  expect(lines[0]?.split(',')).toHaveLength(columns);
  expect(states.map((_, n) => valuesOf(lines, n + 1).交易状态)).toEqual(states);
  expect(lines).toHaveLength(states.length + 4);
});

describe('what it refuses, in XML without a sign', () => {
  const cases: readonly (readonly [string, Parameters, string, string])[] = [
    ['a day on which nothing happened', { bill_date: '20270114' }, 'No Bill Exist', '20002'],
    ['today', { bill_date: '20270116' }, 'No Bill Exist', '20002'],
    ['a day to come', { bill_date: '20270301' }, 'No Bill Exist', '20002'],
    ['a day over three months ago', { bill_date: '20261001' }, 'No Bill Exist', '20002'],
    ['no day', { bill_date: '' }, 'missing parameter', '20001'],
    ['a day that is none', { bill_date: '20270230' }, 'data format error', '20001'],
    ['a day with dashes', { bill_date: '2027-1-5' }, 'data format error', '20001'],
    ['a bill_type that is none', { bill_type: 'all' }, 'invalid bill_type', '20001'],
    [
      'refunds of recharged coupons, of which there are none',
      { bill_type: 'RECHARGE_REFUND' },
      'No Bill Exist',
      '20002',
    ],
    ['another packing', { tar_type: 'ZIP' }, 'data format error', '20001'],
    ['a merchant that is none', { mch_id: '1999999999' }, '商户号mch_id或sub_mch_id不存在', '20001'],
    ['an app of another merchant', { appid: OTHER.appids[0] ?? '' }, '商户号mch_id与appid不匹配', '20001'],
  ];
  test.each(cases)('%s', async (_, parameters, return_msg, error_code) => {
    const { refused } = await download(await paidYesterday(), parameters);
    expect(refused).toEqual({ return_code: 'FAIL', return_msg, error_code });
  });

  test('another key', async () => {
    const { refused } = await download(await paidYesterday(), {}, OTHER.api_key);
    expect(refused).toMatchObject({ return_msg: 'SIGN ERROR' });
  });

  test('before nine o’clock the bill is being made', async () => {
    const world = createWorld();
    await world.order();
    world.wechatpay.force(MERCHANT.mch_id, OUT_TRADE_NO, 'SUCCESS');
    await world.clock.advance(21 * HOUR_MS - 1);
    expect((await download(world)).refused).toMatchObject({ return_msg: 'Bill Creating' });
    await world.clock.advance(1);
    expect((await download(world)).refused).toBeUndefined();
  });
});

test('a bill is of one merchant', async () => {
  const world = await paidYesterday();
  const asked = { mch_id: OTHER.mch_id, appid: OTHER.appids[0] ?? '' };
  expect((await download(world, asked, OTHER.api_key)).refused).toMatchObject({
    return_msg: 'No Bill Exist',
  });
});

test('a day is one of Beijing’s', async () => {
  const world = createWorld();
  await world.clock.advance(12 * HOUR_MS - 1000);
  await world.order({ time_expire: '20270116003000', time_start: '20270115235900' });
  world.wechatpay.force(MERCHANT.mch_id, OUT_TRADE_NO, 'SUCCESS');
  await world.clock.advance(2 * DAY_MS);
  expect((await download(world)).lines).toHaveLength(5);
  expect((await download(world, { bill_date: '20270116' })).refused).toMatchObject({
    return_msg: 'No Bill Exist',
  });
});

test.each([
  ['lose-payment-line', 1],
  ['lose-refund-line', 1],
  ['repeat-payment-line', 3],
] as const)('%s: the bill is whole all the same', async (kind, count) => {
  const world = createWorld();
  await world.order();
  world.wechatpay.force(MERCHANT.mch_id, OUT_TRADE_NO, 'SUCCESS');
  world.wechatpay.refundByStaff(MERCHANT.mch_id, OUT_TRADE_NO);
  await world.clock.advance(21 * HOUR_MS);
  world.wechatpay.faults.add({ kind, out_trade_no: OUT_TRADE_NO });
  expect((await download(world)).lines.at(-2)?.split(',')[0]).toBe(`\`${count}`);
  expect((await download(world)).lines.at(-2)?.split(',')[0]).toBe('`2');
});
