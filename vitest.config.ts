import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Every core: without it one is left idle, and the browser tests wait more than they work.
    maxWorkers: '100%',
    globalSetup: ['test/global-setup.ts'],
    // Processes start in some of them, and the machine may be busy.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
