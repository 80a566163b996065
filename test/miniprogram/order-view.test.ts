import { describe, expect, test } from 'vitest';
import type { TradeState } from '../../cloudfunctions/_shared/contract.ts';
import type { OrderKnown } from '../../miniprogram/logic/order/order-known.ts';
import { showOrder } from '../../miniprogram/logic/order/order-view.ts';
import { NOW, order } from './samples.ts';

const HELD = new Date('2027-01-15T10:24:00+08:00');

function known(changes: Partial<OrderKnown> = {}): OrderKnown {
  return {
    order: order(),
    productName: '城市版',
    isWithheld: false,
    heldUntil: HELD,
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
      '请在 10:54 前完成支付，\n到时订单会自动关闭。',
      ['继续支付 ¥48.00', '取消订单'],
    ],
    [
      'unpaid, cashier closed',
      { attempt: { kind: 'cancelled', at: NOW.toISOString() } },
      '待支付',
      '你还没有付款，\n订单保留到 10:54。',
      ['继续支付 ¥48.00', '取消订单'],
    ],
    [
      'payment failed with words',
      { attempt: { kind: 'failed', at: NOW.toISOString(), said: '余额不足' } },
      '支付没有完成',
      '微信支付提示：余额不足。\n订单还在，换一种付款方式再试。',
      ['重新支付 ¥48.00', '取消订单'],
    ],
    [
      'payment failed without words',
      { attempt: { kind: 'failed', at: NOW.toISOString() } },
      '没有收到付款结果',
      '同一笔订单不会重复扣款，\n可以换一种付款方式再试。',
      ['重新支付 ¥48.00', '取消订单'],
    ],
    [
      'payment failed, says WeChat',
      { order: order({ trade_state: 'PAYERROR' }) },
      '支付没有完成',
      '微信支付没有完成这次付款。\n订单还在，换一种付款方式再试。',
      ['重新支付 ¥48.00', '取消订单'],
    ],
    [
      'confirming',
      { attempt: done, polling: waiting },
      '正在确认付款',
      '通常几秒钟。\n可以离开这里，结果不会丢。',
      ['返回会员页'],
    ],
    [
      'confirming for long',
      { attempt: done, polling: waiting, now: at(30_001) },
      '正在确认付款',
      '比平时久一些。请不要重复付款，\n结果出来后这里会更新。',
      ['重新核对', '返回会员页'],
    ],
    [
      'confirming without a network',
      { attempt: done, polling: { ...waiting, offlineSince: NOW } },
      '正在确认付款',
      '请不要重复付款。\n联网后会自动继续核对。',
      ['重新核对', '返回会员页'],
    ],
    [
      'confirming, and the merchant looks into it',
      { order: order({ held: true }), polling: waiting, now: at(3_600_000) },
      '正在确认付款',
      '商家正在核对这笔付款，请不要重复付款。\n有结果后这里会更新。',
      ['重新核对', '返回会员页'],
    ],
    ['paid', { order: paid }, '支付成功', '城市版有效期至', ['完成']],
    [
      'cancel, payment won',
      { order: paid, wasCancelTried: true },
      '支付成功',
      '取消前付款已到账，会员已开通。',
      ['完成'],
    ],
    [
      'cancelled',
      { order: order({ cancelled_at: NOW.toISOString() }) },
      '订单已取消',
      '没有收到付款，有效期没有变化。\n需要的话可以重新下单。',
      ['重新选购'],
    ],
    [
      'expired',
      { now: at(30 * 60_000) },
      '已过支付时间',
      '不能再支付了，正在与微信支付核对。\n如果刚才已付款，会员会照常开通。',
      ['查询最新结果', '重新选购'],
    ],
    [
      'closed',
      { order: order({ trade_state: 'CLOSED' }) },
      '订单已关闭',
      '30 分钟内没有收到付款。\n需要的话可以重新下单。',
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
  expect(steps({ attempt: done })).toContain('你已在微信支付完成操作');
  expect(steps({ order: order({ trade_state: 'USERPAYING' }) })).toContain('微信支付正在处理');
});

test('an order of a product that may not be paid for on this phone can still be cancelled', () => {
  expect(showOrder(known({ isWithheld: true })).actions.map(({ act }) => act)).toEqual(['cancel']);
});

test('the moment of the last answer is shown while there is no network', () => {
  const shown = showOrder(known({ attempt: done, polling: { ...waiting, offlineSince: NOW } }));
  expect(shown.band).toBe('网络已断开，显示的是 10:24 的结果');
  expect(shown.steps.at(-1)?.note).toBe('等待网络');
});

describe('the membershipBar', () => {
  test.each<[string, Partial<OrderKnown>, string[], string]>([
    ['unpaid', {}, ['held', 'add'], '付款后延长 3 个月'],
    ['unpaid, nothing held', { heldUntil: undefined }, ['add'], '付款后开通 3 个月'],
    ['confirming', { attempt: done }, ['held', 'add'], '确认后延长 3 个月'],
    ['expired', { now: at(30 * 60_000) }, ['held', 'unknown'], '核对中'],
    ['paid', { order: paid }, ['held', 'got'], '已延长 3 个月'],
    ['closed', { order: order({ trade_state: 'CLOSED' }) }, ['held'], '没有变化'],
  ])('%s', (_name, changes, lines, label) => {
    const { membershipBar } = showOrder(known(changes));
    expect(membershipBar?.parts.map(({ line }) => line)).toEqual(lines);
    expect(membershipBar?.label).toBe(label);
  });

  test('is left out where nothing is held and nothing comes', () => {
    expect(
      showOrder(known({ order: order({ trade_state: 'CLOSED' }), heldUntil: undefined })).membershipBar,
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
      expect(JSON.stringify(shown)).not.toMatch(/没有扣款|没有收到付款|还没有付款/);
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
