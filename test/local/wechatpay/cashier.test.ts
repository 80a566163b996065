import { describe, expect, test } from 'vitest';
import { type SignType, sign } from '../../../scripts/local/wechatpay/sign.ts';
import { spellTime } from '../../../scripts/local/wechatpay/spelling.ts';
import {
  APPID,
  BIRTH,
  createWorld,
  HOUR_MS,
  MERCHANT,
  MINUTE_MS,
  OTHER,
  OUT_TRADE_NO,
  PAYER,
} from './world.ts';

const BAD_SIGN = 'requestPayment:fail 支付验证签名失败';
const EXPIRED = 'requestPayment:fail 该订单已过期，请重新下单';

async function ordered(parameters = {}) {
  const world = createWorld();
  const prepaid = await world.order(parameters);
  const payment = world.payment(prepaid);
  const state = () => world.wechatpay.order(MERCHANT.mch_id, OUT_TRADE_NO)?.trade_state;
  return {
    ...world,
    cashier: world.wechatpay.cashier,
    prepaid,
    payment,
    paymentNow: () => world.payment(prepaid),
    state,
  };
}

/** What the cashier shows or says: all of its doors have the same lock. */
function everyAnswer(
  { cashier }: Awaited<ReturnType<typeof ordered>>,
  parameters: unknown,
  payer = PAYER,
): string[] {
  const opened = cashier.open(parameters, payer);
  const answers = [
    opened.kind === 'shown' ? 'shown' : opened.errMsg,
    cashier.cancel(parameters, payer).errMsg,
    cashier.fail(parameters, payer).errMsg,
    cashier.pay(parameters, payer).errMsg,
  ];
  return [...new Set(answers)];
}

describe('the cashier refuses', () => {
  type Parameters = Record<string, string | number | undefined>;
  test.each<[string, (payment: Parameters, key: string) => unknown, string | RegExp]>([
    ['nothing', () => undefined, /^requestPayment:fail parameter error/],
    ['a number for timeStamp', (payment) => ({ ...payment, timeStamp: 1 }), /parameter\.timeStamp/],
    ['no paySign', ({ paySign: _, ...payment }) => payment, /parameter\.paySign/],
    ['a signType that is none', (payment) => ({ ...payment, signType: 'RSA' }), /parameter\.signType/],
    [
      'a prepay_id of nobody',
      (payment) => resigned({ ...payment, package: 'prepay_id=wx0' }),
      /prepay_id无效/,
    ],
    [
      'a bare prepay_id',
      (payment) => resigned({ ...payment, package: String(payment.package).slice('prepay_id='.length) }),
      /prepay_id无效/,
    ],
    ['a wrong paySign', (payment) => ({ ...payment, paySign: '0'.repeat(32) }), BAD_SIGN],
    ['another timeStamp than was signed', (payment) => ({ ...payment, timeStamp: '1800000000' }), BAD_SIGN],
    ['another nonceStr than was signed', (payment) => ({ ...payment, nonceStr: 'x' }), BAD_SIGN],
    ['a sign under another key', (payment) => resigned(payment, OTHER.api_key), BAD_SIGN],
    [
      'a sign with appid in lower case',
      (payment) => resigned({ ...payment, appId: undefined, appid: APPID }),
      BAD_SIGN,
    ],
    [
      "another algorithm than the order's",
      (payment) => resigned({ ...payment, signType: 'HMAC-SHA256' }),
      BAD_SIGN,
    ],
    [
      'a signType that is not how it was signed',
      (payment) => resigned({ ...payment, signType: 'HMAC-SHA256' }, MERCHANT.api_key, 'MD5'),
      BAD_SIGN,
    ],
    [
      'a timeStamp in milliseconds',
      (payment) => resigned({ ...payment, timeStamp: String(BIRTH) }),
      /timeStamp无效/,
    ],
    [
      'a timeStamp of yesterday',
      (payment) => resigned({ ...payment, timeStamp: String(BIRTH / 1000 - 86_400) }),
      /timeStamp无效/,
    ],
  ])('%s', async (_name, change, errMsg) => {
    const world = await ordered();
    const answers = everyAnswer(world, change(world.payment, MERCHANT.api_key));
    expect(answers).toHaveLength(1);
    if (typeof errMsg === 'string') expect(answers[0]).toBe(errMsg);
    else expect(answers[0]).toMatch(errMsg);
    expect(world.state()).toBe('NOTPAY');
  });

  /** Signs again what was changed, as a merchant would who means it. */
  function resigned(
    { paySign: _, ...payment }: Parameters,
    key = MERCHANT.api_key,
    algorithm?: SignType,
  ): unknown {
    const signed = Object.entries({ appId: APPID, ...payment }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as const],
    );
    const fields = Object.fromEntries(signed);
    const signType = fields.signType === 'HMAC-SHA256' ? 'HMAC-SHA256' : 'MD5';
    return { ...payment, paySign: sign(fields, key, algorithm ?? signType) };
  }

  test("another app's phone", async () => {
    const world = await ordered();
    expect(everyAnswer(world, world.payment, { ...PAYER, appid: 'wx2421b1c4370ec43b' })).toEqual([BAD_SIGN]);
  });

  test("another shopper's phone", async () => {
    const world = await ordered();
    const answers = everyAnswer(world, world.payment, { ...PAYER, openid: 'oSomebodyElse' });
    expect(answers).toEqual(['requestPayment:fail 当前支付用户与下单用户不一致']);
  });

  test('a prepay_id of two hours', async () => {
    const world = await ordered({ time_expire: spellTime(new Date(BIRTH + 5 * HOUR_MS)) });
    await world.clock.advance(2 * HOUR_MS - 1);
    expect(world.cashier.open(world.paymentNow(), PAYER).kind).toBe('shown');
    await world.clock.advance(1);
    expect(everyAnswer(world, world.paymentNow())).toEqual([EXPIRED]);
  });

  test('an order past its time_expire', async () => {
    const world = await ordered();
    await world.clock.advance(30 * MINUTE_MS - 1);
    expect(world.cashier.open(world.paymentNow(), PAYER).kind).toBe('shown');
    await world.clock.advance(1);
    expect(everyAnswer(world, world.paymentNow())).toEqual([EXPIRED]);
  });

  test('a closed order, also when it was closed with the cashier open', async () => {
    const world = await ordered();
    expect(world.cashier.open(world.payment, PAYER).kind).toBe('shown');
    await world.clock.advance(5 * MINUTE_MS);
    await world.close();
    expect(everyAnswer(world, world.paymentNow())).toEqual(['requestPayment:fail 订单已关闭']);
  });

  test('a paid order', async () => {
    const world = await ordered();
    world.cashier.pay(world.payment, PAYER);
    expect(everyAnswer(world, world.payment)).toEqual(['requestPayment:fail 该订单已支付']);
  });

  test('parameters signed before the key was changed', async () => {
    const world = await ordered();
    world.wechatpay.merchant(MERCHANT.mch_id).rotate(OTHER.api_key);
    expect(everyAnswer(world, world.payment)).toEqual([BAD_SIGN]);
    expect(world.cashier.open(world.payment, PAYER)).toMatchObject({ kind: 'done' });
    expect(world.cashier.open(createWorld().payment(world.prepaid, { key: OTHER.api_key }), PAYER).kind).toBe(
      'shown',
    );
  });
});

test('signType may be left out on an MD5 order', async () => {
  const world = await ordered();
  const { signType: _, ...payment } = world.payment;
  expect(world.cashier.open(payment, PAYER).kind).toBe('shown');
});

test('an earlier prepay_id of the order still pays', async () => {
  const world = createWorld({ freshPrepayId: true });
  const first = world.payment(await world.order());
  await world.order();
  expect(world.wechatpay.cashier.pay(first, PAYER).errMsg).toBe('requestPayment:ok');
});

test('who closes the cashier can pay afterwards', async () => {
  const world = await ordered();
  expect(world.cashier.cancel(world.payment, PAYER).errMsg).toBe('requestPayment:fail cancel');
  expect(world.state()).toBe('NOTPAY');
  expect(world.cashier.pay(world.payment, PAYER).errMsg).toBe('requestPayment:ok');
  expect(world.state()).toBe('SUCCESS');
});

test.each([
  ['NOTENOUGH', 'requestPayment:fail 余额不足', 'NOTPAY'],
  ['PAYERROR', 'requestPayment:fail 支付失败，请更换支付方式', 'PAYERROR'],
] as const)(
  '%s is reported, no notice follows, and it can be paid afterwards',
  async (err_code, errMsg, state) => {
    const world = await ordered();
    expect(world.cashier.fail(world.payment, PAYER, err_code).errMsg).toBe(errMsg);
    await world.clock.advance(MINUTE_MS);
    expect(world.received).toEqual([]);
    expect(world.state()).toBe(state);
    expect(world.cashier.pay(world.paymentNow(), PAYER).errMsg).toBe('requestPayment:ok');
  },
);

test('what the shopper sees and does is in the trace, the paySign is not', async () => {
  const world = await ordered();
  const before = world.trace.since().length;
  world.cashier.open(world.payment, PAYER);
  world.cashier.cancel(world.payment, PAYER);
  world.cashier.pay(world.payment, PAYER);
  const events = world.trace.since(before);
  expect(events.map(({ from, to, kind, label }) => `${from} ${to} ${kind} ${label}`)).toEqual([
    'mini-program wechatpay call wx.requestPayment',
    'shopper wechatpay call cancel',
    'wechatpay mini-program reply wx.requestPayment',
    'shopper wechatpay call pay',
    'wechatpay wechatpay change NOTPAY → SUCCESS',
    'wechatpay mini-program reply wx.requestPayment',
  ]);
  expect(JSON.stringify(events)).not.toContain(world.payment.paySign);
});
