import { alarmOfOrder } from './alarms.ts';
import { ChannelError } from './channel.ts';
import { beginByOf } from './deadline.ts';
import { withEachDue } from './each-due.ts';
import { inLane, type Lane, Lanes } from './lanes.ts';
import { isUnsettled, type Order } from './order.ts';
import type { Orders, Ports } from './ports.ts';
import { type Turn, takeTurn } from './turn.ts';

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
 * Bounded in time and in memory: what is left stays due for the next run. Runs at once ask about each order once, and
 * share what is due (stretch.ts). A lane in which WeChat asks for patience, or does not accept us, is asked nothing more in this run, and the others are.
 */
export async function sweep(ports: Ports): Promise<SweepReport> {
  const report: SweepReport = { asked: 0, settled: 0, skipped: 0, failed: 0, complete: false };
  const beginBy = beginByOf(ports.deadline);
  const lanes = new Lanes();
  const isOver = () => ports.clock.now() >= beginBy;
  const work = async (order: Order, lane: Lane, noteClaim: (isClaimed: boolean) => void) => {
    const channelOf: Ports['channelOf'] = (of) => inLane(ports.channelOf(of), lane);
    const orders = notingClaim(ports.orders, noteClaim);
    try {
      count(report, await takeTurn({ ...ports, orders, channelOf }, order));
    } catch (error) {
      report.failed++;
      await note(ports, order, error);
    }
  };
  const complete = await withEachDue(ports.orders, { now: ports.clock.now(), lanes, isOver, work });
  const isStopped = lanes.all.some(({ stopped }) => stopped !== undefined);
  return { ...report, complete: complete && !isStopped && !isOver() };
}

/** The same orders. The first claim of a turn is the one that takes the order: whether it was won is noted. */
function notingClaim(orders: Orders, note: (isClaimed: boolean) => void): Orders {
  let isFirst = true;
  return {
    ...orders,
    async claim(from, change) {
      const isTaking = isFirst;
      isFirst = false;
      const isClaimed = await orders.claim(from, change);
      if (isTaking) note(isClaimed);
      return isClaimed;
    },
  };
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
  const raised = alarmOfOrder(error, order._id, clock.now());
  if (raised) await alarms.raise(raised);
}

function described(error: unknown): ChannelError['facts'] {
  if (!(error instanceof Error)) return { code: 'UNEXPECTED', message: String(error) };
  if (error instanceof ChannelError) return error.facts;
  return { code: 'code' in error ? String(error.code) : 'UNEXPECTED', message: error.message };
}
