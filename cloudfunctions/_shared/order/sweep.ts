import PQueue from 'p-queue';
import { alarmOf } from './alarms.ts';
import { ChannelError, type ChannelErrorCode, type PaymentChannel } from './channel.ts';
import { beginByOf } from './deadline.ts';
import { isUnsettled, type Order } from './order.ts';
import type { DueFrom, Ports } from './ports.ts';
import { type Turn, takeTurn } from './turn.ts';

/** How many questions to WeChat are under way at once: 10,000 due orders in half a minute at WeChat's usual 140 ms. */
export const SWEEP_QUESTIONS = 50;
/** How many orders are in hand: those WeChat is asked about, and beside them some that are being taken or settled. */
const SWEEP_ORDERS_IN_HAND = 80;
/** How many orders are read at a time. The next are read when fewer than that wait. */
export const SWEEP_PAGE_ORDERS = 200;

/** How a run went, in orders. */
export interface SweepReport {
  /** WeChat was asked about so many, or about a refund of theirs. */
  asked: number;
  /** So many of them are settled now. */
  settled: number;
  /** Another run, or the shopper's page, had these in hand. */
  skipped: number;
  /** These failed, or cannot be asked about; they come due again. */
  failed: number;
  /** False when time ran out, or WeChat asked for patience, before everything due was done. */
  complete: boolean;
}

/**
 * Asks WeChat about every order that was due when the run began, and settles or closes it. It is one stream: orders are
 * read on while WeChat is asked about those before, none is read twice, and one that is slow or fails holds up nobody.
 * Bounded in time and in memory: what is left stays due for the next run. Two runs at once ask about each order once.
 */
export async function sweep(ports: Ports): Promise<SweepReport> {
  const report: SweepReport = { asked: 0, settled: 0, skipped: 0, failed: 0, complete: false };
  const beginBy = beginByOf(ports.deadline);
  let stopped: ChannelError | undefined;
  const isOver = () => stopped !== undefined || ports.clock.now() >= beginBy;

  const questions = new PQueue({ concurrency: SWEEP_QUESTIONS });
  const turn: InTurn = (ask) =>
    questions.add(async () => {
      if (stopped) throw stopped;
      try {
        return await ask();
      } catch (error) {
        if (endsTheRun(error)) stopped = error;
        throw error;
      }
    });
  const channelOf: Ports['channelOf'] = (order) => inTurn(ports.channelOf(order), turn);
  const complete = await withEachDue(ports, isOver, async (order) => {
    try {
      count(report, await takeTurn({ ...ports, channelOf }, order));
    } catch (error) {
      report.failed++;
      await note(ports, order, error);
    }
  });
  return { ...report, complete: complete && !isOver() };
}

/** Does the work with every due order, or with as many as there are before it is over. False when some were not read. */
async function withEachDue(
  { orders, clock }: Ports,
  isOver: () => boolean,
  work: (order: Order) => Promise<void>,
): Promise<boolean> {
  const now = clock.now();
  const inHand = new PQueue({ concurrency: SWEEP_ORDERS_IN_HAND });
  const bugs: unknown[] = [];
  let from: DueFrom | undefined;
  try {
    do {
      if (isOver()) return false;
      const page = await orders.due(now, { limit: SWEEP_PAGE_ORDERS, from });
      for (const order of page.orders) {
        const task = async () => (isOver() ? undefined : work(order));
        inHand.add(task).catch((bug: unknown) => bugs.push(bug));
      }
      from = page.next;
      await inHand.onSizeLessThan(SWEEP_PAGE_ORDERS);
    } while (from && bugs.length === 0);
  } finally {
    await inHand.onIdle();
  }
  if (bugs.length > 0) throw bugs[0];
  return true;
}

type InTurn = <Answer>(ask: () => Promise<Answer>) => Promise<Answer>;

/** A channel whose questions wait for their turn. */
function inTurn(channel: PaymentChannel, turn: InTurn): PaymentChannel {
  const { close } = channel;
  return {
    ...channel,
    prepare: (order) => turn(() => channel.prepare(order)),
    query: (order) => turn(() => channel.query(order)),
    close: close && ((order) => turn(() => close(order))),
    refund: (order, refund) => turn(() => channel.refund(order, refund)),
    queryRefund: (order, out_refund_no) => turn(() => channel.queryRefund(order, out_refund_no)),
    listRefunds: (order) => turn(() => channel.listRefunds(order)),
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

/** WeChat asks for fewer questions, or does not accept us: asking on, fifty at a time, would only make it worse. */
const ENDS_THE_RUN: ReadonlySet<ChannelErrorCode> = new Set(['PATIENCE', 'MISCONFIGURED']);

function endsTheRun(error: unknown): error is ChannelError {
  return error instanceof ChannelError && ENDS_THE_RUN.has(error.code);
}

async function note({ logger, alarms, clock }: Ports, order: Order, error: unknown): Promise<void> {
  const { code, message } = described(error);
  const log = error instanceof ChannelError ? logger.warn : logger.error;
  log('order.query_failed', { out_trade_no: order._id, code, message });
  const raised = alarmOf(error, clock.now());
  if (raised) await alarms.raise(raised);
}

function described(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'UNEXPECTED', message: String(error) };
  if (error instanceof ChannelError) return { code: error.reason, message: error.message };
  return { code: 'code' in error ? String(error.code) : 'UNEXPECTED', message: error.message };
}
