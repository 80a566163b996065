import { describe, expect, test } from 'vitest';
import {
  APPID,
  createWorld,
  DAY_MS,
  MERCHANT,
  MINUTE_MS,
  OTHER,
  OUT_REFUND_NO,
  OUT_TRADE_NO,
  REFUND_PATH,
  refundParameters,
} from './world.ts';

// Tables from the merchant's documents of API v2 (refund, query refund), not from what our functions send.

type Parameters = Record<string, string | undefined>;
type World = ReturnType<typeof createWorld>;

const tooLong = (name: string, label: string, bytes: number, max: number) =>
  `输入源“/body/xml/${name}”映射到值字段“${label}”字符串规则校验失败，字节数 ${bytes}，大于最大值 ${max}`;
const patternOf = (name: string) => expect.stringContaining(`输入源“/body/xml/${name}”`);
const refusedBy = (err_code: string, err_code_des: unknown = expect.any(String)) =>
  expect.objectContaining({ return_code: 'SUCCESS', result_code: 'FAIL', err_code, err_code_des });
const unsigned = (return_msg: unknown) => ({ return_code: 'FAIL', return_msg });

async function paidWorld(): Promise<World & { transaction_id: string }> {
  const world = createWorld();
  return { ...world, transaction_id: await world.paid() };
}

const statuses = ({ wechatpay }: World, out_trade_no = OUT_TRADE_NO) =>
  (wechatpay.order(MERCHANT.mch_id, out_trade_no)?.refunds ?? []).map(({ refund_status }) => refund_status);

describe('refund takes', () => {
  test.each<[string, Parameters]>([
    ['the least it asks for', { refund_desc: undefined, notify_url: undefined }],
    ['every parameter it knows', { refund_fee_type: 'CNY', refund_account: 'REFUND_SOURCE_RECHARGE_FUNDS' }],
    ['the whole amount', { refund_fee: '4800' }],
    ['1 fen', { refund_fee: '1' }],
    ['1 character of out_refund_no', { out_refund_no: '1' }],
    ['64 characters of out_refund_no, of every kind', { out_refund_no: `Az09_-|*@${'x'.repeat(55)}` }],
    ['80 bytes of refund_desc', { refund_desc: `${'退'.repeat(26)}ab` }],
    ['an empty parameter that may be left out', { refund_desc: '' }],
    ['a sign by HMAC-SHA256', { sign_type: 'HMAC-SHA256' }],
  ])('%s', async (_, parameters) => {
    const world = await paidWorld();
    const { out_refund_no, refund_fee } = { ...refundParameters(), ...parameters };
    expect(await world.refund(parameters)).toMatchObject({
      ...{ return_code: 'SUCCESS', result_code: 'SUCCESS', appid: APPID, mch_id: MERCHANT.mch_id },
      ...{ out_trade_no: OUT_TRADE_NO, out_refund_no, refund_fee, total_fee: '4800' },
      transaction_id: world.transaction_id,
      refund_id: expect.stringMatching(/^50\d{27}$/),
      sign: expect.stringMatching(/^[0-9A-F]+$/),
    });
    expect(statuses(world)).toEqual(['PROCESSING']);
  });

  test('a transaction_id, which goes before out_trade_no', async () => {
    const world = await paidWorld();
    const { transaction_id } = world;
    const answer = await world.refund({ transaction_id, out_trade_no: 'another-order' });
    expect(answer).toMatchObject({ result_code: 'SUCCESS', out_trade_no: OUT_TRADE_NO });
  });
});

describe('refund refuses, unsigned,', () => {
  test.each<[string, Parameters, unknown]>([
    ['no appid', { appid: undefined }, '缺少参数'],
    ['no nonce_str', { nonce_str: undefined }, '缺少参数'],
    ['no sign', { sign: '' }, '缺少参数'],
    ['no out_refund_no', { out_refund_no: undefined }, '缺少参数'],
    ['no total_fee', { total_fee: undefined }, '缺少参数'],
    ['no refund_fee', { refund_fee: undefined }, '缺少参数'],
    ['neither number of the order', { out_trade_no: undefined }, '缺少参数'],
    [
      '65 characters of out_refund_no',
      { out_refund_no: 'x'.repeat(65) },
      tooLong('out_refund_no', '商户退款单号', 65, 64),
    ],
    ['a space in out_refund_no', { out_refund_no: 'refund 0001' }, patternOf('out_refund_no')],
    ['Chinese in out_refund_no', { out_refund_no: '退款' }, patternOf('out_refund_no')],
    ['81 bytes of refund_desc', { refund_desc: '退'.repeat(27) }, tooLong('refund_desc', '退款原因', 81, 80)],
    [
      '31 bytes of refund_account',
      { refund_account: 'R'.repeat(31) },
      tooLong('refund_account', '退款资金来源', 31, 30),
    ],
    [
      '33 bytes of transaction_id',
      { transaction_id: '4'.repeat(33) },
      tooLong('transaction_id', '微信订单号', 33, 32),
    ],
    [
      '33 bytes of out_trade_no',
      { out_trade_no: 'x'.repeat(33) },
      tooLong('out_trade_no', '商户订单号', 33, 32),
    ],
    ['another currency', { refund_fee_type: 'USD' }, patternOf('refund_fee_type')],
    [
      'a notify_url with a query string',
      { notify_url: 'https://shop.example/n?a=1' },
      patternOf('notify_url'),
    ],
    [
      '257 bytes of notify_url',
      { notify_url: `https://shop.example/${'n'.repeat(236)}` },
      tooLong('notify_url', '退款结果通知url', 257, 256),
    ],
    ['0 fen', { refund_fee: '0' }, 'invalid refund_fee'],
    ['less than nothing', { refund_fee: '-1' }, 'invalid refund_fee'],
    ['a fraction of a fen', { refund_fee: '0.5' }, 'invalid refund_fee'],
    ['an amount in yuan', { refund_fee: '10.00' }, 'invalid refund_fee'],
    ['an amount with a sign', { refund_fee: '+10' }, 'invalid refund_fee'],
    ['an amount in hexadecimal', { refund_fee: '0x10' }, 'invalid refund_fee'],
    ['an amount with a power of ten', { refund_fee: '1e3' }, 'invalid refund_fee'],
    ['an amount that begins with 0', { refund_fee: '01' }, 'invalid refund_fee'],
    ['more than the order is about', { refund_fee: '4801' }, 'invalid refund_fee'],
    ['a total_fee of nothing', { total_fee: '0' }, 'invalid total_fee'],
    ['a sign_type that is none', { sign_type: 'SHA256' }, patternOf('sign_type')],
    ['op_user_id, which the table had once', { op_user_id: MERCHANT.mch_id }, '不识别的参数op_user_id'],
    ['a wrong sign', { sign: '0'.repeat(32) }, '签名错误'],
    ['an appid nobody has', { appid: 'wx0000000000000000' }, 'appid不存在'],
    ["another merchant's appid", { appid: 'wx2421b1c4370ec43b' }, '商户号mch_id与appid不匹配'],
  ])('%s', async (_, parameters, return_msg) => {
    const world = await paidWorld();
    expect({ ...(await world.refund(parameters)) }).toEqual(unsigned(return_msg));
    expect(statuses(world)).toEqual([]);
    expect(world.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)).toMatchObject({ trade_state: 'SUCCESS' });
  });
});

describe('refund refuses, and signs it,', () => {
  test.each<[string, Parameters, string]>([
    ['an order it does not know', { out_trade_no: 'another-order' }, 'ORDERNOTEXIST'],
    [
      'a transaction_id it does not know, whatever the other number is',
      { transaction_id: '4200000000202701150000000000' },
      'INVALID_TRANSACTIONID',
    ],
    ["a total_fee that is not the order's", { total_fee: '4900' }, 'REFUND_FEE_MISMATCH'],
  ])('%s', async (_, parameters, err_code) => {
    const world = await paidWorld();
    expect(await world.refund(parameters)).toEqual(refusedBy(err_code));
    expect(statuses(world)).toEqual([]);
  });

  test('an order that is not paid', async () => {
    const world = createWorld();
    await world.order();
    expect(await world.refund()).toEqual(refusedBy('ORDERNOTEXIST'));
  });

  test("another merchant's order", async () => {
    const world = await paidWorld();
    const appid = 'wx2421b1c4370ec43b';
    // The other merchant's key does not sign for this helper, so the question is refused before the book is opened.
    const answer = await world.refund({ mch_id: OTHER.mch_id, appid }, OTHER.mch_id);
    expect({ ...answer }).toEqual(unsigned('签名错误'));
    expect(statuses(world)).toEqual([]);
  });

  test('what is more than is left', async () => {
    const world = await paidWorld();
    await world.refund({ refund_fee: '4000' });
    await world.clock.advance(2 * MINUTE_MS);
    const more = await world.refund({ out_refund_no: 'refund-0002', refund_fee: '801' });
    expect(more).toEqual(refusedBy('ERROR', '累计退款金额大于支付金额'));
    const rest = await world.refund({ out_refund_no: 'refund-0002', refund_fee: '800' });
    expect(rest).toMatchObject({ result_code: 'SUCCESS' });
  });

  test('a fen of an order that was given back', async () => {
    const world = await paidWorld();
    await world.refund({ refund_fee: '4800' });
    await world.clock.advance(2 * MINUTE_MS);
    const more = await world.refund({ out_refund_no: 'refund-0002', refund_fee: '1' });
    expect(more).toEqual(refusedBy('ERROR', '订单已全额退款'));
  });

  test('another refund within a minute, and takes it after', async () => {
    const world = await paidWorld();
    await world.refund();
    await world.clock.advance(MINUTE_MS - 1000);
    const second = { out_refund_no: 'refund-0002' };
    expect(await world.refund(second)).toEqual(refusedBy('FREQUENCY_LIMITED'));
    await world.clock.advance(1000);
    expect(await world.refund(second)).toMatchObject({ result_code: 'SUCCESS' });
  });

  test('the fifty-first part', async () => {
    const world = await paidWorld();
    for (let part = 1; part <= 51; part++) {
      const answer = await world.refund({ out_refund_no: `part-${part}`, refund_fee: '1' });
      if (part <= 50) expect(answer).toMatchObject({ result_code: 'SUCCESS' });
      else expect(answer).toEqual(refusedBy('ERROR', '部分退款次数超过50次'));
      await world.clock.advance(MINUTE_MS);
    }
    expect(statuses(world)).toHaveLength(50);
  });

  test.each([
    [365, 'SUCCESS'],
    [365 + 1 / 24, 'TRADE_OVERDUE'],
  ])('a refund after a year: %d days after the payment', async (days, outcome) => {
    const world = await paidWorld();
    await world.clock.advance(days * DAY_MS);
    const { result_code, err_code } = await world.refund();
    expect(err_code ?? result_code).toBe(outcome);
  });

  // What the documents list and only a disturbance brings about here.
  test.each([
    'SYSTEMERROR',
    'BIZERR_NEED_RETRY',
    'NOTENOUGH',
    'USER_ACCOUNT_ABNORMAL',
    'INVALID_REQ_TOO_MUCH',
    'FREQUENCY_LIMITED',
    'TRADE_OVERDUE',
    'ERROR',
    'INVALID_TRANSACTIONID',
    'ORDERNOTEXIST',
  ] as const)('with %s when it is asked for, and nothing is begun', async (err_code) => {
    const world = await paidWorld();
    world.wechatpay.faults.add({ kind: 'refuse', err_code, path: REFUND_PATH });
    expect(await world.refund()).toEqual(refusedBy(err_code));
    expect(statuses(world)).toEqual([]);
    expect(await world.refund()).toMatchObject({ result_code: 'SUCCESS' });
  });
});

describe('the same out_refund_no', () => {
  test('is the same refund, however often it is asked for and however it stands', async () => {
    const world = await paidWorld();
    const first = await world.refund();
    expect(await world.refund()).toMatchObject({ result_code: 'SUCCESS', refund_id: first.refund_id });
    await world.clock.advance(2 * MINUTE_MS);
    expect(await world.refund()).toMatchObject({ result_code: 'SUCCESS', refund_id: first.refund_id });
    expect(statuses(world)).toEqual(['SUCCESS']);
  });

  test.each<[string, Parameters]>([
    ['another amount', { refund_fee: '1001' }],
    ['another total_fee', { total_fee: '4900' }],
  ])('with %s is refused', async (_, parameters) => {
    const world = await paidWorld();
    await world.refund();
    expect(await world.refund(parameters)).toEqual(refusedBy('REFUND_FEE_MISMATCH'));
    expect(statuses(world)).toEqual(['PROCESSING']);
  });

  test('of a refund of another order is refused', async () => {
    const world = await paidWorld();
    await world.paid({ out_trade_no: 'order-0002' });
    await world.refund();
    expect(await world.refund({ out_trade_no: 'order-0002' })).toEqual(refusedBy('REFUND_FEE_MISMATCH'));
    expect(statuses(world, 'order-0002')).toEqual([]);
  });

  test('of a refund that came to nothing begins it again', async () => {
    const world = await paidWorld();
    world.wechatpay.faults.add({ kind: 'fail-refund', refund_status: 'REFUNDCLOSE' });
    await world.refund();
    await world.clock.advance(MINUTE_MS);
    expect(statuses(world)).toEqual(['REFUNDCLOSE']);
    await world.refund();
    await world.clock.advance(MINUTE_MS);
    expect(statuses(world)).toEqual(['SUCCESS']);
  });

  test('of a refund that came to nothing gives back no more than is left by now', async () => {
    const world = await paidWorld();
    world.wechatpay.faults.add({ kind: 'fail-refund', refund_status: 'REFUNDCLOSE' });
    await world.refund();
    await world.clock.advance(2 * MINUTE_MS);
    await world.refund({ out_refund_no: 'refund-0002', refund_fee: '4000' });
    await world.clock.advance(2 * MINUTE_MS);
    expect(await world.refund()).toEqual(refusedBy('ERROR', '累计退款金额大于支付金额'));
    expect(statuses(world)).toEqual(['REFUNDCLOSE', 'SUCCESS']);
  });

  test('of a refund that failed is for staff: it is not begun again', async () => {
    const world = await paidWorld();
    world.wechatpay.faults.add({ kind: 'fail-refund', refund_status: 'CHANGE' });
    await world.refund();
    await world.clock.advance(MINUTE_MS);
    expect(await world.refund()).toMatchObject({ result_code: 'SUCCESS' });
    await world.clock.advance(MINUTE_MS);
    expect(statuses(world)).toEqual(['CHANGE']);
  });
});

/** A paid order with so many refunds of a fen, all of them ended. */
async function refundedWorld(parts: number): Promise<World & { transaction_id: string }> {
  const world = await paidWorld();
  for (let part = 1; part <= parts; part++) {
    await world.refund({ out_refund_no: `part-${part}`, refund_fee: '1' });
    await world.clock.advance(MINUTE_MS);
  }
  return world;
}

describe('refundquery answers', () => {
  test('how a refund stands, with the moment of its end in Beijing’s time', async () => {
    const world = await paidWorld();
    const { refund_id } = await world.refund();
    const named = { out_refund_no_0: OUT_REFUND_NO, refund_id_0: refund_id, refund_fee_0: '1000' };
    expect(await world.refundquery()).toMatchObject({ ...named, refund_status_0: 'PROCESSING' });
    await world.clock.advance(MINUTE_MS);
    expect(await world.refundquery()).toMatchObject({
      ...{ return_code: 'SUCCESS', result_code: 'SUCCESS', out_trade_no: OUT_TRADE_NO, total_fee: '4800' },
      ...{ refund_count: '1', transaction_id: world.transaction_id, cash_fee: '4800' },
      ...{ ...named, refund_status_0: 'SUCCESS', refund_success_time_0: '2027-01-15 12:00:20' },
    });
  });

  test.each([
    ['CHANGE', 'CHANGE'],
    ['REFUNDCLOSE', 'REFUNDCLOSE'],
  ] as const)('%s of one that did not succeed, without a moment', async (refund_status, said) => {
    const world = await paidWorld();
    world.wechatpay.faults.add({ kind: 'fail-refund', refund_status });
    await world.refund();
    await world.clock.advance(MINUTE_MS);
    const answer = await world.refundquery();
    expect(answer).toMatchObject({ refund_status_0: said });
    expect(answer).not.toHaveProperty('refund_success_time_0');
  });

  // refund_id, out_refund_no, transaction_id, out_trade_no: the first that is there counts.
  test.each<[string, (world: World & { transaction_id: string }) => Promise<Parameters>, string[]]>([
    ['out_trade_no', async () => ({ out_trade_no: OUT_TRADE_NO }), ['part-1', 'part-2']],
    [
      'transaction_id before out_trade_no',
      async ({ transaction_id }) => ({ transaction_id, out_trade_no: 'another-order' }),
      ['part-1', 'part-2'],
    ],
    [
      'out_refund_no before the numbers of an order',
      async () => ({ out_refund_no: 'part-2', out_trade_no: 'another-order', transaction_id: '42' }),
      ['part-2'],
    ],
    [
      'refund_id before all others',
      async ({ refundquery }) => {
        const { refund_id_0 } = await refundquery({ out_refund_no: 'part-2' });
        return { refund_id: refund_id_0, out_refund_no: 'part-1', out_trade_no: 'another-order' };
      },
      ['part-2'],
    ],
  ])('by %s', async (_, parameters, numbers) => {
    const world = await refundedWorld(2);
    const answer = await world.refundquery(await parameters(world));
    expect([answer.out_refund_no_0, answer.out_refund_no_1].filter(Boolean)).toEqual(numbers);
  });

  test.each([
    [10, undefined, 10, undefined],
    [11, undefined, 10, '11'],
    [11, '0', 10, '11'],
    [11, '10', 1, '11'],
    [23, '9', 10, '23'],
  ])(
    'of %i refunds, from %s on, %i, and says how many there are: %s',
    async (parts, offset, count, total) => {
      const world = await refundedWorld(parts);
      const answer = await world.refundquery({ out_trade_no: OUT_TRADE_NO, offset });
      expect(answer.refund_count).toBe(String(count));
      expect(answer.total_refund_count).toBe(total);
      expect(answer.out_refund_no_0).toBe(`part-${Number(offset ?? 0) + 1}`);
      expect(answer).not.toHaveProperty(`out_refund_no_${count}`);
    },
  );
});

describe('refundquery refuses', () => {
  test.each<[string, Parameters, string]>([
    ['a number that no refund has', { out_refund_no: 'refund-0002' }, 'REFUNDNOTEXIST'],
    ['a refund_id that no refund has', { refund_id: '50000000000000000000000000000' }, 'REFUNDNOTEXIST'],
    ['an order it does not know', { out_trade_no: 'another-order' }, 'REFUNDNOTEXIST'],
    ['a transaction_id it does not know', { transaction_id: '4200000000' }, 'INVALID_TRANSACTIONID'],
  ])('%s', async (_, parameters, err_code) => {
    const world = await paidWorld();
    await world.refund();
    expect(await world.refundquery(parameters)).toEqual(refusedBy(err_code));
  });

  test('an order of which nothing was given back', async () => {
    const world = await paidWorld();
    const { transaction_id } = world;
    expect(await world.refundquery({ out_trade_no: OUT_TRADE_NO })).toEqual(refusedBy('REFUNDNOTEXIST'));
    expect(await world.refundquery({ transaction_id })).toEqual(refusedBy('REFUNDNOTEXIST'));
  });

  test.each<[string, Parameters, unknown]>([
    ['no number at all', {}, '缺少参数'],
    ['an offset behind the last refund', { out_trade_no: OUT_TRADE_NO, offset: '1' }, expect.any(String)],
    ['an offset of less than nothing', { out_trade_no: OUT_TRADE_NO, offset: '-1' }, patternOf('offset')],
    ['65 bytes of out_refund_no', { out_refund_no: 'x'.repeat(65) }, patternOf('out_refund_no')],
    ['33 bytes of refund_id', { refund_id: '5'.repeat(33) }, patternOf('refund_id')],
    ['no appid', { appid: undefined, out_refund_no: OUT_REFUND_NO }, '缺少参数'],
    ['no nonce_str', { nonce_str: undefined, out_refund_no: OUT_REFUND_NO }, '缺少参数'],
    ['refund_fee, which is not of its table', { refund_fee: '1' }, '不识别的参数refund_fee'],
    ['a wrong sign', { out_refund_no: OUT_REFUND_NO, sign: '0'.repeat(32) }, '签名错误'],
  ])('%s, unsigned', async (_, parameters, return_msg) => {
    const world = await paidWorld();
    await world.refund();
    expect({ ...(await world.refundquery(parameters)) }).toEqual(unsigned(return_msg));
  });

  test.each(['SYSTEMERROR', 'REFUNDNOTEXIST', 'INVALID_TRANSACTIONID'] as const)(
    'with %s when it is asked for',
    async (err_code) => {
      const world = await paidWorld();
      await world.refund();
      world.wechatpay.faults.add({ kind: 'refuse', err_code, path: '/pay/refundquery' });
      expect(await world.refundquery()).toEqual(refusedBy(err_code));
      expect(await world.refundquery()).toMatchObject({ refund_status_0: 'PROCESSING' });
    },
  );
});
