import { setTimeout as wait } from 'node:timers/promises';
import type { WorldProcess } from '../processes/world-process.ts';

/** Kilobytes of memory in use, of the world's own process and of its functions together. */
export interface MemorySample {
  readonly own: number;
  readonly functions: number;
}

const PAUSE_MS = 500;
/** What may come on top: a collector lets go of memory when it likes. */
const GROWTH_MAX = 1.15;

/** Looks at the world's memory until `over`. */
export async function watchMemory(world: WorldProcess, over: AbortSignal): Promise<readonly MemorySample[]> {
  const samples: MemorySample[] = [];
  while (!over.aborted) {
    samples.push(await world.memory());
    await wait(PAUSE_MS, undefined, { signal: over }).catch(() => {});
  }
  return samples;
}

/** Whether the last third of the samples needs no more than the second; the first is for warming up. */
export function isFlat(samples: readonly MemorySample[]): boolean {
  const [, second, last] = thirds(samples);
  return (['own', 'functions'] as const).every((whose) => {
    const [before, after] = [second, last].map((part) => median((part ?? []).map((sample) => sample[whose])));
    return (after ?? 0) <= (before ?? 0) * GROWTH_MAX;
  });
}

/** The median of each third, in megabytes. */
export function shownThirds(samples: readonly MemorySample[], whose: keyof MemorySample): string {
  const megabytes = thirds(samples).map((part) =>
    Math.round(median(part.map((sample) => sample[whose])) / 1024),
  );
  return `${megabytes.join(', ')} MB`;
}

function thirds(samples: readonly MemorySample[]): MemorySample[][] {
  const size = Math.ceil(samples.length / 3);
  return [0, 1, 2].map((third) => samples.slice(third * size, (third + 1) * size));
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
