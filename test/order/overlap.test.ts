import { beforeAll, describe, expect, test } from 'vitest';
import { SWEEP_PAGE_ORDERS } from '../../cloudfunctions/_shared/order/lanes.ts';
import { chanceOf } from '../simulation/chance.ts';
import { dueOrder, type Overlapped, overlap } from './overlap.ts';

const PAGES = 5;
const MANY = PAGES * SWEEP_PAGE_ORDERS;
/** One due after the other. */
const DUE = Array.from({ length: MANY }, (_, n) => n * 50);

/** What all runs did together. */
function together({ reports, reads }: Overlapped) {
  const sum = (all: readonly (number | undefined)[]) =>
    all.reduce<number>((total, each) => total + (each ?? 0), 0);
  return {
    asked: sum(reports.map((report) => report?.asked)),
    lost: sum(reports.map((report) => report?.skipped)),
    failed: sum(reports.map((report) => report?.failed)),
    reads: sum(reads),
    complete: reports.every((report) => report?.complete),
  };
}

let alone: Overlapped;
beforeAll(async () => {
  alone = await overlap({ due: DUE, begins: [0], seed: 1 });
});

test('a run that is alone asks the longest waiting first, reads each page once and loses no claim', () => {
  // A page leaves its last moment to the next one.
  const reads = Math.ceil(MANY / (SWEEP_PAGE_ORDERS - 1));
  expect(together(alone)).toEqual({ asked: MANY, lost: 0, failed: 0, reads, complete: true });
  const places = new Map(alone.asked.map((out_trade_no, at) => [out_trade_no, at]));
  const moved = DUE.map((_, n) => Math.abs((places.get(dueOrder(n)) ?? Number.NaN) - n));
  expect(Math.max(...moved)).toBeLessThan(SWEEP_PAGE_ORDERS);
});

describe('runs that overlap', () => {
  test.each([2, 4])('%i that begin together share the work, and hardly meet', async (runs) => {
    const shared = await overlap({ due: DUE, begins: Array.from({ length: runs }, () => 0), seed: runs });
    expect(new Set(shared.asked).size).toBe(shared.asked.length);
    const { asked, lost, complete } = together(shared);
    expect({ asked, complete }).toEqual({ asked: MANY, complete: true });
    expect(alone.seconds / shared.seconds).toBeGreaterThan(runs / 2);
    // Each would meet every order of all others otherwise.
    expect(lost).toBeLessThan((MANY * (runs - 1)) / 5);
    // One of them stays with those that have waited longest.
    const oldest = new Set(DUE.slice(0, SWEEP_PAGE_ORDERS).map((_, n) => dueOrder(n)));
    const last = shared.asked.findLastIndex((out_trade_no) => oldest.has(out_trade_no));
    expect(last).toBeLessThan(runs * 1.5 * SWEEP_PAGE_ORDERS);
  });

  test('one that dies leaves only what it had claimed: the others come back for what they had left to it', async () => {
    const dies = { run: 0, afterCalls: 120 };
    const { asked, reports } = await overlap({ due: DUE, begins: [0, 3], seed: 7, dies });
    expect(reports[0]).toBeUndefined();
    expect(reports[1]).toMatchObject({ failed: 0, complete: true });
    expect(new Set(asked).size).toBe(asked.length);
    expect(MANY - asked.length).toBeLessThan(dies.afterCalls);
  });

  test('whenever they begin, and however the orders came due, each is asked about exactly once', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const chance = chanceOf(seed);
      const moments = chance.pick([1, 5, 300, 1_000_000]);
      const due = Array.from({ length: chance.whole(1, 600) }, () => chance.whole(0, moments));
      const late = chance.pick([0, 20, 500]);
      const begins = Array.from({ length: chance.whole(2, 4) }, () => chance.whole(0, late));
      const overlapped = await overlap({ due, begins, seed });
      expect(new Set(overlapped.asked).size, `seed ${seed}`).toBe(overlapped.asked.length);
      const { asked, failed, complete } = together(overlapped);
      expect({ seed, asked, failed, complete }).toEqual({
        seed,
        asked: due.length,
        failed: 0,
        complete: true,
      });
    }
  });
});
