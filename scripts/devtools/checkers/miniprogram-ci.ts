import path from 'node:path';
import type { Checker } from './checker.ts';
import { run } from './run.ts';

const COMPILE = path.join(import.meta.dirname, '../compile.cjs');

/** DevTools' own compiler. It keeps watchers and workers alive, so it runs in a process that can be ended. */
export const miniprogramCi: Checker = {
  name: 'miniprogram-ci',
  async check(project) {
    const { isOk, output } = await run(process.execPath, [COMPILE, project], project);
    if (isOk) return [];
    const problems = output.split('\n').filter((line) => line.startsWith('problem: '));
    return problems.length > 0
      ? problems.map((line) => line.slice('problem: '.length))
      : [output.slice(-2000)];
  },
};
