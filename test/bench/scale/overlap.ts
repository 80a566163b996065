import { SWEEP_QUESTIONS } from '../../../cloudfunctions/_shared/order/lanes.ts';
import { overlap as overlapped } from '../../order/overlap.ts';
import type { Look, Row } from '../row.ts';

const ORDERS = 100_000;
/** All of them came due within so long, as they do after an outage. */
const DUE_WITHIN_MS = 30 * 60_000;
const WECHAT_MS = { least: 80, most: 200 };
const DATABASE_MS = { least: 5, most: 15 };
const IDEAL_PER_SECOND = SWEEP_QUESTIONS / ((WECHAT_MS.least + WECHAT_MS.most) / 2000);
const RUNS = [1, 2, 4] as const;

/**
 * Runs of queryOrders that begin together while more is due than they can ask about: what each still does of its own rate. In
 * simulated time, so that it says how they share the work, and nothing of this machine.
 */
export const overlap: Look = {
  name: 'overlap',
  isOnRequest: true,
  async look(scale) {
    const count = Math.ceil(ORDERS * Math.max(scale, 0.3));
    const rows: Row[] = [];
    for (const runs of RUNS) rows.push(await measure(runs, count));
    return rows;
  },
};

async function measure(runs: number, count: number): Promise<Row> {
  const { reports, asked, seconds, reads } = await overlapped({
    due: Array.from({ length: count }, (_, n) => (n * DUE_WITHIN_MS) / count),
    begins: Array.from({ length: runs }, () => 0),
    seed: runs,
    database: [DATABASE_MS.least, DATABASE_MS.most],
    wechat: [WECHAT_MS.least, WECHAT_MS.most],
  });
  if (new Set(asked).size !== asked.length) throw new Error('Two runs asked about one order.');
  const sum = (of: (report: NonNullable<(typeof reports)[number]>) => number) =>
    reports.reduce((total, report) => total + (report ? of(report) : Number.NaN), 0);
  const total = sum((report) => report.asked);
  if (total !== asked.length || sum(({ failed }) => failed) > 0) throw new Error(JSON.stringify(reports));
  const pages = reads.reduce((all, each) => all + each, 0);
  return {
    what: `queryOrders, ${runs} at once among ${count} due, simulated`,
    peer: `${runs} × ${SWEEP_QUESTIONS} / WeChat's latency`,
    measured: total / seconds / (runs * IDEAL_PER_SECOND),
    goal: 0.9,
    isLeast: true,
    unit: '×',
    runs,
    seen: `${total} asked in ${seconds.toFixed(0)} s, none twice; ${sum(({ skipped }) => skipped)} claims lost, ${pages} pages read`,
  };
}
