import type { ChannelName } from '../../contract.ts';
import { alarmOf } from '../alarms.ts';
import { ChannelError } from '../channel.ts';
import { beginByOf } from '../deadline.ts';
import { CHANNELS } from '../order.ts';
import { judgeAwaited } from './awaited.ts';
import type { BillSource } from './bill.ts';
import { compareDay, isOf } from './compare-day.ts';
import { dateOf, datesWithBill } from './dates.ts';
import { type BillDay, newBillDay } from './day.ts';
import type { BillPorts } from './ports.ts';

/** How a run went. */
export interface BillsReport {
  /** Days that were compared to their end in this run. */
  readonly finished: readonly BillDay[];
  /** The newest day that has a bill, of each channel through which there was something, once all of them are done. */
  readonly newest: readonly BillDay[];
  /** False when there are days whose bill is there and that are not done. */
  readonly complete: boolean;
}

/**
 * Compares every day of the last thirty that is not done, the oldest first, with what the payment side says of it: both ways, to the
 * fen. What is missing here is asked for and settled; what differs otherwise raises an alarm. When time is over, the next run
 * goes on; where nothing is to be done, it costs one read of the database for each channel.
 */
export async function reconcileBills(ports: BillPorts): Promise<BillsReport> {
  const finished: BillDay[] = [];
  const newest: BillDay[] = [];
  let complete = true;
  for (const channel of CHANNELS) {
    const source = ports.channelOf({ channel }).bills;
    if (!source) continue;
    const days = await reconcileChannel(ports, channel, source);
    finished.push(...days.finished);
    newest.push(...days.newest);
    complete &&= days.complete;
  }
  return {
    finished,
    newest: newest.every(({ state }) => state === 'DONE') ? newest.filter(isEventful) : [],
    complete,
  };
}

function isEventful({ channel, payments, refunds, differences }: BillDay): boolean {
  const { repaired, alarmed } = differences;
  return channel === CHANNELS[0] || payments.count + refunds.count + repaired + alarmed > 0;
}

async function reconcileChannel(
  ports: BillPorts,
  channel: ChannelName,
  source: BillSource,
): Promise<BillsReport> {
  const dates = datesWithBill(ports.clock.now());
  const days = new Map((await ports.bills.among(channel, dates)).map((day) => [day.bill_date, day]));
  const open = openAmong(dates, days);
  const shop = open.length > 0 ? await ports.billed.span() : undefined;
  const finished: BillDay[] = [];
  const last = dates.at(-1) ?? '';
  const newest = () => [days.get(last)].filter((day) => day !== undefined);
  if (!shop) return { finished, newest: newest(), complete: true };
  const beginBy = beginByOf(ports.deadline);
  const isOver = () => ports.clock.now() >= beginBy;
  const first = dateOf(shop.first);
  let complete = true;
  for (const bill_date of open.filter((date) => date >= first)) {
    const day = isOver()
      ? undefined
      : (days.get(bill_date) ?? (await begin(ports, { channel, bill_date, source })));
    const isLast = bill_date < last;
    const after = day && (await compared(ports, { day, source, appid: shop.appid, isLast, isOver }));
    if (after) days.set(bill_date, after);
    if (after?.state === 'DONE') finished.push(after);
    else complete = false;
    if (after === undefined) break;
  }
  await judgeAwaited(ports, { days, isOurs: isOf({ source, appid: shop.appid }) });
  return { finished, newest: newest(), complete };
}

/** The days that are not done. Nothing was sold before the oldest that is written: days are done from the oldest on. */
function openAmong(dates: readonly string[], days: ReadonlyMap<string, BillDay>): readonly string[] {
  const begun = dates.findIndex((date) => days.has(date));
  return dates.slice(Math.max(0, begun)).filter((date) => days.get(date)?.state !== 'DONE');
}

async function begin(
  { bills, clock }: BillPorts,
  { channel, bill_date, source }: { channel: ChannelName; bill_date: string; source: BillSource },
): Promise<BillDay | undefined> {
  const hasBill = source.download !== undefined;
  const day = newBillDay({ channel, bill_date, now: clock.now(), hasBill });
  return (await bills.add(day)) ? day : undefined;
}

/** The day as it is then; undefined where nothing more is to be done in this run: another has it, or WeChat gives none. */
async function compared(
  ports: BillPorts,
  work: Parameters<typeof compareDay>[1],
): Promise<BillDay | undefined> {
  const { channel, bill_date } = work.day;
  try {
    const outcome = await compareDay(ports, work);
    if (outcome.kind === 'taken') return undefined;
    const { state, payments, refunds, differences } = outcome.day;
    ports.logger.info('bill.compared', {
      ...{ channel, bill_date, state, payments: payments.count, refunds: refunds.count },
      ...differences,
    });
    return outcome.day;
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    const { reason: code, message } = error;
    ports.logger.warn('bill.failed', { channel, bill_date, code, message });
    const raised = alarmOf(error, ports.clock.now());
    if (raised) await ports.alarms.raise(raised);
    return undefined;
  }
}
