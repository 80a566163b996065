import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { createInterface } from 'node:readline/promises';
import { runOps } from './ops/main.ts';

process.exitCode = await runOps(process.argv.slice(2), {
  root: process.cwd(),
  processEnvironment: process.env,
  print: console.log,
  confirm: process.stdin.isTTY ? confirm : undefined,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: () => new Date(),
  fetch: globalThis.fetch,
  by: `${os.userInfo().username}@${os.hostname()}`.slice(0, 64),
  newRequestId: () => `ops-${randomUUID()}`,
});

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`\n${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
