import type { OpenDatabase } from './database-client.ts';
import type { Engine } from './engine.ts';
import type { Invariant } from './findings.ts';
import { loadSubject } from './load-subject.ts';
import type { Mutant } from './mutant.ts';
import type { RunResult } from './run.ts';
import type { Subject } from './subject.ts';

/** What it takes to run seeds, but for what is under simulation. */
export interface Ground extends Pick<Engine, 'run'> {
  readonly openDatabase: OpenDatabase;
}

/** What a row of seeds came to. */
export interface Campaign {
  readonly runs: number;
  readonly orders: readonly number[];
  readonly ends: Readonly<Record<string, number>>;
  readonly secondModelRuns: number;
  readonly events: number;
  readonly found: readonly RunResult[];
}

/** Runs the seeds one after the other. */
export async function runSeeds(
  seeds: Iterable<number>,
  { run, ...world }: Ground & { readonly subject: Subject },
  onResult: (result: RunResult) => void,
): Promise<Campaign> {
  const orders: number[] = [];
  const found: RunResult[] = [];
  const ends: Record<string, number> = {};
  let secondModelRuns = 0;
  let events = 0;
  for (const seed of seeds) {
    const result = await run(seed, world);
    orders.push(result.orders);
    events += result.events;
    if (result.isSecondModel) secondModelRuns++;
    for (const [state, count] of Object.entries(result.ends)) ends[state] = (ends[state] ?? 0) + count;
    if (result.findings.length > 0) found.push(result);
    onResult(result);
  }
  return { runs: orders.length, orders, ends, secondModelRuns, events, found };
}

/** A deliberate bug is found within so many runs, or this simulation is blind to it. */
export const MUTANT_RUNS_MAX = 500;

export type Hunt =
  | { readonly kind: 'found'; readonly seed: number; readonly runs: number }
  | { readonly kind: 'found otherwise'; readonly seed: number; readonly by: Invariant }
  | { readonly kind: 'not found' };

/** Builds a deliberate bug in and looks for it. */
export async function hunt(mutant: Mutant, { run, openDatabase }: Ground): Promise<Hunt> {
  const subject = await loadSubject(mutant.name, mutant);
  let otherwise: Hunt | undefined;
  for (let seed = 1; seed <= MUTANT_RUNS_MAX; seed++) {
    const { findings } = await run(seed, { subject, openDatabase });
    const [first] = findings;
    if (findings.some(({ invariant }) => invariant === mutant.foundBy))
      return { kind: 'found', seed, runs: seed };
    // A bug may break more than one rule; the one of the table has to notice it too.
    if (first) otherwise ??= { kind: 'found otherwise', seed, by: first.invariant };
  }
  return otherwise ?? { kind: 'not found' };
}
