import PQueue from 'p-queue';
import { alarmOf } from '../alarms.ts';
import { ChannelError } from '../channel.ts';
import type { Ports } from '../ports.ts';
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
 * clear answer is counted, and the others go on.
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
    if (isOver() || stopped) isDone = false;
    else stopped ??= await attempt(ports, tally, task);
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
    if (!(error instanceof ChannelError)) throw error;
    if (error.code === 'PATIENCE' || error.code === 'MISCONFIGURED') return error;
    const { reason: code, message } = error;
    logger.warn('bill.order_unclear', { out_trade_no, bill_date: tally.bill_date, code, message });
    tally.countUnclear();
    const raised = alarmOf(error, clock.now());
    if (raised) await alarms.raise(raised);
  }
  return undefined;
}
