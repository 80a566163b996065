import { type AlarmCode, alarm } from '../alarms.ts';
import { dateBeside } from './dates.ts';
import { type BillDay, type BillDetail, DETAILS_MAX } from './day.ts';
import type { BilledOrder, BillPorts, EndedRefund } from './ports.ts';
import { unbilledRefunds } from './unbilled-refunds.ts';

/** The most refunds of a day that are each told of. */
const REFUND_ALARMS_MAX = 100;

/** What is booked here, and no bill has. */
interface Missing {
  readonly code: AlarmCode;
  /** An out_trade_no, or the day where there are too many. */
  readonly subject: string;
  readonly message: string;
  readonly detail: Omit<BillDetail, 'kind' | 'code'>;
}

/**
 * What was paid or given back here on a day and is not in its bill: once the bill of the day after is compared as well, payments
 * that are in neither of the bills beside it, and refunds that are in none, call for a human. What may be in a bill that is still
 * to be read waits for it.
 *
 * @param of.days the days of one channel, as they are written
 * @param of.isOurs whether an order is one of the merchant and app whose bills they are
 */
export async function judgeAwaited(
  ports: BillPorts,
  { days, isOurs }: { days: ReadonlyMap<string, BillDay>; isOurs: (order: BilledOrder) => boolean },
): Promise<void> {
  for (const day of days.values()) {
    const isJudged = day.awaited.length === 0 && day.refunds_judged !== false;
    if (day.state !== 'DONE' || isJudged) continue;
    const after = days.get(dateBeside(day.bill_date, 1));
    if (after?.state !== 'DONE') continue;
    const before = days.get(dateBeside(day.bill_date, -1));
    const isEarly = before !== undefined && before.state !== 'DONE';
    const awaited = isEarly ? day.awaited : [];
    const found = new Set([...after.beside, ...(before?.beside ?? []), ...awaited]);
    const unpaid = day.awaited.filter((out_trade_no) => !found.has(out_trade_no));
    const unbilled = await unbilledRefunds(ports, day, { days, isOurs });
    const refunds_judged = unbilled.kind === 'known';
    const isNew = awaited.length < day.awaited.length || (refunds_judged && day.refunds_judged === false);
    if (!isNew) continue;
    const missing = [...payments(day, unpaid), ...(refunds_judged ? refunds(day, unbilled.refunds) : [])];
    await judge(ports, day, { missing, awaited, refunds_judged });
  }
}

/** The alarms come first: where the day cannot be written, they come again, and are the same. */
async function judge(
  { alarms, bills, clock }: BillPorts,
  day: BillDay,
  {
    missing,
    awaited,
    refunds_judged,
  }: { missing: readonly Missing[]; awaited: string[]; refunds_judged: boolean },
): Promise<void> {
  for (const { code, subject, message } of missing)
    await alarms.raise(alarm(code, subject, message, clock.now()));
  const details = missing.map(({ code, detail }) => ({ kind: 'alarmed' as const, code, ...detail }));
  const { differences } = day;
  await bills.save(day, {
    ...day,
    awaited,
    ...(day.refunds_judged !== undefined && { refunds_judged }),
    details: [...day.details, ...details].slice(0, DETAILS_MAX),
    differences: { ...differences, alarmed: differences.alarmed + missing.length },
  });
}

function payments({ bill_date }: BillDay, numbers: readonly string[]): Missing[] {
  const message = `Paid here on ${bill_date}, and neither in that day's bill nor in the next one's.`;
  return numbers.map((out_trade_no) => ({
    ...{ code: 'BILL_PAYMENT_MISSING', subject: out_trade_no, message, detail: { out_trade_no, fee: 0 } },
  }));
}

function refunds({ _id, bill_date }: BillDay, unbilled: readonly EndedRefund[]): Missing[] {
  const code = 'BILL_REFUND_MISSING';
  if (unbilled.length > REFUND_ALARMS_MAX) {
    const message = `${unbilled.length} refunds that were booked here on ${bill_date} are in no bill. Are they bills of this merchant and app?`;
    return [{ code, subject: _id, message, detail: { out_trade_no: _id, fee: 0 } }];
  }
  return unbilled.map(({ _id: out_refund_no, out_trade_no, refund_fee: fee }) => {
    const message = `The refund ${out_refund_no} of ${fee} fen was booked here on ${bill_date}, and is in no bill up to the next day's.`;
    return { code, subject: out_trade_no, message, detail: { out_trade_no, out_refund_no, fee } };
  });
}
