import { setTimeout as wait } from 'node:timers/promises';
import { startWorld, type WorldProcess } from '../processes/world-process.ts';
import { type Chance, chanceOf } from '../simulation/chance.ts';
import { Acknowledged } from './acknowledged.ts';
import { audit, auditEnd, type Remains, readRemains } from './audit.ts';
import { type Ending, purchase } from './shopper.ts';

export interface CrashOptions {
  readonly seed: number;
  readonly rounds: number;
  /** How many are in flight at once, each of another shopper. */
  readonly purchases: number;
  readonly dataDirectory: string;
  readonly onRound?: (line: string) => void;
}

export interface CrashResult {
  /** What does not hold, with when it was found. */
  readonly findings: readonly string[];
  readonly endings: Readonly<Record<Ending, number>>;
  readonly worldsKilled: number;
  readonly functionsKilled: number;
  readonly acknowledged: Acknowledged;
  readonly remains: Remains;
  /** What the worlds wrote on stderr. */
  readonly complaints: string;
}

/** How often a function's process is killed, in real milliseconds. */
const KILL_PAUSE_MS = { min: 200, max: 800 };
/** How far the clock moves between rounds: orders of several rounds are open at once, and none outlives its shopper's limit. */
const ROUND_MINUTES = 7;
/** Longer than every order lives, and than WeChat repeats its notices. */
const QUIET_MINUTES = [4 * 60, 26 * 60];

/** Rounds of purchases in a world whose processes are killed at any moment; then quiet, and everything is looked at. */
export async function crashRounds(options: CrashOptions): Promise<CrashResult> {
  const { seed, rounds, purchases, dataDirectory, onRound = () => {} } = options;
  const chance = chanceOf(seed, 'crash');
  const openids = Array.from({ length: purchases }, (_, at) => `oCrash-${String(at).padStart(21, '0')}`);
  const acknowledged = new Acknowledged();
  const findings: string[] = [];
  const endings = { paid: 0, cancelled: 0, left: 0, refused: 0, 'given up': 0 };
  const killed = { worlds: 0, functions: 0 };
  const world = await startWorld({ openids, dataDirectory, variables: {} });

  /** kill -9, a look at what is left, and a new world on it. */
  const crash = async (when: string) => {
    await world.kill();
    killed.worlds++;
    const found = audit(await readRemains(dataDirectory), acknowledged);
    findings.push(...found.map((finding) => `${when}: ${finding}`));
    await world.start();
  };

  try {
    for (let round = 1; round <= rounds; round++) {
      const buying = openids.map((openid, at) =>
        purchase({
          ...{ world, acknowledged, openid },
          request_id: `crash-${String(round).padStart(4, '0')}-${String(at).padStart(8, '0')}`,
          chance: chance.branch(`${round}/${at}`),
        }),
      );
      const over = new AbortController();
      const killing = killFunctions(world, chance.branch(`functions/${round}`), over.signal);
      await untilMore(acknowledged, chance.whole(1, purchases), over.signal);
      await crash(`round ${round}, purchases in flight`);
      const all = Promise.all(buying).finally(() => over.abort());
      for (const ending of await all) endings[ending]++;
      killed.functions += await killing;
      const moving = world.advance(ROUND_MINUTES).catch(() => {});
      await wait(chance.whole(0, 1500));
      await crash(`round ${round}, the clock moving`);
      await moving;
      onRound(`round ${round}: ${acknowledged.paid.size} payments so far, ${findings.length} findings`);
    }
    for (const minutes of QUIET_MINUTES) await world.advance(minutes);
  } finally {
    await world.kill();
  }
  const remains = await readRemains(dataDirectory);
  const minutes = QUIET_MINUTES.reduce((sum, more) => sum + more, 0);
  const found = [...audit(remains, acknowledged), ...auditEnd(remains, { minutes })];
  findings.push(...found.map((finding) => `after quiet: ${finding}`));
  if (endings['given up'] > 0) findings.push(`${endings['given up']} shoppers never got an answer`);
  const { worlds: worldsKilled, functions: functionsKilled } = killed;
  const complaints = world.complaints.join('');
  return { findings, endings, worldsKilled, functionsKilled, acknowledged, remains, complaints };
}

/** Kills one function's process after the other, whatever it is doing; answers how many. */
async function killFunctions(world: WorldProcess, chance: Chance, over: AbortSignal): Promise<number> {
  let count = 0;
  while (!over.aborted) {
    await wait(chance.whole(KILL_PAUSE_MS.min, KILL_PAUSE_MS.max));
    const functions = await world.functions();
    const victim = functions[chance.whole(0, functions.length - 1)];
    if (!victim) continue;
    try {
      process.kill(victim.pid, 'SIGKILL');
      count++;
    } catch {
      // It went by itself.
    }
  }
  return count;
}

/** Waits until so much more was acknowledged, which is a moment in the middle of everything. */
async function untilMore(acknowledged: Acknowledged, more: number, over: AbortSignal): Promise<void> {
  const enough = acknowledged.count + more;
  while (acknowledged.count < enough && !over.aborted) await wait(5);
}
