import path from 'node:path';
import type { Browser } from 'playwright-core';
import { WorldClock } from '../../../scripts/local/clock.ts';
import { createSimulator } from '../../../scripts/local/simulator/simulator.ts';
import { sharedBrowser } from '../../browser.ts';
import { createMemoryBackend, fillShop, type MemoryBackend } from './memory-backend.ts';

export const FIXTURE = path.join(import.meta.dirname, 'fixture');

export interface SimulatedWorld {
  readonly browser: Browser;
  readonly backend: MemoryBackend;
  readonly clock: WorldClock;
  readonly url: string;
  /** What a page asked for and the simulator has not, with the page. */
  readonly missing: readonly (readonly [name: string, usedBy: string])[];
  dispose(): Promise<void>;
}

/** The browser, and a project (the sample, if nothing else is said) on a server of its own. */
export async function startWorld(project = FIXTURE): Promise<SimulatedWorld> {
  const backend = createMemoryBackend();
  fillShop(backend);
  const clock = new WorldClock();
  const missing: [string, string][] = [];
  const onMissing = (name: string, usedBy: string) => missing.push([name, usedBy]);
  const simulator = createSimulator({ project, backend, clock, onMissing });
  const [browser, { url }] = await Promise.all([sharedBrowser(), simulator.start(0)]);
  return {
    ...{ browser, backend, clock, url, missing },
    async dispose() {
      // A phone that goes on polling would ask for a server that is gone.
      await Promise.all(browser.contexts().map((context) => context.close()));
      await simulator.dispose();
      clock.dispose();
    },
  };
}
