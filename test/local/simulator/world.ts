import path from 'node:path';
import type { Browser } from 'playwright-core';
import { WorldClock } from '../../../scripts/local/clock.ts';
import { createSimulator } from '../../../scripts/local/simulator/simulator.ts';
import { launchBrowser } from '../../browser.ts';
import { createMemoryBackend, fillShop, type MemoryBackend } from './memory-backend.ts';

export const FIXTURE = path.join(import.meta.dirname, 'fixture');

export interface SimulatedWorld {
  readonly browser: Browser;
  readonly backend: MemoryBackend;
  readonly clock: WorldClock;
  readonly url: string;
  dispose(): Promise<void>;
}

/** A browser, and a project (the sample, if nothing else is said) on a server of its own. */
export async function startWorld(project = FIXTURE): Promise<SimulatedWorld> {
  const backend = createMemoryBackend();
  fillShop(backend);
  const clock = new WorldClock();
  const simulator = createSimulator({ project, backend, clock });
  const [browser, { url }] = await Promise.all([launchBrowser(), simulator.start(0)]);
  return {
    ...{ browser, backend, clock, url },
    async dispose() {
      await browser.close();
      await simulator.dispose();
      clock.dispose();
    },
  };
}
