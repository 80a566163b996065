import { describe, expect, test } from 'vitest';
import type { TradeState } from '../../cloudfunctions/_shared/contract.ts';
import type { Attempt } from '../../miniprogram/logic/order/attempts.ts';
import { mayStillBePaid, shortState, shownState } from '../../miniprogram/logic/order/order-state.ts';
import { NOW, order, refund } from './samples.ts';

const AFTER = new Date('2026-11-23T10:54:06+08:00');
const attempt = (kind: Attempt['kind']): Attempt => ({ kind, at: NOW.toISOString() });

// Rows: what the server knows. Columns: what the phone knows beside it.
const TABLE = `
  server            in-time    cashier-done  cashier-closed  time-is-up  done-and-time-is-up
  NOTPAY            unpaid     confirming    unpaid          expired     confirming
  PAYERROR          unpaid     confirming    unpaid          expired     confirming
  USERPAYING        confirming confirming    confirming      confirming  confirming
  SUCCESS           paid       paid          paid            paid        paid
  CLOSED            closed     closed        closed          closed      closed
  REFUND            refunded   refunded      refunded        refunded    refunded
  NOTPAY+cancelled  cancelled  confirming    cancelled       cancelled   confirming
  CLOSED+cancelled  cancelled  cancelled     cancelled       cancelled   cancelled
  SUCCESS+cancelled paid       paid          paid            paid        paid
`;

const KNOWN: Record<string, { attempt: Attempt | undefined; now: Date }> = {
  'in-time': { attempt: undefined, now: NOW },
  'cashier-done': { attempt: attempt('done'), now: NOW },
  'cashier-closed': { attempt: attempt('cancelled'), now: NOW },
  'time-is-up': { attempt: attempt('failed'), now: AFTER },
  'done-and-time-is-up': { attempt: attempt('done'), now: AFTER },
};

describe('an order is shown as', () => {
  test.each(cells(TABLE))('%s, %s: %s', (server, column, shown) => {
    const [trade_state, cancelled] = server.split('+');
    const saved = order({
      trade_state: tradeState(trade_state),
      cancelled_at: cancelled === undefined ? null : NOW.toISOString(),
    });
    const known = KNOWN[column];
    if (known === undefined) throw new Error(`no column ${column}`);
    expect(shownState(saved, known.attempt, known.now)).toBe(shown);
  });
});

test.each([
  ['SUCCESS', 0, [], 'paid', '已支付'],
  ['SUCCESS', 0, ['PROCESSING'], 'refunding', '退款中'],
  ['SUCCESS', 0, ['ABNORMAL'], 'refunding', '退款中'],
  ['REFUND', 2000, ['SUCCESS'], 'part-refunded', '部分退款'],
  ['REFUND', 2000, ['SUCCESS', 'PROCESSING'], 'refunding', '退款中'],
  ['REFUND', 4800, ['SUCCESS', 'SUCCESS'], 'refunded', '已退款'],
  ['REFUND', 0, [], 'refunded', '已退款'],
] as const)(
  '%s with %i fen given back and refunds that are %j is shown as %s',
  (trade_state, fee, states, state, word) => {
    const refunds = states.map((each) => refund({ state: each }));
    const saved = order({ trade_state, refunded_fee: fee, refunds });
    expect([shownState(saved, undefined, NOW), shortState(saved, undefined, NOW)]).toEqual([state, word]);
  },
);

test.each([
  ['virtualpay', 'NOTPAY', true],
  ['virtualpay', 'PAYERROR', true],
  ['virtualpay', 'CLOSED', false],
  ['virtualpay', 'SUCCESS', false],
  ['wechatpay', 'NOTPAY', false],
] as const)(
  'an order of %s that is %s and was given up may still be paid: %s',
  (channel, trade_state, may) => {
    expect(mayStillBePaid(order({ channel, trade_state, cancelled_at: NOW.toISOString() }))).toBe(may);
  },
);

test('in the list a refused payment is distinguished from one that was not tried', () => {
  expect(shortState(order(), undefined, NOW)).toBe('待支付');
  expect(shortState(order(), attempt('failed'), NOW)).toBe('支付未完成');
  expect(shortState(order({ trade_state: 'PAYERROR' }), undefined, NOW)).toBe('支付未完成');
});

function cells(table: string): [string, string, string][] {
  const [head = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return rows.flatMap(([server = '', ...shown]) =>
    shown.map((state, index): [string, string, string] => [server, head[index + 1] ?? '', state]),
  );
}

function tradeState(text: string | undefined): TradeState {
  const all: TradeState[] = ['NOTPAY', 'USERPAYING', 'PAYERROR', 'SUCCESS', 'CLOSED', 'REFUND'];
  const found = all.find((state) => state === text);
  if (found === undefined) throw new Error(`no trade_state ${text}`);
  return found;
}

test('an order whose payment the merchant looks into is being confirmed, and nobody is sent to pay again', () => {
  expect(shownState(order({ under_review: true }), undefined, NOW)).toBe('confirming');
});
