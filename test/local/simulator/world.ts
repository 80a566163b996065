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
  dispose(): Promise<void>;
}

/** The browser, and a project (the sample, if nothing else is said) on a server of its own. */
export async function startWorld(project = FIXTURE): Promise<SimulatedWorld> {
  const backend = createMemoryBackend();
  fillShop(backend);
  const clock = new WorldClock();
  const simulator = createSimulator({ project, backend, clock });
  const [browser, { url }] = await Promise.all([sharedBrowser(), simulator.start(0)]);
  return {
    ...{ browser, backend, clock, url },
    async dispose() {
      // A phone that goes on polling would ask for a server that is gone.
      await Promise.all(browser.contexts().map((context) => context.close()));
      await simulator.dispose();
      clock.dispose();
    },
  };
}
