import { askYes } from './deploy/ask-yes.ts';
import { runDeploy } from './deploy/main.ts';
import * as manifest from './manifest.ts';

const terminal = { input: process.stdin, output: process.stdout };
process.exitCode = await runDeploy(manifest, process.argv.slice(2), {
  root: process.cwd(),
  processEnvironment: process.env,
  print: console.log,
  confirm: terminal.input.isTTY ? (question) => askYes(question, terminal) : undefined,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: () => new Date(),
  fetch: globalThis.fetch,
});
