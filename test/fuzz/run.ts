import fc from 'fast-check';
import { PROPERTIES, type Property } from './properties.ts';

/** How it went with one property. */
export interface Result {
  readonly name: string;
  readonly runs: number;
  readonly seconds: number;
  /** With which input it does not hold, and how. */
  readonly failure: string | undefined;
}

/** Tries one property after the other. The same seed tries the same. */
export async function* run({
  runs,
  seed,
  only = '',
  properties = PROPERTIES,
}: {
  runs: number;
  seed: number;
  /** Part of a name. */
  only?: string;
  properties?: readonly Property[];
}): AsyncGenerator<Result> {
  for (const { name, share, make } of properties.filter((property) => property.name.includes(only))) {
    const begun = performance.now();
    const details = await fc.check(await make(), { seed, numRuns: Math.ceil(runs * share) });
    const seconds = (performance.now() - begun) / 1000;
    const failure = details.failed
      ? `${fc.defaultReportMessage(details)}\n${details.errorInstance}`
      : undefined;
    yield { name, runs: details.numRuns, seconds, failure };
  }
}
