import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { proposedTakes as proposedByServer } from '../../../cloudfunctions/_shared/order/refunds/takes.ts';
import { DESK_CODES } from '../../../miniprogram/desk/logic/codes.ts';
import {
  awaitedRefund,
  forgetRefund,
  KEPT_REFUNDS_MAX,
  keepRefund,
  keptRefund,
} from '../../../miniprogram/desk/logic/kept-refunds.ts';
import { messageOf } from '../../../miniprogram/desk/logic/messages.ts';
import {
  type Draft,
  draftOf,
  fenIn,
  newDraft,
  showRefund,
  wantedOf,
  withMode,
} from '../../../miniprogram/desk/logic/refund-form.ts';
import { isUnknown, refundNotice } from '../../../miniprogram/desk/logic/refund-words.ts';
import { proposedTakes } from '../../../miniprogram/desk/logic/takes.ts';
import { keepOperator, wasOperator } from '../../../miniprogram/logic/operator.ts';
import type { Store } from '../../../miniprogram/logic/store.ts';
import { sampleOrder } from '../../order/samples.ts';
import { answeredOrder, history } from './samples.ts';

const orderWith = (change: Parameters<typeof answeredOrder>[0] = {}) =>
  history({ order: answeredOrder(change) }).order;
const order = orderWith();
const filled = (change: Partial<Draft>): Draft => ({ ...newDraft(order), reason: '买错了', ...change });
const part = (amount: string, change: Partial<Draft> = {}) =>
  filled({ ...withMode(newDraft(order), 'part'), amount, reason: '买错了', ...change });

/** A phone's storage. */
function emptyStore(): Store {
  const kept = new Map<string, unknown>();
  return { read: (key) => kept.get(key), write: (key, value) => void kept.set(key, structuredClone(value)) };
}

describe('the refund form', () => {
  test('begins with all that is left, which takes all that is not used', () => {
    expect(wantedOf(order, filled({}))).toEqual({ refund_fee: 4800, takes: 'all', reason: '买错了' });
    const rest = orderWith({ trade_state: 'REFUND', refunded_fee: 1600 });
    expect(wantedOf(rest, filled({}))).toMatchObject({ refund_fee: 3200, takes: 'all' });
  });

  test('proposes for a part its share of the days, and sends what was shown', () => {
    expect(wantedOf(order, part('10'))).toEqual({ refund_fee: 1000, takes: { days: 19 }, reason: '买错了' });
    expect(showRefund(order, part('10')).choices[0]).toEqual({
      ...{ value: 'proposed', label: '扣减 19 天', isChosen: true },
    });
    expect(showRefund(order, part('10')).confirm).toMatchObject({
      title: '退款 ¥10.00？',
      text: expect.stringContaining('扣减 19 天'),
    });
  });

  test('takes days without money, where a part was given back elsewhere', () => {
    const draft = filled({ ...withMode(newDraft(order), 'none'), days: '10', reason: '商户平台已退' });
    expect(wantedOf(order, draft)).toEqual({ refund_fee: 0, takes: { days: 10 }, reason: '商户平台已退' });
    const nothingLeft = orderWith({ trade_state: 'REFUND', refunded_fee: 4800 });
    expect(newDraft(nothingLeft).mode).toBe('none');
    expect(showRefund(nothingLeft, newDraft(nothingLeft)).modes).toHaveLength(1);
  });

  test.each([
    ['no amount', part(''), '请输入退款金额'],
    ['nothing', part('0.00'), '请输入退款金额'],
    ['no number', part('ten'), '请输入退款金额'],
    ['a third of a fen', part('1.234'), '请输入退款金额'],
    ['more than is left', part('48.01'), '最多可退 ¥48.00'],
    ['no days', part('10', { choice: 'days' }), '请输入天数'],
    ['no days at all', part('10', { choice: 'days', days: '0' }), '请输入天数'],
    ['eleven years', part('10', { choice: 'days', days: '4000' }), '最多扣减 3660 天'],
    ['no reason', part('10', { reason: ' ' }), '请填写原因'],
    ['a reason of 81 bytes', part('10', { reason: '错'.repeat(27) }), '原因太长'],
  ])('says on its button what it lacks: %s', (_, draft, problem) => {
    expect(showRefund(order, draft).problem).toBe(problem);
    expect(wantedOf(order, draft)).toBeUndefined();
  });

  test.each([
    ['12', 1200],
    ['12.', 1200],
    ['12.5', 1250],
    ['12.05', 1205],
    [' 0.29 ', 29],
    ['1.1', 110],
    ['.5', undefined],
    ['1e3', undefined],
    ['-1', undefined],
    ['1,000', undefined],
  ])('reads %j as %j fen', (amount, fen) => {
    expect(fenIn(amount)).toBe(fen);
  });

  test('is filled again as it was asked for, whatever was asked for', () => {
    const wanted = fc.record({
      refund_fee: fc.integer({ min: 0, max: 4800 }),
      takes: fc.oneof(
        fc.constant('all' as const),
        fc.constant('none' as const),
        fc.integer({ min: 1, max: 3660 }).map((days) => ({ days })),
      ),
      reason: fc.constant('协商退款'),
    });
    fc.assert(
      fc.property(wanted, (asked) => {
        fc.pre(asked.refund_fee > 0 || asked.takes !== 'none');
        expect(wantedOf(order, draftOf(order, asked))).toEqual(asked);
      }),
    );
  });

  test('proposes what the server would', () => {
    const cases = fc.record({
      total_fee: fc.integer({ min: 1, max: 1_000_000 }),
      months: fc.integer({ min: 1, max: 120 }),
      refunded: fc.double({ min: 0, max: 1, noNaN: true }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, ({ total_fee, months, refunded, share }) => {
        const refunded_fee = Math.floor(total_fee * refunded);
        const refund_fee = Math.floor((total_fee - refunded_fee) * share);
        const there = sampleOrder({ total_fee, months, refunded_fee });
        expect(proposedTakes({ total_fee, refunded_fee, days: months * 30 }, refund_fee)).toEqual(
          proposedByServer(there, refund_fee),
        );
      }),
    );
  });
});

describe('a refund whose answer got lost', () => {
  const wanted = { refund_fee: 1000, takes: { days: 19 }, reason: '买错了' } as const;
  const { out_trade_no } = order;

  test('is asked for again under its request_id, and another one under another', () => {
    const store = emptyStore();
    const first = keepRefund(store, { out_trade_no, wanted, newRequestId: 'first-0000000000001' });
    expect(keptRefund(store, out_trade_no)).toEqual(first);
    expect(keepRefund(store, { out_trade_no, wanted, newRequestId: 'second-000000000001' })).toEqual(first);
    const more = { ...wanted, refund_fee: 2000 };
    const other = keepRefund(store, { out_trade_no, wanted: more, newRequestId: 'third-0000000000001' });
    expect(other.request_id).toBe('third-0000000000001');
    forgetRefund(store, out_trade_no);
    expect(keptRefund(store, out_trade_no)).toBeUndefined();
  });

  test('is not the only one, and what somebody else wrote there is left out', () => {
    const store = emptyStore();
    for (let count = 0; count <= KEPT_REFUNDS_MAX; count++) {
      keepRefund(store, { out_trade_no: `order-${count}`, wanted, newRequestId: `request-${count}` });
    }
    expect(keptRefund(store, 'order-0')).toBeUndefined();
    expect(keptRefund(store, 'order-1')).toMatchObject({ request_id: 'request-1' });
    store.write('refunds', [{ out_trade_no }, 'x', null]);
    expect(keptRefund(store, out_trade_no)).toBeUndefined();
  });

  test.each([
    ['as much is left as it asks for', { refunded_fee: 3800 }, true],
    ['it has arrived, and nothing is left', { refund_reserved_fee: 4800 }, false],
    ['somebody else gave back too much for it', { refunded_fee: 3900 }, false],
  ])('is open only while it can be asked for again: %s', (_, change, isOpen) => {
    const store = emptyStore();
    keepRefund(store, { out_trade_no, wanted, newRequestId: 'first-0000000000001' });
    expect(awaitedRefund(store, orderWith(change)) !== undefined).toBe(isOpen);
    expect(keptRefund(store, out_trade_no) !== undefined).toBe(isOpen);
  });

  test('that gives no money back is open although nothing is left', () => {
    const store = emptyStore();
    const days = { ...wanted, refund_fee: 0 };
    keepRefund(store, { out_trade_no, wanted: days, newRequestId: 'first-0000000000001' });
    expect(awaitedRefund(store, orderWith({ refunded_fee: 4800 }))).toMatchObject(days);
  });

  test.each(Object.keys(DESK_CODES) as (keyof typeof DESK_CODES)[])(
    'or was refused with %s has words',
    (errcode) => {
      const failure = { kind: 'refused', error: { errcode, errmsg: '', now: '' } } as const;
      const notice = refundNotice(failure);
      expect(`${notice.title}${notice.text}${notice.label}`).not.toMatch(/[A-Z]{3,}|！|失败/);
      expect(notice.text).toMatch(/[。]$/);
      expect(isUnknown(failure)).toBe(['WECHATPAY_UNAVAILABLE', 'INTERNAL_ERROR'].includes(errcode));
      expect(messageOf(failure).title).not.toBe('');
    },
  );

  test.each([true, false])('says that it can be sent again safely (offline: %s)', (offline) => {
    const failure = { kind: 'lost', offline } as const;
    expect(refundNotice(failure)).toMatchObject({ next: 'again', label: '再次提交' });
    expect(isUnknown(failure)).toBe(true);
  });
});

test('a page for everybody else does not say what it is', () => {
  const failure = { kind: 'refused', error: { errcode: 'FORBIDDEN', errmsg: '', now: '' } } as const;
  expect(JSON.stringify(messageOf(failure))).not.toMatch(/工作台|退款|订单|操作员|告警/);
});

test('a phone remembers whether it opened the desk, and writes only when that changes', () => {
  const store = emptyStore();
  const written: unknown[] = [];
  const watched = { ...store, write: (key: string, value: unknown) => written.push(store.write(key, value)) };
  expect(wasOperator(watched)).toBe(false);
  keepOperator(watched, false);
  expect(written).toHaveLength(0);
  keepOperator(watched, true);
  keepOperator(watched, true);
  expect(wasOperator(watched)).toBe(true);
  expect(written).toHaveLength(1);
});
