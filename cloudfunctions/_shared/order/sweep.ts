import { alarmOf } from './alarms.ts';
import { ChannelError } from './channel.ts';
import { beginByOf } from './deadline.ts';
import { inLane, type Lane, Lanes, SWEEP_PAGE_ORDERS } from './lanes.ts';
import { isUnsettled, type Order } from './order.ts';
import type { DueFrom, Ports } from './ports.ts';
import { type Turn, takeTurn } from './turn.ts';

/** So many orders of one lane wait at most; of one that is slow the others stay due. */
const SWEEP_WAITING_MAX = 10 * SWEEP_PAGE_ORDERS;

/** How a run went, in orders. */
export interface SweepReport {
  /** WeChat was asked about so many, or about a refund of theirs. */
  asked: number;
  /** So many of them are settled now. */
  settled: number;
  /** Another run, or the shopper's page, had claimed these. */
  skipped: number;
  /** These failed, or cannot be asked about; they come due again. */
  failed: number;
  /** False when time ran out, or WeChat asked for patience, before everything due was done. */
  complete: boolean;
}

/**
 * Asks WeChat about every order that was due when the run began, and settles or closes it. It is one stream: orders are
 * read on while WeChat is asked about those before, none is read twice, and one that is slow or fails delays no other.
 * Bounded in time and in memory: what is left stays due for the next run. Two runs at once ask about each order once. A
 * lane in which WeChat asks for patience, or does not accept us, is asked nothing more in this run, and the others are.
 */
export async function sweep(ports: Ports): Promise<SweepReport> {
  const report: SweepReport = { asked: 0, settled: 0, skipped: 0, failed: 0, complete: false };
  const beginBy = beginByOf(ports.deadline);
  const lanes = new Lanes();
  const isOver = () => ports.clock.now() >= beginBy;
  const complete = await withEachDue(ports, { lanes, isOver }, async (order, lane) => {
    const channelOf: Ports['channelOf'] = (of) => inLane(ports.channelOf(of), lane);
    try {
      count(report, await takeTurn({ ...ports, channelOf }, order));
    } catch (error) {
      report.failed++;
      await note(ports, order, error);
    }
  });
  const isStopped = lanes.all.some(({ stopped }) => stopped !== undefined);
  return { ...report, complete: complete && !isStopped && !isOver() };
}

/** Does the work with every due order, or with as many as there are before it is over. False when some were not read. */
async function withEachDue(
  { orders, clock }: Ports,
  { lanes, isOver }: { lanes: Lanes; isOver: () => boolean },
  work: (order: Order, lane: Lane) => Promise<void>,
): Promise<boolean> {
  const now = clock.now();
  const bugs: unknown[] = [];
  let isEveryOne = true;
  let from: DueFrom | undefined;
  try {
    do {
      if (isOver()) return false;
      const page = await orders.due(now, { limit: SWEEP_PAGE_ORDERS, from });
      for (const order of page.orders) {
        const lane = lanes.of(order);
        const task = async () => (isOver() || lane.stopped ? undefined : work(order, lane));
        if (lane.orders.size < SWEEP_WAITING_MAX)
          lane.orders.add(task).catch((bug: unknown) => bugs.push(bug));
        else isEveryOne = false;
      }
      from = page.next;
      await lanes.ready();
    } while (from && bugs.length === 0);
  } finally {
    await Promise.all(lanes.all.map((lane) => lane.orders.onIdle()));
  }
  if (bugs.length > 0) throw bugs[0];
  return isEveryOne;
}

function count(report: SweepReport, turn: Turn): void {
  switch (turn.kind) {
    case 'asked':
      report.asked++;
      if (!isUnsettled(turn.order)) report.settled++;
      return;
    case 'refund':
      report.asked++;
      return;
    case 'taken':
      report.skipped++;
      return;
    case 'unaskable':
      report.failed++;
      return;
  }
}

async function note({ logger, alarms, clock }: Ports, order: Order, error: unknown): Promise<void> {
  const log = error instanceof ChannelError ? logger.warn : logger.error;
  log('order.query_failed', { out_trade_no: order._id, ...described(error) });
  const raised = alarmOf(error, clock.now());
  if (raised) await alarms.raise(raised);
}

function described(error: unknown): ChannelError['facts'] {
  if (!(error instanceof Error)) return { code: 'UNEXPECTED', message: String(error) };
  if (error instanceof ChannelError) return error.facts;
  return { code: 'code' in error ? String(error.code) : 'UNEXPECTED', message: error.message };
}
