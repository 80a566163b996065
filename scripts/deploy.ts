import { createInterface } from 'node:readline/promises';
import { INVOKE_RULES } from './deploy/compare-access.ts';
import { DEPLOY_HELP, readOptions } from './deploy/options.ts';
import { discreet, type Print, renderError } from './deploy/print.ts';
import { deploy } from './deploy/run.ts';
import * as manifest from './manifest.ts';

const NAMES = [...manifest.collections, ...manifest.functions].map(({ name }) => name).concat(INVOKE_RULES);

let print: Print = console.log;
try {
  const options = readOptions(process.argv.slice(2), NAMES);
  if (!options) {
    print(DEPLOY_HELP);
  } else {
    const isDone = await deploy(manifest, options, {
      root: process.cwd(),
      processEnvironment: process.env,
      printer: (secrets) => {
        print = discreet(console.log, secrets);
        return print;
      },
      confirm: process.stdin.isTTY ? confirm : undefined,
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      fetch: globalThis.fetch,
    });
    if (!isDone) process.exitCode = 1;
  }
} catch (error) {
  print(renderError(error));
  process.exitCode = 1;
}

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`\n${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
