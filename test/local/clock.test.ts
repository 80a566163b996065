import { expect, test } from 'vitest';
import { WorldClock } from '../../scripts/local/clock.ts';

const BIRTH = Date.UTC(2027, 0, 1);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A world that moves only by `advance`. */
function stillClock(report?: (error: unknown) => void): WorldClock {
  return new WorldClock({ source: () => BIRTH, ...(report ? { report } : {}) });
}

test('a day passes in no time, and what falls due runs in order, each at its own moment', async () => {
  const clock = stillClock();
  const seen: string[] = [];
  const note = (name: string) => () => seen.push(`${name} ${clock.now().toISOString()}`);
  clock.schedule(new Date(BIRTH + 2 * HOUR_MS), note('second'));
  clock.schedule(new Date(BIRTH + HOUR_MS), note('first'));
  clock.schedule(new Date(BIRTH + 2 * DAY_MS), note('later'));
  await clock.advance(DAY_MS);
  expect(seen).toEqual(['first 2027-01-01T01:00:00.000Z', 'second 2027-01-01T02:00:00.000Z']);
  expect(clock.now().getTime()).toBe(BIRTH + DAY_MS);
});

test('work that a task leaves behind runs within the same span', async () => {
  const clock = stillClock();
  let runs = 0;
  const again = () => {
    runs++;
    clock.schedule(new Date(clock.now().getTime() + HOUR_MS), again);
  };
  clock.schedule(new Date(BIRTH + HOUR_MS), again);
  await clock.advance(DAY_MS);
  expect(runs).toBe(24);
});

test('a slow task is awaited before the next one, and a failed one stops nobody', async () => {
  const failures: unknown[] = [];
  const clock = stillClock((error) => failures.push(error));
  const seen: string[] = [];
  clock.schedule(new Date(BIRTH + 1), async () => {
    await new Promise(setImmediate);
    seen.push('slow');
    throw new Error('fell over');
  });
  clock.schedule(new Date(BIRTH + 2), () => seen.push('next'));
  await clock.advance(5);
  expect(seen).toEqual(['slow', 'next']);
  expect(failures).toEqual([new Error('fell over')]);
});

test('a task taken back does not run', async () => {
  const clock = stillClock();
  let ran = false;
  const cancel = clock.schedule(new Date(BIRTH + 1), () => {
    ran = true;
  });
  cancel();
  cancel();
  await clock.advance(10);
  expect(ran).toBe(false);
});

test('two advances asked for together add up', async () => {
  const clock = stillClock();
  await Promise.all([clock.advance(HOUR_MS), clock.advance(HOUR_MS)]);
  expect(clock.offset).toBe(2 * HOUR_MS);
});

test('the clock cannot be turned back', async () => {
  await expect(async () => stillClock().advance(-1)).rejects.toThrow(RangeError);
});

test('in real time a task runs when its moment comes', async () => {
  const clock = new WorldClock();
  await new Promise((resolve) => clock.schedule(new Date(Date.now() + 5), () => resolve(undefined)));
  clock.dispose();
});
