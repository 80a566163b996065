import { alarm } from '../alarms.ts';
import type { ChannelError } from '../channel.ts';
import { askAboutPaid, lookBackAtPaid } from './ask-paid.ts';
import type { Bill, BillSource } from './bill.ts';
import { compareBill } from './compare-bill.ts';
import { eachPaid } from './compare-paid.ts';
import { beginOf, daysBefore, endOf } from './dates.ts';
import type { BillCursor, BillDay } from './day.ts';
import type { BilledOrder, BillPorts } from './ports.ts';
import { Tally } from './tally.ts';

/** The database gives so many orders at most at a time. */
const ORDERS_A_PAGE = 1000;
/** So many days after its payment an order is looked at once more, where there is no bill. The oldest come first. */
const LOOK_BACK_DAYS = [30, 7];
/** So many orders are asked about between two looks at the time. */
const QUESTIONS_A_PAGE = 100;

/** A day's work within a run. */
export interface DayWork {
  readonly day: BillDay;
  readonly source: BillSource;
  readonly appid: string;
  /** Whether the bill of a later day is there: what is missing now will not come by itself. */
  readonly isLast: boolean;
  /** Whether no more work may begin. */
  readonly isOver: () => boolean;
}

/** How a day is left: `taken` where another run has it. */
export type DayOutcome = { readonly kind: 'written'; readonly day: BillDay } | { readonly kind: 'taken' };

/**
 * Compares one day, or a part of it, and writes how far it came.
 * @throws ChannelError
 */
export async function compareDay(ports: BillPorts, work: DayWork): Promise<DayOutcome> {
  const { source, day, appid } = work;
  if (!source.download) return askDay(ports, work);
  const bill = await source.download({ appid, bill_date: day.bill_date });
  if (bill.kind === 'bill') return readDay(ports, work, bill);
  ports.logger.info('bill.not_ready', { channel: day.channel, bill_date: day.bill_date });
  if (work.isLast) {
    const message =
      'A day later WeChat still says that the bill is being made. Look for it in the merchant platform.';
    await ports.alarms.raise(alarm('BILL_UNAVAILABLE', day._id, message, ports.clock.now()));
  }
  return { kind: 'written', day };
}

/** With the payment side's bill. */
async function readDay(ports: BillPorts, work: DayWork, bill: Bill): Promise<DayOutcome> {
  const { day, isLast, isOver } = work;
  const tally = new Tally(day);
  const read = await compareBill(ports, { bill, tally, cursor: day.cursor, isLast, isOver });
  switch (read.kind) {
    case 'changed': {
      ports.logger.warn('bill.changed', { channel: day.channel, bill_date: day.bill_date });
      return readDay(ports, { ...work, day: { ...day, cursor: null } }, bill);
    }
    case 'not-whole': {
      const message = `The bill cannot be relied on: ${read.problem}. It is read again; what it had was compared.`;
      await tally.raise(ports, { code: 'BILL_UNREADABLE', out_trade_no: day._id, fee: 0, message });
      return write(ports, work, tally, null);
    }
    case 'stopped':
      return stop(ports, work, tally, { at: read.at, error: read.error });
    case 'whole': {
      const paid_from = day.cursor?.paid_from ?? null;
      const paid = await eachPaid(ports, { tally, paid_from, isOver, limit: ORDERS_A_PAGE }, (orders) =>
        awaitMissing(
          ports,
          tally,
          orders.filter(isOf(work)).filter(({ _id }) => !read.numbers.has(_id)),
        ),
      );
      return paid.kind === 'whole'
        ? finish(ports, work, tally)
        : stop(ports, work, tally, { at: { ...read.at, paid_from: paid.from }, error: paid.error });
    }
  }
}

/**
 * Without one. Orders of the day are asked about, and before them those of some days ago once more: nobody may report a refund that
 * was made elsewhere since. The days come one after the other, so that the place where a run ended says in which it was.
 */
async function askDay(ports: BillPorts, work: DayWork): Promise<DayOutcome> {
  const { day, isOver } = work;
  const tally = new Tally(day);
  const cursor = day.cursor?.paid_from ?? null;
  const dates = [...LOOK_BACK_DAYS.map((days) => daysBefore(day.bill_date, days)), day.bill_date];
  for (const bill_date of dates) {
    if (cursor && cursor.time_end >= endOf(bill_date)) continue;
    const paid_from = cursor && cursor.time_end >= beginOf(bill_date) ? cursor : null;
    const ask = bill_date === day.bill_date ? askAboutPaid : lookBackAtPaid;
    const how = { tally, bill_date, paid_from, isOver, limit: QUESTIONS_A_PAGE };
    const paid = await eachPaid(ports, how, (orders) =>
      ask(ports, { tally, isOver }, orders.filter(isOf(work))),
    );
    if (paid.kind === 'whole') continue;
    const at = { lines: 0, digest: '', paid_from: paid.from };
    return stop(ports, work, tally, { at, error: paid.error });
  }
  return finish(ports, work, tally);
}

/** Whether an order is one of the day's merchant and app. */
export function isOf({ source, appid }: Pick<DayWork, 'source' | 'appid'>) {
  return (order: BilledOrder) => order.mch_id === source.mch_id && order.appid === appid;
}

/** Paid here and not in the bill: the bills of the days beside this one may have it. */
async function awaitMissing(ports: BillPorts, tally: Tally, missing: readonly BilledOrder[]): Promise<true> {
  const tooMany = missing.map(({ _id }) => tally.awaits(_id)).some((noted) => noted === 'too-many');
  if (!tooMany) return true;
  const message =
    'So many orders that were paid here are not in the bill that they are not listed. Is it the bill of this merchant and app?';
  await tally.raise(ports, { code: 'BILL_PAYMENT_MISSING', out_trade_no: tally.dayId, fee: 0, message });
  return true;
}

/** Done, unless the payment side left something open: then the day is read once more. */
async function finish(ports: BillPorts, work: DayWork, tally: Tally): Promise<DayOutcome> {
  if (!tally.isClear) return write(ports, work, tally, null);
  return save(ports, work, tally.change({ state: 'DONE', finished_at: ports.clock.now() }));
}

/** Writes where the next run goes on, then fails with what ended this one, if it did not end by time. */
async function stop(
  ports: BillPorts,
  work: DayWork,
  tally: Tally,
  { at, error }: { at: Pick<BillCursor, 'lines' | 'digest' | 'paid_from'>; error: ChannelError | undefined },
): Promise<DayOutcome> {
  const outcome = await write(ports, work, tally, at);
  if (error) throw error;
  return outcome;
}

function write(
  ports: BillPorts,
  work: DayWork,
  tally: Tally,
  cursor: Pick<BillCursor, 'lines' | 'digest' | 'paid_from'> | null,
): Promise<DayOutcome> {
  return save(ports, work, tally.change({ state: 'OPEN', cursor }));
}

async function save(
  { bills }: BillPorts,
  { day }: DayWork,
  change: Parameters<BillPorts['bills']['save']>[1],
): Promise<DayOutcome> {
  if (!(await bills.save(day, change))) return { kind: 'taken' };
  return { kind: 'written', day: { ...day, ...change, revision: day.revision + 1 } };
}
