import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Campaign, type Hunted, huntAll, runSeeds } from './campaign.ts';
import { INVARIANTS } from './findings.ts';
import found from './found.json' with { type: 'json' };
import { loadEngine, loadSubject } from './load-subject.ts';
import { MUTANTS } from './mutants.ts';
import type { RunResult } from './run.ts';

const HELP = `npm run simulate -- [options]

Weeks of a shop by seed: shoppers, notices, timers, merchants and everything that goes wrong, over the real functions.

  --seed N      the first seed (1)
  --runs M      how many of them (100)
  --replay N    one seed, and the last 40 events before its first finding; --whole prints every event
  --today       1,000 seeds that only this day has
  --found       every seed that ever found something
  --mutants     builds each deliberate bug in and looks for it; --every K takes every K-th of them, --mutant TEXT those
                whose name has that text
  --jobs J      how many processes share the runs or the bugs (as many as there are cores)
`;

const TODAY_RUNS = 1000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '100' },
    replay: { type: 'string' },
    whole: { type: 'boolean', default: false },
    today: { type: 'boolean', default: false },
    found: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    mutant: { type: 'string', default: '' },
    every: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else if (values.mutants) process.exitCode = await mutants(whole('every', values.every), values.mutant);
else if (values.replay !== undefined)
  process.exitCode = await replay(whole('replay', values.replay), values.whole);
else process.exitCode = await campaign(seeds());

function seeds(): number[] {
  if (values.found) return found;
  const first = values.today
    ? Number(new Date().toISOString().slice(0, 10).replaceAll('-', '')) * TODAY_RUNS
    : whole('seed', values.seed);
  const runs = values.today ? TODAY_RUNS : whole('runs', values.runs);
  return Array.from({ length: runs }, (_, index) => first + index);
}

/** Answers the exit code: 1 when something was found. */
async function campaign(wanted: readonly number[]): Promise<number> {
  const begun = performance.now();
  let done = 0;
  const onResult = (each: RunResult) => {
    done++;
    printFinding(each);
    if (done % 1000 === 0) console.log(`${done} runs, ${Math.round((performance.now() - begun) / 1000)} s`);
  };
  const result = await runSeeds(wanted, { jobs: jobs(), onResult });
  printFigures(result, (performance.now() - begun) / 1000);
  return result.found.length > 0 ? 1 : 0;
}

async function replay(seed: number, isWhole: boolean): Promise<number> {
  const { run, openSdk } = await loadEngine();
  const world = { subject: await loadSubject('as it is'), openDatabase: await openSdk() };
  const onLine = isWhole ? (line: string) => console.log(line) : undefined;
  const result = await run(seed, { ...world, onLine });
  if (!isWhole) console.log(result.last.join('\n'));
  console.log(`\nSeed ${seed}: ${result.orders} orders, ${result.events} events, hash ${result.hash}`);
  console.log(`What could go wrong: ${result.faults.join(', ') || 'nothing'}`);
  for (const { invariant, message, at } of result.findings) {
    console.log(`${at.toISOString()}  ${invariant}: ${message}\n  ${INVARIANTS[invariant]}`);
  }
  return result.findings.length > 0 ? 1 : 0;
}

async function mutants(every: number, text: string): Promise<number> {
  const wanted = MUTANTS.filter(({ name }, index) => name.includes(text) && index % every === 0);
  let missed = 0;
  const onHunted = ({ mutant, result }: Hunted) => {
    const isFound = result.kind === 'found';
    if (!isFound) missed++;
    const how = isFound ? `run ${result.runs}` : JSON.stringify(result);
    console.log(`${isFound ? 'found' : 'MISSED'}  ${mutant.name}: ${mutant.foundBy}, ${how}`);
  };
  await huntAll(wanted, { jobs: jobs(), onHunted });
  console.log(`${wanted.length - missed} of ${wanted.length} deliberate bugs were found.`);
  return missed > 0 ? 1 : 0;
}

function printFinding({ seed, findings }: RunResult): void {
  const [first] = findings;
  if (!first) return;
  console.log(`Seed ${seed}: ${first.invariant}: ${first.message}`);
  console.log(`  npm run simulate -- --replay ${seed}`);
}

function printFigures(
  { runs, orders, ends, secondModelRuns, events, cpuSeconds, found: with_findings }: Campaign,
  seconds: number,
): void {
  const sorted = [...orders].sort((a, b) => a - b);
  const rate = (count: number, time: number) => (count / time).toFixed(1);
  console.log(
    `${runs} runs in ${seconds.toFixed(1)} s: ${rate(runs, seconds)} runs/s (${rate(runs, cpuSeconds)} a second of CPU), ` +
      `${Math.round(events / seconds)} events/s, median ${sorted[sorted.length >> 1]} orders a run, ` +
      `${with_findings.length} with findings.`,
  );
  const states = Object.entries(ends).map(([state, count]) => `${count} ${state}`);
  console.log(
    `Orders ended ${states.join(', ')}; ${secondModelRuns} runs had the second model of WeChat Pay.`,
  );
}

function jobs(): number {
  return Math.max(whole('jobs', values.jobs), 1);
}

function whole(name: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  console.error(`--${name} takes a whole number.\n\n${HELP}`);
  process.exit(2);
}
