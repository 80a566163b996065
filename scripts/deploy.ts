import { createInterface } from 'node:readline/promises';
import { runDeploy } from './deploy/main.ts';
import * as manifest from './manifest.ts';

process.exitCode = await runDeploy(manifest, process.argv.slice(2), {
  root: process.cwd(),
  processEnvironment: process.env,
  print: console.log,
  confirm: process.stdin.isTTY ? confirm : undefined,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: () => new Date(),
  fetch: globalThis.fetch,
});

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`\n${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
