import { describe, expect, test } from 'vitest';
import type { TradeState } from '../../cloudfunctions/_shared/contract.ts';
import { TRADE_STATES } from '../../cloudfunctions/_shared/order/order.ts';
import { decide } from '../../cloudfunctions/_shared/order/state.ts';
import { sampleOrder, sampleReport } from './samples.ts';

/**
 * The specification. Rows: what is saved. Columns: what WeChat Pay says now.
 * keep: nothing changes. move: the order takes the state. grant: it takes the state and the months are added.
 * late: the same, and a human is alerted. odd: it takes the state, grants nothing unless the report proves the payment, and a human is alerted.
 */
const TABLE = `
  saved      NOTPAY USERPAYING PAYERROR SUCCESS CLOSED REFUND REVOKED ACCEPT SOMETHING_NEW
  NOTPAY     keep   move       move     grant   move   odd    keep    keep   keep
  USERPAYING move   keep       move     grant   move   odd    keep    keep   keep
  PAYERROR   move   move       keep     grant   move   odd    keep    keep   keep
  SUCCESS    keep   keep       keep     keep    keep   move   keep    keep   keep
  CLOSED     keep   keep       keep     late    keep   odd    keep    keep   keep
  REFUND     keep   keep       keep     keep    keep   keep   keep    keep   keep
`;

/** The same for an order under review: only a human goes on from there. */
const UNDER_REVIEW_TABLE = `
  saved      NOTPAY USERPAYING PAYERROR SUCCESS CLOSED REFUND
  NOTPAY     keep   keep       keep     refuse  keep   keep
  USERPAYING keep   keep       keep     refuse  keep   keep
  PAYERROR   keep   keep       keep     refuse  keep   keep
`;

function cells(table: string): [saved: TradeState, said: string, expected: string][] {
  const [head = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return rows.flatMap(([saved, ...row]) =>
    row.map((expected, column): [TradeState, string, string] => {
      return [saved as TradeState, head[column + 1] ?? '', expected];
    }),
  );
}

/** The decision in one word, as the tables spell it. */
function wordFor(saved: TradeState, said: string, under_review = false): string {
  const decision = decide(sampleOrder({ trade_state: saved, under_review }), sampleReport(said));
  if (decision.kind !== 'move') return decision.kind;
  expect(decision.to).toBe(said);
  if (decision.alarm) return decision.grants ? 'late' : 'odd';
  return decision.grants ? 'grant' : 'move';
}

test.each(cells(TABLE))('%s is saved, WeChat Pay says %s: %s', (saved, said, expected) => {
  expect(wordFor(saved, said)).toBe(expected);
});

test.each(cells(UNDER_REVIEW_TABLE))(
  'a %s order under review, WeChat Pay says %s: %s',
  (saved, said, expected) => {
    expect(wordFor(saved, said, true)).toBe(expected);
  },
);

test('the table has a row for every state', () => {
  expect(new Set(cells(TABLE).map(([saved]) => saved))).toEqual(new Set(TRADE_STATES));
});

describe('a payment that is not the order’s is refused and put under review', () => {
  test.each([
    ['AMOUNT_MISMATCH', { total_fee: 1 }],
    ['AMOUNT_MISMATCH', { total_fee: 4801 }],
    ['APPID_MISMATCH', { appid: 'wxSomebodyElse' }],
    ['MCH_ID_MISMATCH', { mch_id: '10000101' }],
    ['PAYER_MISMATCH', { openid: 'oShopperWang' }],
  ])('%s: %o', (code, change) => {
    const decision = decide(sampleOrder(), sampleReport('SUCCESS', change));
    expect(decision).toEqual({ kind: 'refuse', code, holds: true });
  });

  test.each(['openid', 'total_fee', 'mch_id', 'appid'] as const)(
    'a payment that does not say its %s',
    (field) => {
      const { [field]: _, ...report } = sampleReport('SUCCESS');
      expect(decide(sampleOrder(), report)).toMatchObject({ kind: 'refuse', holds: true });
    },
  );

  test('what a channel does not prove is not compared, and payer and amount always are', () => {
    const { mch_id, appid, ...named } = sampleReport('SUCCESS', { proves: [] });
    expect(decide(sampleOrder(), named)).toMatchObject({ kind: 'move', grants: true });
    for (const change of [{ openid: 'oShopperWang' }, { total_fee: 1 }])
      expect(decide(sampleOrder(), { ...named, ...change })).toMatchObject({ kind: 'refuse', holds: true });
  });

  test('also when the order was closed meanwhile', () => {
    const decision = decide(
      sampleOrder({ trade_state: 'CLOSED' }),
      sampleReport('SUCCESS', { total_fee: 1 }),
    );
    expect(decision).toEqual({ kind: 'refuse', code: 'AMOUNT_MISMATCH', holds: true });
  });
});

test('a report about another order is refused and changes nothing', () => {
  const report = sampleReport('SUCCESS', { out_trade_no: 'fedcba9876543210fedcba9876543210' });
  expect(decide(sampleOrder(), report)).toEqual({ kind: 'refuse', code: 'ORDER_MISMATCH', holds: false });
});
