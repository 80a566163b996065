import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../cloudfunctions/_shared/contract.ts';
import { choose, isSameAtAnotherPrice, keepChoice, offeredOn } from '../../miniprogram/logic/choice.ts';
import { barOfPlan } from '../../miniprogram/logic/membership-bar.ts';
import { noticeOf, withdrawnNotice } from '../../miniprogram/logic/notices.ts';
import { showMemberships, showRows } from '../../miniprogram/logic/order/orders-view.ts';
import type { Product } from '../../miniprogram/logic/shop/catalogue.ts';
import { showShop } from '../../miniprogram/logic/shop/shop-view.ts';
import { CITY, NOW, order, PREMIUM } from './samples.ts';

const MEMBERSHIPS = { city: '2027-01-15T02:24:00.000Z' };
const NOTHING = { product: undefined, option: undefined };
const shop = (memberships = {}, products: readonly Product[] = [CITY, PREMIUM]) => {
  const choosing = choose(products, { product_id: undefined, term: undefined }) ?? NOTHING;
  return showShop({ products, choosing, memberships, notOffered: '', isIos: false, now: NOW });
};

test('the shop shows price, saving and total of what is chosen, and the button says the amount', () => {
  const shown = shop();
  expect(shown.options.map(({ price, note, isChosen }) => [price, note, isChosen])).toEqual([
    ['18', '月价', false],
    ['48', '省 ¥6', true],
    ['158.50', '省 ¥57.50', false],
  ]);
  expect([shown.sum?.fen, shown.sum?.caption, shown.payLabel, shown.paySpoken]).toEqual([
    4800,
    '合计 · 省 ¥6',
    '支付 ¥48.00',
    '支付 48 元',
  ]);
});

test('a product of which there is a membership says until when, and the membershipBar what it will become', () => {
  const { cards, sum } = shop(MEMBERSHIPS);
  expect(cards[0]?.text).toBe('有效期至 2027.01.15');
  expect(cards[0]?.spoken).toBe('城市版，一座城市的全部内容，有效期至 2027.01.15，每月 18 元');
  expect([
    sum?.membershipBar.label,
    sum?.membershipBar.from,
    sum?.membershipBar.meeting,
    sum?.membershipBar.until,
  ]).toEqual(['延长 3 个月', '今天', '2027.01.15', '2027.04.15 到期']);
});

test('a membership that has ended is none', () => {
  const { cards, sum } = shop({ city: '2026-11-23T02:00:00.000Z' });
  expect([cards[0]?.text, sum?.membershipBar.label, sum?.membershipBar.until]).toEqual([
    '一座城市的全部内容',
    '3 个月',
    '2027.02.23 到期',
  ]);
});

describe('a price per month', () => {
  const notes = (options: Product['options']) => {
    const { cards, options: shown } = shop({}, [{ ...CITY, options }]);
    return [cards[0]?.price, cards[0]?.term, ...shown.map(({ note }) => note)];
  };

  test.each<[about: string, options: Product['options'], shown: string[]]>([
    [
      'is the month’s own where there is one',
      [
        { months: 1, total_fee: 4900 },
        { months: 3, total_fee: 14_700 },
      ],
      ['49', '/月', '月价', '¥49/月'],
    ],
    [
      'of a dearer option is its own, and about that where it is not so to the fen',
      [
        { months: 1, total_fee: 4900 },
        { months: 3, total_fee: 17_800 },
        { months: 6, total_fee: 30_000 },
      ],
      ['49', '/月', '月价', '约 ¥59.33/月', '¥50/月'],
    ],
    [
      'is not made up for a product that is not sold by the month',
      [
        { months: 3, total_fee: 17_800 },
        { months: 4, total_fee: 20_000 },
        { months: 6, total_fee: 33_800 },
      ],
      ['178', '/3 个月', '约 ¥59.33/月', '¥50/月', '省 ¥18'],
    ],
  ])('%s', (_about, options, shown) => {
    expect(notes(options)).toEqual(shown);
  });

  test('is read out for as many months as it buys', () => {
    const spoken = (options: Product['options']) => shop({}, [{ ...CITY, options }]).cards[0]?.spoken;
    expect(spoken([{ months: 3, total_fee: 17_800 }])).toBe('城市版，一座城市的全部内容，3 个月 178 元');
  });
});

describe('a choice, when the catalogue is read anew,', () => {
  const chosen = choose([CITY, PREMIUM], { product_id: 'city', term: '12' });
  const reread = (products: readonly Product[]) => {
    const choosing = keepChoice(products, chosen ?? NOTHING);
    const { sum, payLabel } = showShop({
      products,
      choosing,
      memberships: {},
      notOffered: '',
      isIos: false,
      now: NOW,
    });
    return [choosing.product?.product_id, choosing.option?.months, sum?.fen, payLabel];
  };
  const [one, three] = CITY.options;

  test('stays what it was, at the price of now', () => {
    const dearer: Product = { ...CITY, options: [one, { months: 12, total_fee: 16_000 }] };
    expect(reread([PREMIUM, dearer])).toEqual(['city', 12, 16_000, '支付 ¥160.00']);
  });

  test('is gone with its option, and no other option is put in its place', () => {
    expect(reread([{ ...CITY, options: three ? [one, three] : [one] }])).toEqual([
      'city',
      undefined,
      undefined,
      '请选择时长',
    ]);
  });

  test('is gone with its product, and no other product is put in its place', () => {
    expect(reread([PREMIUM])).toEqual([undefined, undefined, undefined, '请选择会员']);
  });

  test('is named when it is said to be withdrawn', () => {
    expect(withdrawnNotice('城市版 · 12 个月')).toMatchObject({
      title: '所选会员已停售',
      text: '“城市版 · 12 个月”已停售，请重新选择。',
    });
  });
});

test('months that the other product does not have give way to its own', () => {
  expect(choose([CITY, PREMIUM], { product_id: 'premium', term: '12' })?.option.months).toBe(1);
  expect(choose([CITY, PREMIUM], { product_id: 'gone', term: '12' })).toMatchObject({
    product: CITY,
    option: { months: 12 },
  });
  expect(choose([], { product_id: 'city', term: '1' })).toBeUndefined();
});

test('a price that changed is distinguished from another choice', () => {
  const [one, three] = CITY.options.map((option) => ({ product: CITY, option }));
  if (one === undefined || three === undefined) throw new Error('two options');
  const dearer = { product: CITY, option: { ...one.option, total_fee: 2000 } };
  expect([
    isSameAtAnotherPrice(one, dearer),
    isSameAtAnotherPrice(one, three),
    isSameAtAnotherPrice(one, one),
  ]).toEqual([true, false, false]);
});

test('virtual products are not offered on iOS, and the shop says which', () => {
  expect(offeredOn(true, [CITY, PREMIUM])).toEqual({
    offered: [CITY],
    notOffered: '根据微信规定，虚拟商品（付费版）暂不支持在 iPhone 和 iPad 上购买。已开通的会员不受影响。',
  });
  expect(offeredOn(false, [CITY, PREMIUM])).toEqual({ offered: [CITY, PREMIUM], notOffered: '' });
});

test('virtual products that are paid by virtual payment are offered everywhere', () => {
  const paidSo = { ...PREMIUM, channel: 'virtualpay' } as const;
  expect(offeredOn(true, [CITY, paidSo])).toEqual({ offered: [CITY, paidSo], notOffered: '' });
});

test.each([
  ['wechatpay', false, '使用微信支付，一次性付款，不自动续费'],
  ['wechatpay', true, '使用微信支付，一次性付款，不自动续费'],
  ['virtualpay', false, '使用微信支付，一次性付款，不自动续费'],
  ['virtualpay', true, '通过 App Store 一次性付款，不自动续费\n如需退款，请向 Apple 申请'],
] as const)('what is paid through %s (iOS: %s) says who takes the money', (channel, isIos, once) => {
  const product = { ...CITY, channel };
  const choosing = { product, option: product.options[0] };
  const shown = showShop({ products: [product], choosing, memberships: {}, notOffered: '', isIos, now: NOW });
  expect(shown.once).toBe(once);
});

test.each([
  ['2026-12-23T02:24:00.000Z', 'meeting-right'],
  ['2027-02-23T02:24:00.000Z', 'meeting-left'],
  ['2029-01-15T02:24:00.000Z', 'spread'],
])('the marks of a membershipBar never touch: with a membership until %s they are %s', (until, layout) => {
  const term = { name: '城市版', term: { months: 3 }, memberUntil: new Date(until), now: NOW };
  expect(barOfPlan(term, 'add', () => '').layout).toBe(layout);
});

test('memberships are listed by what ends first, those that have ended last', () => {
  const rows = showMemberships({
    memberships: { premium: '2026-12-08T02:24:00.000Z', market: '2026-11-01T02:24:00.000Z', ...MEMBERSHIPS },
    products: [CITY, PREMIUM],
    orders: [],
    now: NOW,
  });
  expect(rows.map(({ name, left }) => [name, left])).toEqual([
    ['付费版', '还有 15 天'],
    ['城市版', '还有 53 天'],
    ['会员', '已到期'],
  ]);
});

test('what is no longer on sale is named as it was ordered, in both lists', () => {
  const orders = [order({ product_id: 'market', body: '市场版 3 个月' }), order({ body: '城市版 3 个月' })];
  const known = { products: [CITY], orders, now: NOW };
  const withoutLabel = showMemberships({ memberships: { market: '2026-12-08T02:24:00.000Z' }, ...known });
  expect(withoutLabel).toMatchObject([{ name: '市场版', description: '' }]);
  const rows = showRows({ ...known, attemptFor: () => undefined, isIos: false });
  expect(rows.map(({ what }) => what)).toEqual(['市场版 · 3 个月', '城市版 · 3 个月']);
});

test('the list counts down what can be paid, and only the first has the filled button', () => {
  const orders = [
    order(),
    order({ out_trade_no: 'second' }),
    order({ out_trade_no: 'virtual', product_id: 'premium' }),
    order({ out_trade_no: 'paid-virtually', product_id: 'premium', channel: 'virtualpay' }),
    order({ out_trade_no: 'paid', trade_state: 'SUCCESS' }),
  ];
  const rows = showRows({
    orders,
    attemptFor: () => undefined,
    products: [CITY, PREMIUM],
    isIos: true,
    now: NOW,
  });
  expect(rows.map(({ left, canPay, isFirst, state }) => [left, canPay, isFirst, state])).toEqual([
    ['29:50', true, true, '待支付'],
    ['29:50', true, false, '待支付'],
    ['29:50', false, false, '待支付'],
    ['29:50', true, false, '待支付'],
    ['', false, false, '已支付'],
  ]);
});

test.each<ErrorCode>([
  'INVALID_PARAMETERS',
  'OPENID_MISSING',
  'PRODUCT_NOT_ON_SALE',
  'PRICE_CHANGED',
  'REQUEST_ID_REUSED',
  'TOO_MANY_UNPAID_ORDERS',
  'TOO_MANY_ORDERS',
  'ORDER_NOT_FOUND',
  'ORDER_CLOSED',
  'ORDER_PAID',
  'ORDER_HELD',
  'WECHATPAY_UNAVAILABLE',
  'MERCHANT_MISCONFIGURED',
  'LOGIN_CODE_INVALID',
  'LOGIN_BLOCKED',
  'ITEM_NOT_PUBLISHED',
  'ITEM_NOT_EFFECTIVE',
  'INTERNAL_ERROR',
])('%s is shown in plain Chinese with what to do next', (errcode) => {
  const { title, text, label } = noticeOf({ kind: 'refused', errcode });
  for (const words of [title, text, label]) expect(words).toMatch(/^[\u4e00-\u9fff，。；：、]+$/);
});
