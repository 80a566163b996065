import path from 'node:path';
import { type Checker, MINIPROGRAM_ROOT } from './checker.ts';
import { run } from './run.ts';

const TSC = path.resolve(import.meta.dirname, '../../../node_modules/typescript/bin/tsc');

/** DevTools only strips types; whether they hold, and whether an imported file exists, is for tsc to say. */
export const types: Checker = {
  name: 'tsc',
  async check(project) {
    const { isOk, output } = await run(
      process.execPath,
      [TSC, '--project', MINIPROGRAM_ROOT, '--incremental', 'false'],
      project,
    );
    return isOk ? [] : output.trim().split('\n');
  },
};
