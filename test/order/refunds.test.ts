import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RefundReport } from '../../cloudfunctions/_shared/order/channel.ts';
import { type Grant, replay } from '../../cloudfunctions/_shared/order/grant.ts';
import { endOf } from '../../cloudfunctions/_shared/order/grants.ts';
import { grantsOf } from '../../cloudfunctions/_shared/order/order.ts';
import { decideRefund } from '../../cloudfunctions/_shared/order/refunds/decide-refund.ts';
import { REFUND_STATES, type RefundState } from '../../cloudfunctions/_shared/order/refunds/entry.ts';
import { entryOf, type Refund, type Takes } from '../../cloudfunctions/_shared/order/refunds/refund.ts';
import { proposedTakes, taken } from '../../cloudfunctions/_shared/order/refunds/takes.ts';
import { endOfTerm } from '../../cloudfunctions/_shared/order/term.ts';
import { BIRTH, HOUR_MS, later, sampleOrder } from './samples.ts';

const DAY_MS = 24 * HOUR_MS;
const order = sampleOrder({ trade_state: 'SUCCESS', expires_at: later(90 * DAY_MS) });

function sampleRefund(change: Partial<Refund> = {}): Refund {
  return {
    _id: 'fedcba9876543210fedcba9876543210',
    out_trade_no: order._id,
    refund_fee: 1000,
    reason: '买错了',
    takes: { days: 19 },
    state: 'PROCESSING',
    requested_by: 'oOperator',
    refunded_fee: 0,
    created_at: BIRTH,
    sent_at: BIRTH,
    ended_at: null,
    success_time: null,
    refund_id: null,
    err_code: null,
    err_code_des: null,
    ...change,
  };
}

function report(state: RefundReport['state'], change: Partial<RefundReport> = {}): RefundReport {
  const { _id: out_refund_no, refund_fee } = sampleRefund();
  return { kind: 'refund-report', out_trade_no: order._id, out_refund_no, state, refund_fee, ...change };
}

/**
 * The specification. Rows: how the refund is saved; `none` was made elsewhere. Columns: what WeChat Pay says now.
 * keep: nothing changes. book: the order is refunded and the membership cut. late: the same, and a human is alerted.
 * goes-on, fails: it takes the state, and the money stays reserved. release: it came to nothing, and the money is free.
 * alert: nothing changes, and a human is alerted.
 */
const TABLE = `
  saved       PROCESSING SUCCESS ABNORMAL CLOSED
  none        keep       late    alert    keep
  PROCESSING  keep       book    fails    release
  ABNORMAL    goes-on    book    keep     release
  ABANDONING  goes-on    book    fails    release
  SUCCESS     keep       keep    keep     keep
  CLOSED      keep       late    keep     keep
`;

const WORDS = { ABNORMAL: 'fails', PROCESSING: 'goes-on' } as const;

function wordFor(saved: string, said: RefundReport['state']): string {
  const state = REFUND_STATES.find((each) => each === saved);
  const decision = decideRefund(order, state && sampleRefund({ state }), report(said));
  switch (decision.kind) {
    case 'book':
      return decision.alarms.length > 0 ? 'late' : 'book';
    case 'move':
      return WORDS[decision.to];
    case 'tell':
      return 'alert';
    default:
      return decision.kind;
  }
}

const [head = [], ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const CELLS = rows.flatMap(([saved = '', ...row]) =>
  row.map((expected, column) => [saved, head[column + 1] as RefundReport['state'], expected] as const),
);

test.each(CELLS)('%s is saved, WeChat Pay says %s: %s', (saved, said, expected) => {
  expect(wordFor(saved, said)).toBe(expected);
});

test('one that failed for good is free once it is given up', () => {
  const final = report('ABNORMAL', { isFinal: true });
  expect(decideRefund(order, sampleRefund({ state: 'ABANDONING' }), final)).toEqual({ kind: 'release' });
  expect(decideRefund(order, sampleRefund(), final)).toMatchObject({ kind: 'move', to: 'ABNORMAL' });
});

test.each([
  ['PROCESSING', 'book'],
  ['ABANDONING', 'keep'],
  ['CLOSED', 'keep'],
  ['SUCCESS', 'keep'],
] as const)('one that only takes days and is %s is over by nobody’s word but ours: %s', (state, expected) => {
  const days = sampleRefund({ refund_fee: 0, state });
  expect(decideRefund(order, days, report('SUCCESS', { refund_fee: 0 })).kind).toBe(expected);
});

test('the table has a row for every state', () => {
  expect(new Set(CELLS.map(([saved]) => saved))).toEqual(
    new Set<string | RefundState>(['none', ...REFUND_STATES]),
  );
});

describe('a report is refused', () => {
  test.each([
    ['that is about another order', {}, { out_trade_no: 'f'.repeat(32) }],
    ['whose amount is not the refund’s', {}, { refund_fee: 999 }],
    ['of a refund of another order', { out_trade_no: 'f'.repeat(32) }, {}],
  ])('%s', (_, saved, said) => {
    expect(decideRefund(order, sampleRefund(saved), report('SUCCESS', said)).kind).toBe('refuse');
  });

  test('after which more would be given back than was paid', () => {
    const refunded = { ...order, refunded_fee: 3801 };
    expect(decideRefund(refunded, sampleRefund(), report('SUCCESS')).kind).toBe('refuse');
    expect(decideRefund(refunded, undefined, report('SUCCESS')).kind).toBe('refuse');
  });
});

describe('a refund that is known only by what was given back in all', () => {
  const beyond = report('SUCCESS', { beyond_fee: 500 });
  const known = { ...order, refunded_fee: 500 };
  const other = sampleRefund({ _id: 'f'.repeat(32) });

  test('is booked where the order is as it was then', () => {
    expect(decideRefund(known, undefined, beyond)).toMatchObject({ kind: 'book' });
  });
  test.each([
    ['another one was booked since', { refunded_fee: 501 }, undefined],
    ['so much was booked that it does not fit any more', { refunded_fee: 4800 }, undefined],
    ['one of ours is under way', { refunds: [entryOf(other)] }, undefined],
    ['it had come to nothing, and another was booked', { refunded_fee: 1500 }, 'CLOSED' as const],
  ])('is left to a later look where %s', (_, change, state) => {
    const refund = state && sampleRefund({ state });
    expect(decideRefund({ ...known, ...change }, refund, beyond)).toEqual({ kind: 'outdated' });
  });
  test('is one of ours where it has the number of one', () => {
    const before = { ...known, refunded_fee: 0 };
    expect(decideRefund(before, sampleRefund(), beyond)).toMatchObject({ kind: 'book' });
    expect(decideRefund(known, sampleRefund({ state: 'SUCCESS' }), beyond)).toEqual({ kind: 'keep' });
  });
});

test('what was given back elsewhere takes everything when it is the whole, and nothing when it is a part', () => {
  const whole = { ...order, refunded_fee: 3800 };
  expect(decideRefund(whole, undefined, report('SUCCESS'))).toMatchObject({ takes: 'all', alarms: [] });
  const part = decideRefund(order, undefined, report('SUCCESS'));
  expect(part).toMatchObject({ takes: 'none', alarms: ['REFUND_ELSEWHERE'] });
});

test.each(['NOTPAY', 'USERPAYING', 'PAYERROR', 'CLOSED'] as const)(
  'a refund of an order that is %s here is booked, and a human is alerted',
  (trade_state) => {
    const unseen = sampleOrder({ trade_state });
    const decision = decideRefund(unseen, undefined, report('SUCCESS', { refund_fee: unseen.total_fee }));
    expect(decision).toMatchObject({ kind: 'book', alarms: ['REFUND_BEFORE_PAYMENT'] });
  },
);

test.each([
  [4800, 0, 'all'],
  [1600, 0, { days: 30 }],
  [2400, 2400, 'all'],
  [10, 0, 'none'],
] as const)('%i fen after %i of 4800 take %o unless said otherwise', (refund_fee, refunded_fee, takes) => {
  expect(proposedTakes({ ...order, refunded_fee }, refund_fee)).toEqual(takes);
});

/** The membership after a refund of the sample order. */
function cut(grants: readonly Grant[], takes: Takes, now: Date, of = order): Date | undefined {
  const expires_at = replay(grants);
  const user = { _id: 'oShopperLi', memberships: { city: { expires_at, grants } } };
  const after = taken(user, { order: of, takes, now }).user.memberships.city;
  return endOf(after);
}

const own: Grant = { out_trade_no: order._id, term: { months: 3 }, granted_at: BIRTH };
const ownEnd = endOfTerm(BIRTH, { months: 3 });

describe('a refund takes', () => {
  test('all that is not used', () => {
    expect(cut([own], 'all', later(10 * DAY_MS))).toEqual(later(10 * DAY_MS));
  });
  test('days off the end', () => {
    expect(cut([own], { days: 20 }, BIRTH)).toEqual(new Date(ownEnd.getTime() - 20 * DAY_MS));
  });
  test('no more than is left', () => {
    const now = new Date(ownEnd.getTime() - 5 * DAY_MS);
    expect(cut([own], { days: 20 }, now)).toEqual(now);
  });
  test('nothing of what is used up', () => {
    expect(cut([own], 'all', new Date(ownEnd.getTime() + DAY_MS))).toEqual(ownEnd);
  });
  test('nothing of another order: its months follow on', () => {
    const other: Grant = { out_trade_no: 'f'.repeat(32), term: { days: 30 }, granted_at: later(HOUR_MS) };
    expect(cut([own, other], 'all', later(DAY_MS))).toEqual(later(31 * DAY_MS));
  });
  test('the order’s term off what was there before there were grants', () => {
    const until = later(200 * DAY_MS);
    expect(cut([{ until }], { days: 10 }, BIRTH)).toEqual(later(190 * DAY_MS));
    const days = (ownEnd.getTime() - BIRTH.getTime()) / DAY_MS;
    expect(cut([{ until }], 'all', BIRTH)).toEqual(later((200 - days) * DAY_MS));
  });
  test('the same share of each membership that the order gives', () => {
    const both = sampleOrder({
      grants: [
        { membership: 'city', term: { days: 30 } },
        { membership: 'market', term: { days: 60 } },
      ],
    });
    const memberships = Object.fromEntries(
      grantsOf(both).map(({ membership, term }) => {
        const grants = [{ out_trade_no: both._id, term, granted_at: BIRTH }];
        return [membership, { expires_at: replay(grants), grants }];
      }),
    );
    const { user } = taken({ _id: 'o', memberships }, { order: both, takes: { days: 10 }, now: BIRTH });
    expect(endOf(user.memberships.city)).toEqual(later(20 * DAY_MS));
    expect(endOf(user.memberships.market)).toEqual(later(40 * DAY_MS));
  });
});

const days = (max: number) => fc.integer({ min: 0, max });
const someTakes = fc.oneof(
  fc.constant('all' as const),
  fc.integer({ min: 1, max: 120 }).map((n) => ({ days: n })),
);

test('days taken of an order of which all was taken before it began give nothing back', () => {
  const earlier: Grant = { out_trade_no: '0'.repeat(32), term: { days: 1 }, granted_at: BIRTH };
  const grants = [own, earlier];
  const memberships = { city: { expires_at: replay(grants), grants } };
  const all = taken({ _id: 'o', memberships }, { order, takes: 'all', now: BIRTH }).user;
  const more = taken(all, { order, takes: { days: 1 }, now: later(1) }).user;
  expect(endOf(more.memberships.city)).toEqual(endOf(all.memberships.city));
});

test('a refund never makes a membership longer, and never takes what was used', () => {
  const check = (
    others: readonly [granted: number, term: number][],
    first: [number, Takes],
    second: [number, Takes],
  ) => {
    const grants: Grant[] = [
      own,
      ...others.map(([granted, term], index) => ({
        out_trade_no: String(index).padStart(32, '0'),
        term: { days: term + 1 },
        granted_at: later(granted * DAY_MS),
      })),
    ];
    let memberships: Record<string, unknown> = { city: { expires_at: replay(grants), grants } };
    let before = endOf(memberships.city) ?? BIRTH;
    let now = BIRTH;
    for (const [after, takes] of [first, second]) {
      now = new Date(now.getTime() + after * DAY_MS);
      memberships = taken({ _id: 'o', memberships }, { order, takes, now }).user.memberships;
      const end = endOf(memberships.city) ?? BIRTH;
      expect(end.getTime()).toBeLessThanOrEqual(before.getTime());
      if (before > now) expect(end.getTime()).toBeGreaterThanOrEqual(now.getTime());
      before = end;
    }
  };
  const grant = fc.tuple(days(200), days(90));
  const refund = fc.tuple(days(150), someTakes);
  check([[0, 0]], [0, 'all'], [0, { days: 1 }]);
  fc.assert(fc.property(fc.array(grant, { maxLength: 4 }), refund, refund, check));
});
