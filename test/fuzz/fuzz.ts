import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { run } from './run.ts';

const HELP = `npm run fuzz -- [options]

Tries what must always hold with made-up input, and says with which it does not.

  --runs N     requests to payNotify (20,000); what is slower or simpler is tried with a part of that
  --seed N     the seed to repeat a run by; any that was not tried before unless given
  --only TEXT  the properties whose name has this text
  --help       this text
`;

const RUNS = 20_000;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: String(RUNS) },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else process.exitCode = await fuzz(whole('runs', values.runs), whole('seed', values.seed));

async function fuzz(runs: number, seed: number): Promise<0 | 1> {
  console.log(`seed ${seed}, ${runs} runs`);
  let failed = 0;
  for await (const { name, runs: done, seconds, failure } of run({ runs, seed, only: values.only })) {
    console.log(`${failure ? 'FAILED' : 'ok    '} ${name}: ${done} runs in ${seconds.toFixed(1)} s`);
    if (failure) console.log(failure);
    if (failure) failed++;
  }
  console.log(
    failed === 0 ? 'Nothing found.' : `${failed} found. Repeat with: npm run fuzz -- --seed ${seed}`,
  );
  return failed === 0 ? 0 : 1;
}

function whole(option: string, text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new Error(`--${option} takes a whole number, not ${text}`);
}
