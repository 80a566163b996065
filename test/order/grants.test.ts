import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Grant, replay, type TermGrant } from '../../cloudfunctions/_shared/order/grant.ts';
import { cutBy, readMembership, withGrant } from '../../cloudfunctions/_shared/order/grants.ts';
import { endOfTerm, type Term } from '../../cloudfunctions/_shared/order/term.ts';

const beijing = (text: string) => new Date(`${text}+08:00`);
const DAY_MS = 24 * 3_600_000;

const grant = (change: Partial<TermGrant>): TermGrant => ({
  out_trade_no: 'a'.repeat(32),
  term: { months: 1 },
  granted_at: beijing('2027-01-15T10:00:00'),
  ...change,
});

describe('a list of grants lasts until', () => {
  const first = grant({});
  const second = grant({ out_trade_no: 'b'.repeat(32), granted_at: beijing('2027-01-20T08:00:00') });
  const afterGap = grant({ out_trade_no: 'c'.repeat(32), granted_at: beijing('2027-06-01T08:00:00') });
  test.each<[string, Grant[], string]>([
    ['one term after it was granted', [first], '2027-02-15T10:00:00'],
    ['the second one’s term after the end of the first', [first, second], '2027-03-15T10:00:00'],
    ['the same, in whatever order they came in', [second, first], '2027-03-15T10:00:00'],
    ['a term from its own beginning where there was a gap', [first, afterGap], '2027-07-01T08:00:00'],
    ['the end of a fixed one', [{ until: beijing('2027-05-05T00:00:00') }], '2027-05-05T00:00:00'],
    ['a term after a fixed one', [second, { until: beijing('2027-05-05T00:00:00') }], '2027-06-05T00:00:00'],
    [
      'a term after its grant, where the fixed one is over',
      [second, { until: beijing('2027-01-01T00:00:00') }],
      '2027-02-20T08:00:00',
    ],
  ])('%s', (_, grants, until) => {
    expect(replay(grants)).toEqual(beijing(until));
  });
});

describe('a refund that takes', () => {
  const at = beijing('2027-01-25T10:00:00');
  const second = grant({ out_trade_no: 'b'.repeat(32), granted_at: beijing('2027-01-16T10:00:00') });
  test.each<[string, Grant[], string]>([
    ['all ends the grant at the moment of booking', [grant({ cut_at: at })], '2027-01-25T10:00:00'],
    [
      'all of one not begun leaves nothing of it',
      [grant({}), { ...second, cut_at: at }],
      '2027-02-15T10:00:00',
    ],
    [
      'all of the first lets the second begin earlier, whole',
      [grant({ cut_at: at }), second],
      '2027-02-25T10:00:00',
    ],
    [
      'all of one used up changes nothing',
      [grant({ cut_at: beijing('2027-08-01T00:00:00') })],
      '2027-02-15T10:00:00',
    ],
    ['days takes them off the end', [grant({ cut_at: at, taken_days: 5 })], '2027-02-10T10:00:00'],
    [
      'more days than are left ends it at the moment of booking',
      [grant({ cut_at: at, taken_days: 60 })],
      '2027-01-25T10:00:00',
    ],
    ['no days changes nothing', [grant({ cut_at: at, taken_days: 0 })], '2027-02-15T10:00:00'],
  ])('%s', (_, grants, until) => {
    expect(replay(grants)).toEqual(beijing(until));
  });
});

describe('a stored membership', () => {
  const until = beijing('2027-03-01T12:00:00');
  test('from before there were grants has its end as a fixed one', () => {
    expect(readMembership({ expires_at: until })).toEqual({ expires_at: until, grants: [{ until }] });
  });
  test('that a human edited has the edited end as a fixed one', () => {
    const grants = [grant({})];
    expect(readMembership({ expires_at: until, grants })).toEqual({ expires_at: until, grants: [{ until }] });
  });
  test('that nobody edited has its grants', () => {
    const grants = [grant({})];
    const stored = { expires_at: replay(grants), grants };
    expect(readMembership(stored)).toEqual(stored);
  });
  test.each([['text'], [[{ until: 'tomorrow' }]], [[null]], [{}]])(
    'with the grants %o keeps its end',
    (grants) => {
      expect(readMembership({ expires_at: until, grants })).toEqual({
        expires_at: until,
        grants: [{ until }],
      });
    },
  );
  test.each([undefined, null, 'until 2030', [], {}, { expires_at: '2030' }, { grants: [grant({})] }])(
    'of %o has no readable end',
    (stored) => {
      expect(readMembership(stored)).toBeUndefined();
    },
  );
});

/** One refund after the other of one order: what each takes, and when. */
function cutAgain(stored: unknown, refunds: readonly { days?: number; cut_at: Date }[], term: Term) {
  return refunds.reduce(
    (kept, refund) => cutBy(kept, { out_trade_no: 'a'.repeat(32), term, ...refund }) ?? kept,
    stored,
  );
}

describe('two refunds of an order without a grant of its own', () => {
  const cut_at = beijing('2027-01-25T10:00:00');
  const fixed = { expires_at: beijing('2029-01-25T10:00:00') };
  const term: Term = { months: 12 };
  const endAfter = (...refunds: { days?: number }[]) =>
    readMembership(
      cutAgain(
        fixed,
        refunds.map((each) => ({ ...each, cut_at })),
        term,
      ),
    )?.expires_at;

  test.each([
    ['the half, and then the rest', [{ days: 180 }, {}]],
    ['all, and then all again', [{}, {}]],
    ['all, and then days', [{}, { days: 30 }]],
    ['more days than its term has', [{ days: 300 }, { days: 300 }]],
    ['its whole term in days, and then the rest', [{ days: 365 }, {}]],
  ])('of %s take its own term off the fixed one, and no more', (_, refunds) => {
    expect(endAfter(...refunds)).toEqual(new Date(fixed.expires_at.getTime() - 365 * DAY_MS));
  });

  test('take what both say, where that is less than its term', () => {
    expect(endAfter({ days: 180 }, { days: 5 })).toEqual(new Date(fixed.expires_at.getTime() - 185 * DAY_MS));
  });

  test('take what each order’s own term allows', () => {
    const one = cutBy(fixed, { out_trade_no: 'a'.repeat(32), term: { months: 1 }, cut_at });
    const other = cutBy(one, { out_trade_no: 'b'.repeat(32), term: { months: 2 }, cut_at });
    expect(other?.expires_at).toEqual(new Date(fixed.expires_at.getTime() - (31 + 59) * DAY_MS));
  });

  test('count also where a human edited the end in between', () => {
    const half = cutAgain(fixed, [{ days: 180, cut_at }], term);
    const edited = { ...Object(half), expires_at: beijing('2030-01-25T10:00:00') };
    const rest = readMembership(cutAgain(edited, [{ cut_at }], term));
    expect(rest?.expires_at).toEqual(new Date(edited.expires_at.getTime() - 185 * DAY_MS));
  });
});

test('what refunds took off a grant stays known when a human edits the end, or it is folded', () => {
  const cut_at = beijing('2027-01-25T10:00:00');
  const whole = grant({ out_trade_no: 'b'.repeat(32), cut_at });
  const days = grant({ cut_at, taken_days: 5 });
  const cuts = [{ out_trade_no: days.out_trade_no, taken_days: 5 }, { out_trade_no: whole.out_trade_no }];
  const until = beijing('2028-03-01T12:00:00');
  expect(readMembership({ expires_at: until, grants: [days, whole] })?.grants).toEqual([{ until, cuts }]);
  const expires_at = replay([days, whole]) ?? until;
  const granted_at = new Date(expires_at.getTime() + 401 * DAY_MS);
  const more = { ...grant({ out_trade_no: 'c'.repeat(32) }), granted_at };
  const folded = withGrant({ expires_at, grants: [days, whole] }, more);
  expect(folded.grants).toEqual([{ until: expires_at, cuts }, more]);
});

describe('a grant is added', () => {
  test('once for an order', () => {
    const first = withGrant(undefined, grant({}));
    expect(withGrant(first, grant({ granted_at: beijing('2027-01-16T10:00:00') }))).toEqual(first);
  });
  test('after what was granted before it, though the clock of another instance was ahead', () => {
    const first = withGrant(undefined, grant({}));
    const behind = new Date(first.expires_at.getTime() - 40 * DAY_MS);
    const second = withGrant(first, grant({ out_trade_no: 'b'.repeat(32), granted_at: behind }));
    expect(second.expires_at).toEqual(beijing('2027-03-15T10:00:00'));
  });
  test('and what ended 400 days ago is folded, the end unchanged', () => {
    const old = withGrant(undefined, grant({}));
    const now = new Date(old.expires_at.getTime() + 401 * DAY_MS);
    const added = withGrant(old, grant({ out_trade_no: 'b'.repeat(32), granted_at: now }));
    expect(added.grants).toEqual([
      { until: old.expires_at },
      grant({ out_trade_no: 'b'.repeat(32), granted_at: now }),
    ]);
    const sooner = withGrant(
      old,
      grant({ out_trade_no: 'b'.repeat(32), granted_at: new Date(now.getTime() - 2 * DAY_MS) }),
    );
    expect(sooner.grants).toHaveLength(2);
    expect(sooner.grants[0]).toEqual(old.grants[0]);
  });
});

const BEGIN = beijing('2026-01-01T00:00:00').getTime();
const moments = fc.integer({ min: 0, max: 3000 * DAY_MS }).map((ms) => new Date(BEGIN + ms));
const terms: fc.Arbitrary<Term> = fc.oneof(
  fc.record({ months: fc.integer({ min: 1, max: 24 }) }),
  fc.record({ days: fc.integer({ min: 1, max: 400 }) }),
);
const termGrants: fc.Arbitrary<TermGrant> = fc.record(
  {
    out_trade_no: fc.nat().map((n) => n.toString(16).padStart(32, '0')),
    term: terms,
    granted_at: moments,
    cut_at: moments,
    taken_days: fc.integer({ min: 0, max: 500 }),
  },
  { requiredKeys: ['out_trade_no', 'term', 'granted_at'] },
);
const grants: fc.Arbitrary<Grant[]> = fc
  .tuple(
    fc.uniqueArray(termGrants, { selector: (each) => each.out_trade_no, maxLength: 8 }),
    fc.array(fc.record({ until: moments }), { maxLength: 2 }),
  )
  .map(([one, other]) => [...one, ...other]);

describe('whatever grants there are', () => {
  test('one more never makes the end earlier', () => {
    const property = fc.property(grants, termGrants, (list, { cut_at: _, taken_days: __, ...added }) => {
      const more = { ...added, out_trade_no: 'f'.repeat(32) };
      expect(Number(replay([...list, more]))).toBeGreaterThanOrEqual(Number(replay(list) ?? 0));
    });
    fc.assert(property, { numRuns: 5000 });
  });

  test('the order in which they came in does not matter', () => {
    const shuffled = grants.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    const property = fc.property(shuffled, ([list, other]) => {
      expect(replay(other)).toEqual(replay(list));
    });
    fc.assert(property, { numRuns: 5000 });
  });

  test('marking one never makes the end later, and never takes more than its own term', () => {
    const property = fc.property(grants, moments, (list, cut_at) => {
      for (const [at, each] of list.entries()) {
        if ('until' in each || each.cut_at !== undefined) continue;
        const without = replay(list.toSpliced(at, 1));
        const marked = Number(replay(list.with(at, { ...each, cut_at })));
        expect(marked).toBeLessThanOrEqual(Number(replay(list)));
        expect(marked).toBeGreaterThanOrEqual(Number(without ?? 0));
      }
    });
    fc.assert(property, { numRuns: 5000 });
  });

  test('two cuts of a fixed one never take more than the order’s own term, nor make the end later', () => {
    const refunds = fc.array(
      fc.record(
        { days: fc.integer({ min: 1, max: 500 }), at_ms: fc.nat(900 * DAY_MS) },
        { requiredKeys: ['at_ms'] },
      ),
      { minLength: 2, maxLength: 3 },
    );
    const property = fc.property(moments, terms, refunds, (begin, term, asked) => {
      const expires_at = new Date(begin.getTime() + 1000 * DAY_MS);
      const inTurn = asked
        .map(({ at_ms, ...days }) => ({ ...days, cut_at: new Date(begin.getTime() + at_ms) }))
        .sort((one, other) => one.cut_at.getTime() - other.cut_at.getTime());
      const end = readMembership(cutAgain({ expires_at }, inTurn, term))?.expires_at.getTime();
      // A month is as long as the one that begins with the refund.
      const own = inTurn.map(({ cut_at }) => endOfTerm(cut_at, term).getTime() - cut_at.getTime());
      expect(end).toBeLessThanOrEqual(expires_at.getTime());
      expect(end).toBeGreaterThanOrEqual(expires_at.getTime() - Math.max(...own));
    });
    fc.assert(property, { numRuns: 5000 });
  });

  test('one that is booked in the millisecond of another begins where that one ends, and not later', () => {
    const granted_at = new Date(1_800_000_000_000);
    const term = { days: 1 };
    // Whose number comes first counts first; taken whole, it ends where it began.
    const whole: Grant = { out_trade_no: '0'.repeat(32), term, granted_at, cut_at: granted_at };
    const more = { out_trade_no: 'f'.repeat(32), term, granted_at };
    const added = withGrant({ expires_at: granted_at, grants: [whole] }, more);
    expect(added.expires_at).toEqual(replay([whole, more]));
    const less = { ...more, out_trade_no: '0'.repeat(31) };
    expect(withGrant({ expires_at: granted_at, grants: [whole] }, less).grants).toMatchObject([
      whole,
      { ...less, granted_at: new Date(granted_at.getTime() + 1) },
    ]);
  });

  test('folding changes no end, whenever it happens', () => {
    const property = fc.property(grants, moments, (list, granted_at) => {
      const expires_at = replay(list);
      const more = { out_trade_no: 'f'.repeat(32), term: { months: 1 }, granted_at };
      const added = withGrant(expires_at && { expires_at, grants: list }, more);
      if (list.every((each) => 'until' in each || each.granted_at <= granted_at))
        expect(added.expires_at).toEqual(replay([...list, more]));
      expect(replay(added.grants)).toEqual(added.expires_at);
    });
    fc.assert(property, { numRuns: 5000 });
  });
});
