import PQueue from 'p-queue';
import { alarmOfOrder } from '../alarms.ts';
import { ChannelError } from '../channel.ts';
import type { Ports } from '../ports.ts';
import { isUnreadable } from '../unreadable.ts';
import type { Tally } from './tally.ts';

/** How many orders are asked about at once. */
const QUESTIONS = 20;

/** Work on one order of a day. */
export interface Task {
  readonly out_trade_no: string;
  readonly run: () => Promise<void>;
}

/**
 * Does the work, some of it at once, and begins none when time is over; false then. An order of which the payment side gives no
 * clear answer, or whose documents cannot be read, is counted, and the others go on.
 * @throws ChannelError PATIENCE or MISCONFIGURED: nothing more is to be asked
 */
export async function doInTurn(
  ports: Ports,
  { tally, isOver }: { readonly tally: Tally; readonly isOver: () => boolean },
  tasks: readonly Task[],
): Promise<boolean> {
  const queue = new PQueue({ concurrency: QUESTIONS });
  let isDone = true;
  let stopped: ChannelError | undefined;
  const work = async (task: Task) => {
    if (isOver() || stopped) {
      isDone = false;
      return;
    }
    const failure = await attempt(ports, tally, task);
    // Others ended meanwhile: what one of them stopped for stays.
    stopped ??= failure;
  };
  await queue.addAll(tasks.map((task) => () => work(task)));
  if (stopped) throw stopped;
  return isDone;
}

/** Answers the failure after which nothing more is to be asked. */
async function attempt(
  { logger, alarms, clock }: Ports,
  tally: Tally,
  { out_trade_no, run }: Task,
): Promise<ChannelError | undefined> {
  try {
    await run();
  } catch (error) {
    const isOfChannel = error instanceof ChannelError;
    if (!isOfChannel && !isUnreadable(error)) throw error;
    if (isOfChannel && (error.code === 'PATIENCE' || error.code === 'MISCONFIGURED')) return error;
    const code = isOfChannel ? error.reason : 'DOCUMENT_UNREADABLE';
    const { bill_date } = tally;
    logger.warn('bill.order_unclear', { out_trade_no, bill_date, code, message: error.message });
    tally.countUnclear();
    const raised = alarmOfOrder(error, out_trade_no, clock.now());
    if (raised) await alarms.raise(raised);
  }
  return undefined;
}
