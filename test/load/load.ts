import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { build } from '../../scripts/build.ts';
import type { Figures } from './figures.ts';
import { isFlat, shownThirds } from './memory.ts';
import { rush } from './rush.ts';

const HELP = `npm run load -- [options]

Many shoppers at once in a local world of their own, then the notices of their payments, again and again. On this machine
only. Ends with 1 when anything was answered with an error or memory grew.

  --shoppers N     how many order and pay at once (500)
  --connections N  how many connections send notices (32)
  --seconds N      for how long (30)
  --help           this text
`;

const { values } = parseArgs({
  options: {
    shoppers: { type: 'string', default: '500' },
    connections: { type: 'string', default: '32' },
    seconds: { type: 'string', default: '30' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else process.exitCode = await load();

/** Answers the exit code. */
async function load(): Promise<number> {
  const options = {
    shoppers: whole('shoppers', values.shoppers, 900),
    connections: whole('connections', values.connections, 256),
    seconds: whole('seconds', values.seconds, 600),
  };
  await build();
  const { orders, payments, notices, checks, memory, complaints } = await rush(options);
  const [{ model = 'unknown' } = {}] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  console.log(`${availableParallelism()} cores (${model}), ${gigabytes} GB, Node ${process.versions.node}`);
  printFigures(`createOrder, ${options.shoppers} at once`, orders);
  printFigures('the cashier, all at once', payments);
  printFigures(`payNotify, ${options.connections} connections`, notices);
  printFigures('checkOrder, all at once', checks);
  const isSteady = isFlat(memory);
  console.log(
    `Memory by thirds: the world ${shownThirds(memory, 'own')}; its functions ${shownThirds(memory, 'functions')}.`,
  );
  if (!isSteady) console.log('Memory grew from the second third to the last.');
  if (complaints !== '') console.log(`The world wrote on stderr:\n${complaints}`);
  const errors = [orders, payments, notices, checks].flatMap((figures) => Object.keys(figures.errors));
  return errors.length === 0 && isSteady && complaints === '' ? 0 : 1;
}

function printFigures(what: string, { calls, seconds, median, p99, longest, errors }: Figures): void {
  const wrong = Object.values(errors).reduce((sum, count) => sum + count, 0);
  console.log(
    `${what}: ${calls} in ${seconds.toFixed(1)} s, ${(calls / seconds).toFixed(0)}/s, median ${median.toFixed(0)} ms, ` +
      `99% ${p99.toFixed(0)} ms, longest ${longest.toFixed(0)} ms, ${wrong} errors`,
  );
  for (const [error, count] of Object.entries(errors)) console.log(`  ${count} × ${error}`);
}

/** A function takes 1,000 waiting events, and no more. */
function whole(name: string, text: string, max: number): number {
  const number = Number(text);
  if (/^[1-9]\d*$/.test(text) && number <= max) return number;
  console.error(`--${name} takes a whole number from 1 to ${max}.\n\n${HELP}`);
  process.exit(2);
}
