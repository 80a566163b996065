import { describe, expect, test } from 'vitest';
import type { TradeState } from '../../cloudfunctions/_shared/contract.ts';
import type { Order } from '../../miniprogram/logic/order/order.ts';
import type { OrderKnown } from '../../miniprogram/logic/order/order-known.ts';
import { showOrder } from '../../miniprogram/logic/order/order-view.ts';
import { NOW, order, refund } from './samples.ts';

const UNTIL = new Date('2027-01-15T10:24:00+08:00');

function known(changes: Partial<OrderKnown> = {}): OrderKnown {
  return {
    order: order(),
    productName: '城市版',
    isWithheld: false,
    memberUntil: UNTIL,
    attempt: undefined,
    polling: { count: 0, since: undefined, offlineSince: undefined },
    wasCancelTried: false,
    now: NOW,
    ...changes,
  };
}

const at = (ms: number) => new Date(NOW.getTime() + ms);
const done = { kind: 'done', at: NOW.toISOString() } as const;
const waiting = { count: 2, since: NOW, offlineSince: undefined };
const paid = order({
  trade_state: 'SUCCESS',
  time_end: '2026-11-23T02:24:14.000Z',
  expires_at: '2027-04-15T02:24:00.000Z',
});

describe('the page says', () => {
  test.each<[string, Partial<OrderKnown>, string, string, string[]]>([
    [
      'unpaid',
      {},
      '待支付',
      '请在 10:54 前完成支付，\n逾期订单将自动关闭。',
      ['继续支付 ¥48.00', '取消订单'],
    ],
    [
      'unpaid, cashier closed',
      { attempt: { kind: 'cancelled', at: NOW.toISOString() } },
      '待支付',
      '你尚未付款，\n订单将保留至 10:54。',
      ['继续支付 ¥48.00', '取消订单'],
    ],
    [
      'payment failed with words',
      { attempt: { kind: 'failed', at: NOW.toISOString(), said: '余额不足' } },
      '支付未完成',
      '微信支付提示：余额不足。\n订单仍然有效，可以更换支付方式重试。',
      ['重新支付 ¥48.00', '取消订单'],
    ],
    [
      'payment failed without words',
      { attempt: { kind: 'failed', at: NOW.toISOString() } },
      '未收到支付结果',
      '同一笔订单不会重复扣款，\n可以更换支付方式重试。',
      ['重新支付 ¥48.00', '取消订单'],
    ],
    [
      'payment failed, says WeChat',
      { order: order({ trade_state: 'PAYERROR' }) },
      '支付未完成',
      '微信支付未能完成本次付款。\n订单仍然有效，可以更换支付方式重试。',
      ['重新支付 ¥48.00', '取消订单'],
    ],
    [
      'confirming',
      { attempt: done, polling: waiting },
      '正在确认支付结果',
      '通常只需几秒。\n可以离开此页，结果不会丢失。',
      ['返回会员页'],
    ],
    [
      'confirming for long',
      { attempt: done, polling: waiting, now: at(30_001) },
      '正在确认支付结果',
      '比平时久一些，请勿重复支付。\n有结果后会在这里更新。',
      ['重新查询', '返回会员页'],
    ],
    [
      'confirming without a network',
      { attempt: done, polling: { ...waiting, offlineSince: NOW } },
      '正在确认支付结果',
      '请勿重复支付。\n联网后将自动继续核对。',
      ['重新查询', '返回会员页'],
    ],
    [
      'confirming, and the merchant looks into it',
      { order: order({ under_review: true }), polling: waiting, now: at(3_600_000) },
      '正在确认支付结果',
      '商家正在核对这笔付款，请勿重复支付。\n有结果后会在这里更新。',
      ['重新查询', '返回会员页'],
    ],
    ['paid', { order: paid }, '支付成功', '城市版有效期至', ['完成']],
    [
      'cancel, payment won',
      { order: paid, wasCancelTried: true },
      '支付成功',
      '取消前已完成付款，会员已开通。',
      ['完成'],
    ],
    [
      'cancelled',
      { order: order({ cancelled_at: NOW.toISOString() }) },
      '订单已取消',
      '未收到付款，会员有效期不变。\n如有需要，可以重新下单。',
      ['重新选购'],
    ],
    [
      'expired',
      { now: at(30 * 60_000) },
      '已超过支付时间',
      '订单已无法支付，正在向微信支付核实。\n如已付款，会员将照常开通。',
      ['查询支付结果', '重新选购'],
    ],
    [
      'expired, and paid by virtual payment, which closes nothing',
      { order: order({ channel: 'virtualpay' }), now: at(30 * 60_000) },
      '已超过支付时间',
      '订单已无法支付。\n如已付款，会员将照常开通。',
      ['查询支付结果', '重新选购'],
    ],
    [
      'refunded',
      { order: order({ trade_state: 'REFUND' }) },
      '订单已退款',
      '款项将原路退回，\n到账时间以微信支付通知为准。',
      ['重新选购'],
    ],
    [
      'refund under way',
      { order: { ...paid, refunds: [refund({ state: 'PROCESSING', success_time: null })] } },
      '退款处理中',
      '商家已发起退款 ¥20.00，\n到账时间以微信支付通知为准。',
      ['完成'],
    ],
    [
      'refund that does not go through',
      { order: { ...paid, refunds: [refund({ state: 'ABNORMAL', success_time: null })] } },
      '退款处理中',
      '退款 ¥20.00 暂未成功，\n商家正在处理，请留意到账通知。',
      ['完成'],
    ],
    [
      'refunded in part',
      { order: { ...paid, trade_state: 'REFUND', refunded_fee: 2000, refunds: [refund()] } },
      '已部分退款',
      '已退 ¥20.00，款项原路退回。\n会员有效期以会员页为准。',
      ['完成'],
    ],
    [
      'refunded by Apple',
      { order: order({ trade_state: 'REFUND', channel: 'virtualpay', apple: true }) },
      '订单已退款',
      '款项由 Apple 退回，\n到账时间以 Apple 通知为准。',
      ['重新选购'],
    ],
    [
      'closed',
      { order: order({ trade_state: 'CLOSED' }) },
      '订单已关闭',
      '30 分钟内未完成支付。\n如有需要，可以重新下单。',
      ['重新选购'],
    ],
  ])('%s', (_name, changes, title, text, actions) => {
    const shown = showOrder(known(changes));
    expect([shown.title, shown.text]).toEqual([title, text]);
    expect(shown.actions.map(({ label }) => label)).toEqual(actions);
  });
});

test('the time to pay in is the order’s own', () => {
  const shown = showOrder(
    known({ order: order({ trade_state: 'CLOSED', time_expire: '2026-11-23T04:14:06.000Z' }) }),
  );
  expect(shown.text).toContain('110 分钟内');
});

test('a paid order names the day until which it paid', () => {
  expect(showOrder(known({ order: paid })).strong).toBe('2027 年 4 月 15 日');
});

test('a paid order that does not say until when names the day of the membership, and draws no membershipBar', () => {
  const { strong, membershipBar } = showOrder(known({ order: { ...paid, expires_at: null } }));
  expect([strong, membershipBar]).toEqual(['2027 年 1 月 15 日', null]);
});

test('the shopper is said to have paid at WeChat only when their own phone says so', () => {
  const steps = (changes: Partial<OrderKnown>) => showOrder(known(changes)).steps.map(({ title }) => title);
  expect(steps({ attempt: done })).toContain('已在微信支付完成操作');
  expect(steps({ order: order({ trade_state: 'USERPAYING' }) })).toContain('微信支付正在处理');
  expect(steps({ attempt: done, order: order({ channel: 'virtualpay' }) })).toContain('已在微信完成操作');
});

test('an order of a product that may not be paid for on this phone can still be cancelled', () => {
  expect(showOrder(known({ isWithheld: true })).actions.map(({ act }) => act)).toEqual(['cancel']);
});

test('the moment of the last answer is shown while there is no network', () => {
  const shown = showOrder(known({ attempt: done, polling: { ...waiting, offlineSince: NOW } }));
  expect(shown.band).toBe('网络已断开，显示的是 10:24 的结果');
  expect(shown.steps.at(-1)?.note).toBe('等待网络');
});

test('what the phone kept shows the amount, and draws no membershipBar over months that it does not know', () => {
  const shown = showOrder(
    known({ memberUntil: 'unread', attempt: done, polling: { ...waiting, offlineSince: NOW } }),
  );
  expect([shown.state, shown.fen, shown.text, shown.membershipBar]).toEqual([
    'confirming',
    4800,
    '请勿重复支付。\n联网后将自动继续核对。',
    null,
  ]);
});

describe('the page lists', () => {
  const cells = (changes: Partial<Order>) =>
    showOrder(known({ order: { ...paid, ...changes } })).cells.map(({ label, value, copy }) => [
      label,
      value,
      copy,
    ]);

  test('WeChat’s number of the payment and the way of paying, once it is paid', () => {
    expect(cells({ transaction_id: '4200002674202611238000307409', bank_type: 'CFT' })).toEqual([
      ['订单号', '7f3a0c91…d2c21e', '7f3a0c9155bb66cc77dd88ee99d2c21e'],
      ['下单时间', '2026.11.23 10:24', ''],
      ['支付时间', '2026.11.23 10:24', ''],
      ['支付方式', '微信支付 · 零钱', ''],
      ['微信支付单号', '42000026…307409', '4200002674202611238000307409'],
    ]);
  });

  test.each([
    ['ICBC_DEBIT', '微信支付 · 储蓄卡'],
    ['CMB_CREDIT', '微信支付 · 信用卡'],
    ['OTHERS', '微信支付'],
    [null, '微信支付'],
  ])('a payment from %s as %s', (bank_type, way) => {
    expect(cells({ bank_type }).find(([label]) => label === '支付方式')?.[1]).toBe(way);
  });

  test('that Apple took the money, and refunds it', () => {
    const apple = { channel: 'virtualpay', apple: true, transaction_id: '2000000812345678' } as const;
    expect(cells(apple).slice(3)).toEqual([
      ['支付方式', 'App Store', ''],
      ['交易单号', '2000000812345678', '2000000812345678'],
      ['退款', '请向 Apple 申请', ''],
    ]);
  });

  test('each refund with what became of it', () => {
    const refunds = [refund(), refund({ refund_fee: 500, state: 'PROCESSING', success_time: null })];
    const of = (changes: Partial<Order>) => cells(changes).filter(([label]) => label?.startsWith('退款'));
    expect(of({ refunds })).toEqual([
      ['退款 1', '¥20.00 · 2026.11.24 到账', ''],
      ['退款 2', '¥5.00 · 处理中', ''],
    ]);
    expect(of({ refunds: [refund({ success_time: null })] })).toEqual([['退款', '¥20.00 · 已退款', '']]);
    expect(of({ refunds: [refund({ state: 'ABNORMAL' })] })).toEqual([['退款', '¥20.00 · 退款异常', '']]);
  });

  test('nothing of a payment that is not there', () => {
    const shown = showOrder(known());
    expect(shown.cells.map(({ label }) => label)).toEqual(['订单号', '下单时间']);
  });
});

describe('the membershipBar', () => {
  test.each<[string, Partial<OrderKnown>, string[], string]>([
    ['unpaid', {}, ['member', 'add'], '付款后延长 3 个月'],
    ['unpaid, no membership', { memberUntil: undefined }, ['add'], '付款后开通 3 个月'],
    ['confirming', { attempt: done }, ['member', 'add'], '确认后延长 3 个月'],
    ['expired', { now: at(30 * 60_000) }, ['member', 'unknown'], '核对中'],
    ['paid', { order: paid }, ['member', 'got'], '已延长 3 个月'],
    ['closed', { order: order({ trade_state: 'CLOSED' }) }, ['member'], '不变'],
    ['refunded', { order: order({ trade_state: 'REFUND' }) }, ['member'], '当前'],
    [
      'refund under way',
      { order: { ...paid, refunds: [refund({ state: 'PROCESSING' })] } },
      ['member'],
      '当前',
    ],
  ])('%s', (_name, changes, lines, label) => {
    const { membershipBar } = showOrder(known(changes));
    expect(membershipBar?.parts.map(({ line }) => line)).toEqual(lines);
    expect(membershipBar?.label).toBe(label);
  });

  test('is left out where there is no membership and none comes', () => {
    expect(
      showOrder(known({ order: order({ trade_state: 'CLOSED' }), memberUntil: undefined })).membershipBar,
    ).toBeNull();
  });
});

describe('what must never be said', () => {
  const states: TradeState[] = ['NOTPAY', 'USERPAYING', 'PAYERROR', 'SUCCESS', 'CLOSED', 'REFUND'];
  const attempts = [
    undefined,
    done,
    { ...done, kind: 'cancelled' } as const,
    { ...done, kind: 'failed' } as const,
    { ...done, kind: 'failed', cause: 'merchant', code: '-15010' } as const,
    { ...done, kind: 'failed', cause: 'unknown' } as const,
    { ...done, kind: 'opened' } as const,
  ];
  const every = states.flatMap((trade_state) =>
    attempts.flatMap((attempt) =>
      [NOW, at(30 * 60_000)].flatMap((now) =>
        [null, NOW.toISOString()].map((cancelled_at) =>
          known({ order: { ...paid, trade_state, cancelled_at }, attempt, now, polling: waiting }),
        ),
      ),
    ),
  );

  test('success, before the server says SUCCESS', () => {
    for (const one of every.filter(({ order }) => order.trade_state !== 'SUCCESS')) {
      const { actions, ...shown } = showOrder(one);
      expect(JSON.stringify(shown)).not.toMatch(/成功|已开通|已延长|check/);
      expect(shown.statusIcon).not.toBe('done');
    }
  });

  test('that nothing was paid, while that is not known', () => {
    for (const one of every) {
      const shown = showOrder(one);
      if (shown.state !== 'confirming' && shown.state !== 'expired') continue;
      expect(JSON.stringify(shown)).not.toMatch(/没有扣款|未扣款|未收到付款|尚未付款|未完成支付|支付未完成/);
      expect(shown.actions.map(({ act }) => act)).not.toContain('pay');
    }
  });

  test('anything without something to do next, with two filled buttons, or with urgency', () => {
    for (const one of every) {
      const shown = showOrder(one);
      expect(shown.actions.length).toBeGreaterThan(0);
      expect(shown.actions.filter(({ look }) => look === 'fill').length).toBeLessThanOrEqual(1);
      expect(JSON.stringify(shown)).not.toMatch(/[!！]|系统繁忙|undefined|NaN|Invalid/);
    }
  });
});
