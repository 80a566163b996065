import { deadlineOf, TIMER_RUN_MS } from '../../../cloudfunctions/_shared/order/deadline.ts';
import { SWEEP_QUESTIONS } from '../../../cloudfunctions/_shared/order/lanes.ts';
import { sweep } from '../../../cloudfunctions/_shared/order/sweep.ts';
import { openPorts, unpaid } from '../../order/ports.ts';
import { BIRTH, later, sampleOrder } from '../../order/samples.ts';
import type { Look, Row } from '../row.ts';

const ORDERS = 100_000;
/** Four times what WeChat takes, so that four runs at once do not wait for the one processor they share here. */
const WECHAT_MS = { least: 320, most: 800 };
const DATABASE_MS = 10;
const IDEAL_PER_SECOND = SWEEP_QUESTIONS / ((WECHAT_MS.least + WECHAT_MS.most) / 2000);
const RUNS = [1, 2, 4] as const;

/** Runs of queryOrders that overlap while more is due than they can ask about: what each still does of its own rate. */
export const overlap: Look = {
  name: 'overlap',
  isOnRequest: true,
  async look(scale) {
    const count = Math.ceil(ORDERS * Math.max(scale, 0.3));
    const now = later(10 * 60_000);
    const { least, most } = WECHAT_MS;
    const opened = await openPorts({
      now,
      databaseMs: DATABASE_MS,
      async answer(question) {
        await new Promise((resolve) => setTimeout(resolve, least + Math.random() * (most - least)));
        return unpaid(question);
      },
    });
    try {
      for (let n = 0; n < count; n++) {
        const _id = String(n).padStart(32, '0');
        await opened.add(sampleOrder({ _id, next_query_at: later(n % 500_000), created_at: BIRTH }));
      }
      const rows: Row[] = [];
      for (const runs of RUNS) rows.push(await measure(opened, runs, count));
      return rows;
    } finally {
      await opened.close();
    }
  },
};

async function measure(
  opened: Awaited<ReturnType<typeof openPorts>>,
  runs: number,
  count: number,
): Promise<Row> {
  const before = opened.asked().length;
  const began = performance.now();
  const born = opened.ports.clock.now().getTime();
  // The clock of these ports stands; a run must see its time go by.
  const clock = { now: () => new Date(born + performance.now() - began) };
  const ports = { ...opened.ports, clock, deadline: deadlineOf(clock.now(), TIMER_RUN_MS) };
  const reports = await Promise.all(Array.from({ length: runs }, () => sweep(ports)));
  const seconds = (performance.now() - began) / 1000;
  const asked = opened.asked().slice(before);
  const total = reports.reduce((sum, report) => sum + report.asked, 0);
  if (new Set(asked).size !== asked.length) throw new Error('Two runs asked about one order.');
  if (total !== asked.length || reports.some(({ failed, complete }) => failed > 0 || complete))
    throw new Error(JSON.stringify(reports));
  const skipped = reports.reduce((sum, report) => sum + report.skipped, 0);
  return {
    what: `queryOrders, ${runs} at once among ${count} due`,
    peer: `${runs} × ${SWEEP_QUESTIONS} / WeChat's latency`,
    measured: total / seconds / (runs * IDEAL_PER_SECOND),
    goal: 0.8,
    isLeast: true,
    unit: '×',
    isOfMachine: true,
    runs,
    seen: `${total} asked in ${seconds.toFixed(0)} s, none twice; ${skipped} were another run's`,
  };
}
