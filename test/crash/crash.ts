import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../scripts/build.ts';
import { crashRounds } from './rounds.ts';

const HELP = `npm run crash -- [options]

The world of npm start with --data, its functions and itself ended by kill -9 while shoppers buy; then quiet, and every
order, payment and membership is looked at. Ends with 1 when something does not hold; its data are kept then.

  --rounds N     how many rounds (10); the world is killed twice in each
  --purchases N  how many purchases are in flight in each (200)
  --seed N       what the shoppers do and when processes are killed (1); what falls between is the machine's
  --help         this text
`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    purchases: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else process.exitCode = await crash();

/** Answers the exit code. */
async function crash(): Promise<number> {
  const [rounds, purchases, seed] = [
    whole('rounds', values.rounds),
    whole('purchases', values.purchases),
    whole('seed', values.seed),
  ];
  await build();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'crash-'));
  const begun = performance.now();
  const onRound = (line: string) => console.log(`${seconds(begun)} s  ${line}`);
  const result = await crashRounds({ seed, rounds, purchases, dataDirectory, onRound });
  const { findings, endings, worldsKilled, functionsKilled, remains, complaints } = result;
  for (const finding of findings) console.log(finding);
  if (complaints !== '') console.log(`The worlds wrote on stderr:\n${complaints}`);
  const states: Record<string, number> = {};
  for (const { trade_state } of remains.books.orders.values())
    states[trade_state] = (states[trade_state] ?? 0) + 1;
  console.log(
    `${rounds} rounds of ${purchases} purchases in ${seconds(begun)} s: ${worldsKilled} worlds and ${functionsKilled} functions killed, ` +
      `${findings.length} findings.`,
  );
  console.log(`Shoppers: ${counts(Object.entries(endings))}.`);
  console.log(`Orders: ${counts(Object.entries(states))}.`);
  if (findings.length === 0) await rm(dataDirectory, { recursive: true });
  else console.log(`The data are kept in ${dataDirectory}.`);
  return findings.length === 0 ? 0 : 1;
}

function counts(entries: readonly (readonly [string, number])[]): string {
  return entries.map(([name, count]) => `${count} ${name}`).join(', ');
}

function seconds(begun: number): string {
  return ((performance.now() - begun) / 1000).toFixed(0);
}

function whole(name: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  console.error(`--${name} takes a whole number of 1 or more.\n\n${HELP}`);
  process.exit(2);
}
