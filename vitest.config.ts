import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/** What these send from the test's own process is turned to a stand-in for Tencent Cloud (test/deploy/shim.cjs). */
const DEPLOYMENT = ['test/deploy/!(download).test.ts', 'test/security/deployment.test.ts'];

const COMMON = {
  // Processes start in some of them, and the machine may be busy.
  testTimeout: 30_000,
  hookTimeout: 30_000,
  // A process for each of 200 files would spend a third of its time on starting and on loading the same modules again. So
  // files share a few processes: a test leaves its process as it found it, and keeps to names, ports and folders of its own.
  isolate: false,
  setupFiles: ['test/set-up.ts'],
};

export default defineConfig({
  test: {
    // Every core: without it one is left idle, and the browser tests wait more than they work.
    maxWorkers: '100%',
    globalSetup: ['test/global-setup.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...COMMON,
          name: 'project',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...DEPLOYMENT],
          sequence: { groupOrder: 1 },
        },
      },
      // By itself: a process that changed between the two would load everything again.
      { test: { ...COMMON, name: 'deployment', include: DEPLOYMENT, sequence: { groupOrder: 2 } } },
    ],
  },
});
