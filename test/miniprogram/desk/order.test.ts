import { describe, expect, test } from 'vitest';
import { deskOrderFrom, ordersFrom } from '../../../miniprogram/desk/logic/desk-order.ts';
import { historyFrom } from '../../../miniprogram/desk/logic/history.ts';
import { joined, searchIn, showDeskRows } from '../../../miniprogram/desk/logic/order-rows.ts';
import { showDeskOrder } from '../../../miniprogram/desk/logic/order-shown.ts';
import { timelineOf } from '../../../miniprogram/desk/logic/timeline.ts';
import { alarm, answered, answeredOrder, history, NOW, OPERATOR, refund } from './samples.ts';

const line = (entry: ReturnType<typeof timelineOf>[number]) =>
  [entry.look, entry.title, entry.text].filter((text) => text !== '').join(' | ');
const lines = (change: Parameters<typeof history>[0] = {}) => timelineOf(history(change), NOW).map(line);

describe('the timeline of an order', () => {
  test('begins with the order, also where WeChat says the second of the payment and we the millisecond', () => {
    expect(lines()).toEqual([
      'plain | 下单',
      'money | 付款 ¥48.00 | 微信支付 · 零钱',
      'plain | 开通城市版 | 有效期至 2027.04.14',
    ]);
  });

  test('tells a refund from who asked for it to what it took', () => {
    const grants = [
      {
        ...{ membership: 'city', granted_at: '2027-01-14T02:00:01.000Z' },
        ...{ cut_at: '2027-01-14T03:01:00.000Z', taken_days: 30, expires_at: '2027-03-15T02:00:01.000Z' },
      },
    ];
    const order = answeredOrder({ trade_state: 'REFUND', refunded_fee: 1600 });
    expect(lines({ order, grants, refunds: [refund()] }).slice(3)).toEqual([
      'plain | 发起退款 ¥16.00 | 小李 · 买错了 · 扣减 30 天',
      'money | 退款 ¥16.00 到账',
      'plain | 城市版扣减 30 天',
    ]);
  });

  test.each([
    [{ requested_by: null, reason: '', takes: 'none' as const }, '商户平台退款 ¥16.00'],
    [{ state: 'CLOSED' as const, success_time: null }, '退款 ¥16.00 没有退成'],
    [{ refund_fee: 0, success_time: null }, '发起扣减会员时长'],
  ])('names a refund %j', (change, words) => {
    expect(lines({ refunds: [refund(change)] }).join('\n')).toContain(words);
  });

  test.each([
    ['PROCESSING', 'wait | 等待微信退款 | 微信提示：NOTENOUGH 余额不足'],
    ['ABNORMAL', 'bad | 钱退不回去 | 请到商户平台继续处理'],
    ['ABANDONING', 'wait | 正在确认退款是否送达微信'],
  ] as const)('ends with what is open of a refund that is %s', (state, words) => {
    const open = {
      state,
      ended_at: null,
      success_time: null,
      err_code: 'NOTENOUGH',
      err_code_des: '余额不足',
    };
    expect(lines({ refunds: [refund(open)] }).at(-1)).toBe(words);
  });

  test('shows an alarm with what to do until somebody dealt with it, then with who that was', () => {
    expect(lines({ alarms: [alarm()] }).at(-1)).toBe('bad | 同一次购买付了两笔 | 退掉其中一笔。');
    const done = alarm({ done_at: '2027-01-15T02:10:00.000Z', done_by: OPERATOR });
    expect(lines({ alarms: [done] }).at(-1)).toBe('plain | 同一次购买付了两笔 | 小李 今天 10:10 已处理');
  });

  test('leads to the order that took its place, and says when WeChat is asked again', () => {
    const other = 'a'.repeat(32);
    const open = {
      ...{ trade_state: 'NOTPAY' as const, time_end: null, cancelled_at: '2027-01-14T02:05:00.000Z' },
      ...{ superseded_by: other, next_query_at: '2027-01-15T02:20:00.000Z' },
    };
    const entries = timelineOf(history({ order: answeredOrder(open), grants: [] }), NOW);
    expect(entries.map(line)).toEqual(['plain | 下单', 'plain | 用户重新下单', 'wait | 下次向微信核对']);
    expect(entries[1]).toMatchObject({ leadsTo: other });
    expect(entries[2]).toMatchObject({ when: '今天 10:20' });
  });

  test('names a refund that cannot be read, and an order that is held', () => {
    const all = lines({ order: answeredOrder({ held: true }), refunds: [{ unreadable: 'broken' }] });
    expect(all.slice(-2)).toEqual([
      'bad | 一笔退款的数据无法读取 | broken',
      'bad | 付款与订单不符，等待核对',
    ]);
  });

  test('has an act that is told nowhere else: a refund that was given up', () => {
    const audit = [
      {
        act: 'give-up',
        by: '老板@laptop',
        subject: 'f'.repeat(32),
        details: '',
        created_at: NOW.toISOString(),
      },
      { act: 'refund', by: OPERATOR, subject: 'f'.repeat(32), details: '', created_at: NOW.toISOString() },
    ];
    expect(lines({ audit }).slice(3)).toEqual(['plain | 放弃退款 | 老板@laptop']);
  });
});

describe('an order on the desk', () => {
  const open = refund({ state: 'PROCESSING', ended_at: null, success_time: null });
  const listed = [{ ...open, state: 'PROCESSING' as const }];

  test.each([
    ['paid', {}, 'paid', '退款'],
    ['held', { held: true, trade_state: 'NOTPAY' }, 'held', ''],
    ['unpaid', { trade_state: 'NOTPAY', time_expire: '2027-01-15T02:30:00.000Z' }, 'unpaid', ''],
    ['closed', { trade_state: 'CLOSED' }, 'closed', ''],
    ['refunded whole', { trade_state: 'REFUND', refunded_fee: 4800 }, 'refunded', '扣减会员时长'],
    ['refunded in part', { trade_state: 'REFUND', refunded_fee: 1600 }, 'part-refunded', '退款'],
    ['paid through Apple', { apple: true }, 'paid', '由 Apple 退款'],
  ] as const)('that is %s', (_, change, state, button) => {
    const shown = showDeskOrder(history({ order: answeredOrder(change) }), NOW);
    expect(shown).toMatchObject({ state, refund: { label: button } });
  });

  test('of which a refund is open cannot be refunded meanwhile', () => {
    const order = answeredOrder({ refunds: listed, refund_reserved_fee: 1600 });
    const shown = showDeskOrder(history({ order, refunds: [open] }), NOW);
    expect(shown).toMatchObject({ state: 'refunding', refund: { label: '退款处理中', isOff: true } });
    expect(shown.text).toBe('¥16.00 正在退回');
  });

  test('counts every refund of it, also one that came to nothing or only took days', () => {
    const { refund_fee, requested_at, success_time } = refund();
    const entry = { refund_fee, state: 'SUCCESS', requested_at, success_time } as const;
    const refunds = [
      { ...entry, out_refund_no: '1', state: 'CLOSED' as const },
      { ...entry, out_refund_no: '2', refund_fee: 0 },
      { ...entry, out_refund_no: '3' },
    ];
    expect(history({ order: answeredOrder({ refunds }) }).order.refund_count).toBe(3);
    expect(history().order.refund_count).toBe(0);
  });

  test('never says that nothing was paid while that is not known', () => {
    const unknown = [
      { trade_state: 'NOTPAY', cancelled_at: '2027-01-14T02:05:00.000Z' },
      { trade_state: 'NOTPAY' },
      { trade_state: 'USERPAYING' },
    ] as const;
    for (const change of unknown) {
      const shown = showDeskOrder(
        history({ order: answeredOrder({ ...change, time_end: null }), grants: [] }),
        NOW,
      );
      expect(JSON.stringify(shown)).not.toMatch(/没有付款|未付款|没有收到付款/);
    }
  });
});

describe('the list', () => {
  test('shows what cannot be read by its number, and everything else by name, time and shopper', () => {
    const { orders } = ordersFrom({
      orders: [answeredOrder(), { unreadable: 'e'.repeat(32) }, { nonsense: 1 }],
    }) ?? {
      orders: [],
    };
    expect(showDeskRows(orders, NOW)).toMatchObject([
      {
        what: '城市版 · 3 个月',
        about: '01.14 10:00 · 用户 …000001',
        fen: 4800,
        state: '已支付',
        isBad: false,
      },
      { out_trade_no: 'e'.repeat(32), what: '无法读取的订单', fen: null, isBad: true },
      { fen: null, isBad: true },
    ]);
  });

  test('joins pages without doubles', () => {
    const one = deskOrderFrom(answeredOrder());
    const other = deskOrderFrom(answeredOrder({ out_trade_no: 'b'.repeat(32) }));
    expect(joined([one], [other, one])).toEqual([one, other]);
  });

  test.each([
    [' 4200 0000 0020 ', '420000000020'],
    ['\n0123456789abcdef\t', '0123456789abcdef'],
  ])('finds %j without its spaces', (typed, search) => {
    expect(searchIn(typed)).toBe(search);
  });
});

test.each([undefined, null, 7, 'text', [], {}, { order: null }, { order: 7 }])(
  'an answer of %j is no history',
  (found) => {
    expect(historyFrom(found)).toBeUndefined();
  },
);

test('an answer in which something is missing shows the rest', () => {
  const { refunds: _, audit: __, names: ___, ...rest } = answered();
  expect(historyFrom(rest)).toMatchObject({ refunds: [], acts: [], grants: [{ membership: 'city' }] });
});
