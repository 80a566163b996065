import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { askYes } from './deploy/ask-yes.ts';
import { runOps } from './ops/main.ts';

const terminal = { input: process.stdin, output: process.stdout };
process.exitCode = await runOps(process.argv.slice(2), {
  root: process.cwd(),
  processEnvironment: process.env,
  print: console.log,
  confirm: terminal.input.isTTY ? (question) => askYes(question, terminal) : undefined,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: () => new Date(),
  fetch: globalThis.fetch,
  by: `${os.userInfo().username}@${os.hostname()}`.slice(0, 64),
  newRequestId: () => `ops-${randomUUID()}`,
});
