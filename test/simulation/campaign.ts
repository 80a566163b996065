import type { OpenDatabase } from './database-client.ts';
import type { Engine } from './engine.ts';
import type { Invariant } from './findings.ts';
import { loadSubject } from './load-subject.ts';
import type { Mutant } from './mutant.ts';
import { inProcesses } from './processes.ts';
import type { RunResult } from './run.ts';

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
  /** What the runs cost, all processes together. */
  readonly cpuSeconds: number;
}

/** Runs the seeds, shared among so many processes. */
export async function runSeeds(
  seeds: readonly number[],
  { jobs, onResult }: { readonly jobs: number; readonly onResult: (result: RunResult) => void },
): Promise<Campaign> {
  const orders: number[] = [];
  const found: RunResult[] = [];
  const ends: Record<string, number> = {};
  let secondModelRuns = 0;
  let events = 0;
  const onAnswer = (result: RunResult) => {
    orders.push(result.orders);
    events += result.events;
    if (result.isSecondModel) secondModelRuns++;
    for (const [state, count] of Object.entries(result.ends)) ends[state] = (ends[state] ?? 0) + count;
    if (result.findings.length > 0) found.push(result);
    onResult(result);
  };
  const cpuSeconds = await inProcesses(new URL('run-seed.ts', import.meta.url), seeds, { jobs, onAnswer });
  return { runs: orders.length, orders, ends, secondModelRuns, events, found, cpuSeconds };
}

/** A deliberate bug is found within so many runs, or this simulation is blind to it. */
export const MUTANT_RUNS_MAX = 500;

export type Hunt =
  | { readonly kind: 'found'; readonly seed: number; readonly runs: number }
  | { readonly kind: 'found otherwise'; readonly seed: number; readonly by: Invariant }
  | { readonly kind: 'not found' };

/** Looks for deliberate bugs, shared among so many processes. */
export async function huntAll(
  mutants: readonly Mutant[],
  { jobs, onHunted }: { readonly jobs: number; readonly onHunted: (hunted: Hunted) => void },
): Promise<void> {
  const names = mutants.map(({ name }) => name);
  await inProcesses(new URL('hunt-mutant.ts', import.meta.url), names, { jobs, onAnswer: onHunted });
}

/** What became of a deliberate bug. */
export interface Hunted {
  readonly mutant: Mutant;
  readonly result: Hunt;
}

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
