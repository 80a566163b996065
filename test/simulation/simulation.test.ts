import { beforeAll, describe, expect, test } from 'vitest';
import { hunt, runSeeds } from './campaign.ts';
import { chanceOf } from './chance.ts';
import { type OpenDatabase, openSdk } from './database-client.ts';
import { checkEdit, loadSubject, subjectFiles } from './load-subject.ts';
import { MUTANTS } from './mutants.ts';
import { inProcesses } from './processes.ts';
import { type RunResult, run } from './run.ts';
import { Scheduler } from './scheduler.ts';
import type { Subject } from './subject.ts';

let world: { subject: Subject; openDatabase: OpenDatabase };

beforeAll(async () => {
  world = { subject: await loadSubject('test'), openDatabase: await openSdk() };
});

describe('a seed', () => {
  test.each([1, 7, 26])('%i gives the same events every time', async (seed) => {
    const first = await run(seed, world);
    const second = await run(seed, world);
    expect(second.hash).toBe(first.hash);
    expect(first.events).toBeGreaterThan(50);
  });

  test('gives other events than the next one', async () => {
    const [one, other] = [await run(1, world), await run(2, world)];
    expect(one.hash).not.toBe(other.hash);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('%i finds nothing', async (seed) => {
    expect((await run(seed, world)).findings).toEqual([]);
  });
});

describe('what is shared among processes', () => {
  test('is what one process does', async () => {
    const shared = new Map<number, string>();
    const onResult = ({ seed, hash }: RunResult) => shared.set(seed, hash);
    const { runs, events, cpuSeconds } = await runSeeds([1, 2, 3], { jobs: 2, onResult });
    const own = [await run(1, world), await run(2, world), await run(3, world)];
    expect(shared).toEqual(new Map(own.map(({ seed, hash }) => [seed, hash])));
    expect([runs, events]).toEqual([3, own.reduce((sum, each) => sum + each.events, 0)]);
    expect(cpuSeconds).toBeGreaterThan(0);
  });

  test('fails when a process ends before its tasks', async () => {
    const program = new URL('no-such-program.ts', import.meta.url);
    await expect(inProcesses(program, [1], { jobs: 1, onAnswer: () => {} })).rejects.toThrow('ended before');
  });
});

test('a deliberate bug is found, printed with the events before it, and gone when it is taken out', async () => {
  const mutant = MUTANTS.find(({ name }) => name === 'a payment grants nothing');
  if (!mutant) throw new Error('The table of deliberate bugs has changed.');
  const found = await hunt(mutant, { ...world, run });
  expect(found).toMatchObject({ kind: 'found' });
  if (found.kind !== 'found') return;
  const subject = await loadSubject('with a bug', mutant);
  const { findings, last } = await run(found.seed, { ...world, subject });
  expect(findings[0]).toMatchObject({ invariant: mutant.foundBy });
  expect(last.at(-1)).toContain('FOUND granted correctly');
  expect((await run(found.seed, world)).findings).toEqual([]);
});

describe('the table of deliberate bugs', () => {
  let files: ReadonlySet<string>;
  beforeAll(async () => {
    files = await subjectFiles();
  });

  test.each(MUTANTS)('the text of "$name" is in its file once', async (mutant) => {
    await expect(checkEdit(mutant, files)).resolves.toBeUndefined();
  });

  test.each([
    ['whose text is no longer in its file', '_shared/order/settle.ts', 'nothing like this', '0 times'],
    ['in a file that is not under simulation', '_shared/order/moved.ts', 'x', 'is not among what is under'],
  ])('one %s fails the hunt, and is seen before', async (_, file, find, message) => {
    const edit = { file, find, replace: '' };
    await expect(loadSubject('gone', edit)).rejects.toThrow(message);
    await expect(checkEdit(edit, files)).rejects.toThrow(message);
  });

  test('one that leaves no TypeScript is seen before the hunt', async () => {
    const edit = { file: '_shared/order/settle.ts', find: 'if (decision.grants) {', replace: 'if (' };
    await expect(checkEdit(edit, files)).rejects.toThrow('Transform failed');
  });
});

describe('the scheduler', () => {
  const scheduler = () => new Scheduler(new Date(0), (error) => expect.fail(String(error)));

  test('runs tasks by their moment, those of one moment as they were planned', async () => {
    const clock = scheduler();
    const ran: string[] = [];
    for (const [name, at] of [
      ['c', 20],
      ['a', 10],
      ['d', 20],
      ['b', 10],
    ] as const)
      clock.at(at, () => ran.push(name));
    await clock.runUntil(30);
    expect(ran).toEqual(['a', 'b', 'c', 'd']);
    expect(clock.time).toBe(30);
  });

  test('lets everything that waits run to its next wait between two tasks', async () => {
    const clock = scheduler();
    const ran: string[] = [];
    clock.at(1, async () => {
      for (let step = 0; step < 20; step++) await Promise.resolve();
      ran.push('the first task’s end');
    });
    clock.at(1, () => ran.push('the second task'));
    await clock.runUntil(1);
    expect(ran).toEqual(['the first task’s end', 'the second task']);
  });

  test('does not run what was taken back', async () => {
    const clock = scheduler();
    const cancel = clock.after(5, () => expect.fail('ran'));
    cancel();
    await clock.runUntil(10);
  });
});

test('chance is the same for the same seed and name, and another for another', () => {
  const draw = (seed: number, name: string) => Array.from({ length: 5 }, () => chanceOf(seed, name).next());
  expect(draw(1, 'a')).toEqual(draw(1, 'a'));
  expect(draw(1, 'a')).not.toEqual(draw(2, 'a'));
  expect(draw(1, 'a')).not.toEqual(draw(1, 'b'));
});
