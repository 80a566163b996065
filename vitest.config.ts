import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

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

/** Where files take long: with a browser, processes, days that pass. The longest first. */
const LONG = ['e2e/', 'functions/refund', 'security/', 'start.', 'simulation/', 'functions/', 'local/'];

/**
 * Hands out the files that take long before the others, so that no core is left alone with one at the end. Where nothing is known
 * of earlier runs, as on a build server, vitest goes by the size of files, which says little of them.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const rank = ({ moduleId }: TestSpecification) => rankOf(relative(root, moduleId));
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

function rankOf(file: string): number {
  const place = LONG.findIndex((beginning) => file.startsWith(`test/${beginning}`));
  return place < 0 ? LONG.length : place;
}

export default defineConfig({
  test: {
    // One more than there are cores: a file that waits, for a screen, a time limit or a lock, leaves its core to another.
    maxWorkers: availableParallelism() + 1,
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
