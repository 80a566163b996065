// What runs a seed, apart from what is under simulation. The command bundles this file before it runs thousands of seeds:
// what tsx makes of a module names every function as it is created, which costs a tenth of a run.
export { openSdk } from './database-client.ts';
export { run } from './run.ts';

export type Engine = Pick<typeof import('./engine.ts'), 'openSdk' | 'run'>;
