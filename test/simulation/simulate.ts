import { parseArgs } from 'node:util';
import { openSdk } from './database-client.ts';
import { run } from './run.ts';
import * as subject from './subject.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '100' },
    replay: { type: 'string' },
  },
});
const openDatabase = await openSdk();
const begun = performance.now();
const replay = values.replay;
const first = Number(replay ?? values.seed);
const runs = replay === undefined ? Number(values.runs) : 1;
let events = 0;
let orders: number[] = [];
const kinds = new Map<string, number[]>();
for (let seed = first; seed < first + runs; seed++) {
  const result = await run(seed, { subject, openDatabase });
  events += result.events;
  orders.push(result.orders);
  const [finding] = result.findings;
  if (finding) {
    console.log(seed, finding.invariant, finding.message, finding.at.toISOString());
    kinds.set(finding.invariant, [...(kinds.get(finding.invariant) ?? []), seed]);
  }
  if (replay) console.log(result.last.join('\n'), result.findings);
}
const seconds = (performance.now() - begun) / 1000;
orders = orders.sort((a, b) => a - b);
console.log(
  kinds,
  `${(runs / seconds).toFixed(1)} runs/s ${Math.round(events / seconds)} events/s median ${orders[orders.length >> 1]} orders`,
);
