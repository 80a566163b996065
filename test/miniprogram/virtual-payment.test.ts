import { describe, expect, test } from 'vitest';
import { attemptFor, keepAttempt } from '../../miniprogram/logic/order/attempts.ts';
import { type Cause, wordsOfCause } from '../../miniprogram/logic/order/causes.ts';
import { showOrder } from '../../miniprogram/logic/order/order-view.ts';
import { virtualAnswerFrom, virtualAttemptOf } from '../../miniprogram/logic/shop/virtual-payment.ts';
import { memoryStore, NOW, order } from './samples.ts';

const at = NOW.toISOString();
const FAIL = 'requestVirtualPayment:fail';

// Every errCode of wx.requestVirtualPayment, the words that come without one, and what the shopper reads.
const TABLE: readonly [
  errCode: number | undefined,
  errMsg: string,
  cause: Cause,
  title: string,
  text: RegExp,
][] = [
  [
    1001,
    `${FAIL} parameter error`,
    'request',
    '暂时无法付款',
    /请重新打开小程序后再试。\n.*联系商家（1001）/,
  ],
  [-1, FAIL, 'declined', '支付未完成', /微信支付未能完成本次付款。\n重新支付前会先核对/],
  [-4, FAIL, 'risk', '支付未完成', /出于安全考虑.*\n请稍后再试，或联系微信客服/],
  [-15001, `${FAIL} outTradeNo invalid`, 'request', '暂时无法付款', /请重新打开小程序后再试。\n.*（-15001）/],
  [-15001, `${FAIL} 当前商户尚未开启iOS支付`, 'ios-off', '暂不支持在此设备付款', /商家尚未开通/],
  [
    -15001,
    `${FAIL} 暂不支持非中国大陆地区苹果账号支付。`,
    'apple-account',
    '不支持当前 Apple 账户',
    /中国大陆地区的账户/,
  ],
  [-15002, FAIL, 'number-used', '支付未完成', /请重新支付/],
  [-15003, `${FAIL} SYSTEM_ERROR`, 'busy', '未收到支付结果', /如已付款，结果会在这里更新/],
  [-15004, FAIL, 'request', '暂时无法付款', /（-15004）/],
  [-15005, `${FAIL} SIGNATURE_INVALID`, 'sign-in', '微信登录已过期', /请重新支付/],
  [-15006, `${FAIL} PAY_SIG_INVALID`, 'merchant', '商家支付设置异常', /请联系商家（-15006）。/],
  [-15007, FAIL, 'sign-in', '微信登录已过期', /请重新支付/],
  [-15008, FAIL, 'restricted', '商家暂时无法收款', /请联系商家（-15008）。/],
  [-15009, FAIL, 'merchant', '商家支付设置异常', /（-15009）/],
  [-15010, FAIL, 'merchant', '商家支付设置异常', /（-15010）/],
  [-15011, `${FAIL} PAYMENT_ILLEGAL_IN_SANDBOX`, 'merchant', '商家支付设置异常', /（-15011）/],
  [-15012, FAIL, 'number-closed', '支付未完成', /本次付款已关闭，请重新支付/],
  [-15013, `${FAIL} GOODS_PRICE_INVALID`, 'merchant', '商家支付设置异常', /（-15013）/],
  [
    -15014,
    `${FAIL} COIN_OR_PRODUCT_ID_CREATED_IN_RECENTLY`,
    'not-effective',
    '商品尚未生效',
    /通常半小时内可以购买/,
  ],
  [-15016, `${FAIL} field "offerId"`, 'request', '暂时无法付款', /（-15016）/],
  [-15017, FAIL, 'restricted', '商家暂时无法收款', /（-15017）/],
  [-15018, FAIL, 'merchant', '商家支付设置异常', /（-15018）/],
  [-15019, FAIL, 'restricted', '商家暂时无法收款', /（-15019）/],
  [-15020, FAIL, 'too-often', '操作太频繁', /请稍等片刻/],
  [-15021, FAIL, 'crowded', '当前付款的人较多', /请稍等片刻/],
  [undefined, `${FAIL} PRODUCT_ID_NOT_EXIST`, 'merchant', '商家支付设置异常', /请联系商家。/],
  [undefined, `${FAIL} NOT_ENABLE`, 'merchant', '商家支付设置异常', /请联系商家。/],
  [undefined, `${FAIL} INVALID_PLATFORM`, 'terminal', '此设备无法付款', /请在手机微信中打开小程序/],
  [undefined, `${FAIL} no permission`, 'client', '微信版本过低', /请在手机上更新微信/],
  [undefined, FAIL, 'unknown', '未收到支付结果', /如已付款，结果会在这里更新/],
  [undefined, 'TypeError: not a function', 'unknown', '未收到支付结果', /如已付款/],
  [-604100, `${FAIL} access denied`, 'unknown', '未收到支付结果', /如已付款/],
  [-99999, `${FAIL} of a later version`, 'unknown', '未收到支付结果', /如已付款/],
  // Of subscriptions, which are not sold here.
  [-5, FAIL, 'unknown', '未收到支付结果', /如已付款/],
  [-15025, FAIL, 'unknown', '未收到支付结果', /如已付款/],
  [-15026, FAIL, 'unknown', '未收到支付结果', /如已付款/],
  [-15027, FAIL, 'unknown', '未收到支付结果', /如已付款/],
];

describe('a failure of the cashier is told on the order page', () => {
  test.each(TABLE)('%s, %s: %s', (errCode, errMsg, cause, title, text) => {
    const attempt = virtualAttemptOf(virtualAnswerFrom({ errMsg, errCode }), NOW);
    expect(attempt).toEqual({
      kind: 'failed',
      at,
      cause,
      ...(errCode === undefined ? {} : { code: String(errCode) }),
    });
    const store = memoryStore();
    keepAttempt(store, 'one', attempt);
    const shown = shownWith(attemptFor(store, 'one'));
    expect([shown.state, shown.statusIcon, shown.title]).toEqual(['unpaid', 'failed', title]);
    expect(shown.text).toMatch(text);
    expect(shown.text).not.toMatch(/\*|[A-Z]{4}|未扣款|没有扣款/);
    expect(shown.actions.map(({ label }) => label)).toEqual(['重新支付 ¥48.00', '取消订单']);
  });
});

test.each([
  [{ errMsg: 'requestVirtualPayment:ok' }, { kind: 'done', at }],
  [
    { errMsg: `${FAIL} cancel`, errCode: -2 },
    { kind: 'cancelled', at },
  ],
  [{ errMsg: `${FAIL} cancel` }, { kind: 'cancelled', at }],
  [
    { errMsg: FAIL, errCode: '-2' },
    { kind: 'cancelled', at },
  ],
  [
    { errMsg: `${FAIL} 余额不足。`, errCode: -1 },
    { kind: 'failed', at, said: '余额不足' },
  ],
  [
    { errMsg: `${FAIL} 付款金额有误`, errCode: -15001 },
    { kind: 'failed', at, said: '付款金额有误' },
  ],
  [{ errMsg: `${FAIL} 余额不足` }, { kind: 'failed', at, said: '余额不足' }],
  [
    { errMsg: `${FAIL} 签名有误`, errCode: -15006 },
    { kind: 'failed', at, cause: 'merchant', code: '-15006' },
  ],
  ['text', { kind: 'failed', at, cause: 'unknown' }],
  [undefined, { kind: 'failed', at, cause: 'unknown' }],
])('an answer of %j is the attempt %j', (answer, attempt) => {
  expect(virtualAttemptOf(virtualAnswerFrom(answer), NOW)).toEqual(attempt);
});

test('a cashier that has not said how it was left is open, and says neither that it was paid nor that it was not', () => {
  const attempt = virtualAttemptOf(undefined, NOW);
  expect(attempt).toEqual({ kind: 'opened', at });
  const { state, title, text } = shownWith(attempt);
  expect([state, title, text]).toEqual([
    'unpaid',
    '待支付',
    '如已付款，结果会在这里更新。\n订单将保留至 10:54。',
  ]);
});

test('a cashier that the shopper closed says what is true of any order', () => {
  expect(shownWith({ kind: 'cancelled', at }).text).toBe('你尚未付款，\n订单将保留至 10:54。');
});

test('no words are left without their code where a merchant who is asked needs it, and none show a place for one', () => {
  expect(wordsOfCause('merchant', '-15010').text).toBe('暂时无法付款，请联系商家（-15010）。');
  expect(wordsOfCause('merchant').text).toBe('暂时无法付款，请联系商家。');
});

function shownWith(attempt: ReturnType<typeof attemptFor>) {
  return showOrder({
    order: order({ channel: 'virtualpay' }),
    productName: '城市版',
    isWithheld: false,
    memberUntil: undefined,
    attempt,
    polling: { count: 0, since: undefined, offlineSince: undefined },
    wasCancelTried: false,
    now: NOW,
  });
}
