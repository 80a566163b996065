import { deadlineOf, TIMER_RUN_MS } from '../../cloudfunctions/_shared/order/deadline.ts';
import type { Orders } from '../../cloudfunctions/_shared/order/ports.ts';
import { type SweepReport, sweep } from '../../cloudfunctions/_shared/order/sweep.ts';
import { chanceOf } from '../simulation/chance.ts';
import { Scheduler } from '../simulation/scheduler.ts';
import { openPorts, unpaid } from './ports.ts';
import { later, MINUTE_MS, sampleOrder } from './samples.ts';

/** From so many milliseconds to so many. */
type Span = readonly [least: number, most: number];

/** Which runs there are, and how far away everything is. */
interface Overlap {
  /** When each order came due, in milliseconds after the first; the runs come ten minutes after the last. */
  readonly due: readonly number[];
  /** When each run begins, in milliseconds after the first. */
  readonly begins: readonly number[];
  readonly seed: number;
  readonly database?: Span;
  readonly wechat?: Span;
  /** The run that is never answered by the database again after so many calls of `orders`. */
  readonly dies?: { readonly run: number; readonly afterCalls: number };
}

/** What the runs did, each by its place. */
export interface Overlapped {
  readonly reports: readonly (SweepReport | undefined)[];
  /** Whom WeChat was asked about, in order. */
  readonly asked: readonly string[];
  /** How long it took until the last run was over, in simulated seconds. */
  readonly seconds: number;
  /** How many pages of due orders each run read. */
  readonly reads: readonly number[];
}

/** The out_trade_no of an order by its place in `due`. */
export const dueOrder = (n: number) => String(n).padStart(32, '0');

/**
 * Runs of queryOrders over the same orders, in simulated time: how fast this machine is does not show, only how they share the
 * work. What each waits for differs by chance, from the seed.
 */
export async function overlap({
  due,
  begins,
  seed,
  database = [5, 15],
  wechat = [80, 200],
  dies,
}: Overlap): Promise<Overlapped> {
  const chance = chanceOf(seed);
  const failures: unknown[] = [];
  const start = later(Math.max(...due) + 10 * MINUTE_MS);
  const scheduler = new Scheduler(start, (error) => failures.push(error));
  const wait = ([least, most]: Span) => scheduler.sleep(least + chance.next() * (most - least));
  const opened = await openPorts({
    now: start,
    clock: scheduler,
    away: () => wait(database),
    async answer(question) {
      await wait(wechat);
      return unpaid(question);
    },
  });
  try {
    // They are ten minutes old when they are asked about, so that none is at its end.
    const born = new Date(start.getTime() - 10 * MINUTE_MS);
    const life = {
      created_at: born,
      prepaid_at: born,
      time_expire: new Date(born.getTime() + 30 * MINUTE_MS),
    };
    await opened.add(
      ...due.map((ms, n) => sampleOrder({ _id: dueOrder(n), next_query_at: later(ms), ...life })),
    );
    const reads = begins.map(() => 0);
    const reports: (SweepReport | undefined)[] = begins.map(() => undefined);
    let isOver = 0;
    begins.forEach((begin, run) => {
      let calls = 0;
      const answered = <Answer>(call: () => Promise<Answer>): Promise<Answer> =>
        dies?.run === run && calls++ >= dies.afterCalls ? new Promise(() => {}) : call();
      const orders: Orders = {
        ...opened.ports.orders,
        due(...page) {
          reads[run] = (reads[run] ?? 0) + 1;
          return answered(() => opened.ports.orders.due(...page));
        },
        claim: (...claim) => answered(() => opened.ports.orders.claim(...claim)),
      };
      scheduler.after(begin, async () => {
        const deadline = deadlineOf(scheduler.now(), TIMER_RUN_MS);
        reports[run] = await sweep({ ...opened.ports, orders, deadline });
        isOver = Math.max(isOver, scheduler.time);
      });
    });
    await scheduler.runUntil(start.getTime() + Math.max(...begins) + TIMER_RUN_MS);
    if (failures.length > 0) throw failures[0];
    return { reports, asked: opened.asked(), seconds: (isOver - start.getTime()) / 1000, reads };
  } finally {
    await opened.close();
  }
}
