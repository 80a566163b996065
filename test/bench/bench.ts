import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { build } from '../../scripts/build.ts';
import { cold } from './cold/cold.ts';
import { cpu } from './cpu/cpu.ts';
import { isMissed, type Look, type Row } from './row.ts';
import { database } from './scale/database.ts';
import { draw } from './scale/draw.ts';
import { overlap } from './scale/overlap.ts';
import { purchases } from './scale/purchases.ts';
import { reconcile } from './scale/reconcile.ts';

const HELP = `npm run bench -- [options]

Measures this project beside what a shop would use instead, in one run: contenders take turns in shuffled order, results
are compared before anything is timed, and a figure is the median of the ratios of the rounds. Nothing leaves this machine.
Ends with 1 when a goal is missed by more than a quarter of it, or by --slack.

  --short          a fifth of the rounds and of the sizes, for a build server
  --slack PART     how much of a goal may be missing, 0 to 1 (0.25)
  --only NAME      one of: NAMES; overlap runs only so
  --draw FILE      draws what overlap measured, up to a million orders, as a picture (SVG)
  --json           the table as JSON
  --help           this text

The peers are installed by: npm ci --prefix test/bench
`;

const LOOKS: readonly Look[] = [cold, cpu, reconcile, overlap, database, purchases];

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    slack: { type: 'string', default: '0.25' },
    only: { type: 'string' },
    draw: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const help = HELP.replace('NAMES', LOOKS.map(({ name }) => name).join(', '));

if (values.help) console.log(help);
else process.exitCode = await bench();

/** Answers the exit code. */
async function bench(): Promise<number> {
  const slack = Number(values.slack);
  if (!(slack >= 0 && slack <= 1))
    return refuse(`--slack takes a part from 0 to 1, not ${values.slack}.\n\n${help}`);
  const looks = LOOKS.filter(({ name, isOnRequest }) =>
    values.only === undefined ? !isOnRequest : name === values.only,
  );
  if (looks.length === 0) return refuse(`--only takes a name from the list, not ${values.only}.\n\n${help}`);
  if (!existsSync(new URL('node_modules/tenpay', import.meta.url)))
    return refuse('The peers are not installed: npm ci --prefix test/bench');
  await build();
  const rows: Row[] = [];
  for (const { name, look } of looks) {
    if (!values.json) console.error(`${name} …`);
    rows.push(...(await look(values.short ? 0.2 : 1)));
  }
  if (values.draw !== undefined) await writeFile(values.draw, draw(curvesOf(rows)));
  if (values.json) console.log(JSON.stringify({ machine: machine(), rows }, null, 2));
  else print(rows, slack);
  return rows.some((row) => isMissed(row, slack) && !(values.short && row.isOfMachine)) ? 1 : 0;
}

/** What each of so many runs at once was measured to do of its own rate. */
function curvesOf(rows: readonly Row[]): ReadonlyMap<number, number> {
  return new Map(
    rows.flatMap(({ runs, measured }) => (runs === undefined ? [] : [[runs, measured] as const])),
  );
}

function refuse(message: string): number {
  console.error(message);
  return 2;
}

function print(rows: readonly Row[], slack: number): void {
  console.log(`${machine()}\n`);
  console.log('| what | beside | measured | goal | |\n| --- | --- | --- | --- | --- |');
  for (const row of rows) {
    const { what, peer, measured, goal, isLeast, unit, seen = '' } = row;
    const mark = isMissed(row, slack) ? 'MISSED' : '';
    console.log(
      `| ${what} | ${peer} | ${shown(measured)} ${unit} | ${isLeast ? '≥' : '≤'} ${goal} ${unit} | ${[mark, seen].filter(Boolean).join(' ')} |`,
    );
  }
}

function machine(): string {
  const [{ model = 'unknown' } = {}] = cpus();
  return `${availableParallelism()} cores (${model}), Node ${process.versions.node}`;
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}
