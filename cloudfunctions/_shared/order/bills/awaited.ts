import { alarm } from '../alarms.ts';
import { dateBeside } from './dates.ts';
import { type BillDay, DETAILS_MAX } from './day.ts';
import type { BillPorts } from './ports.ts';

/**
 * Orders that were paid here on a day and are not in its bill: once the bill of the day after is compared as well, those that
 * are in neither of the bills beside it call for a human.
 *
 * @param days the days of one channel, as they are written
 */
export async function judgeAwaited(ports: BillPorts, days: ReadonlyMap<string, BillDay>): Promise<void> {
  for (const day of days.values()) {
    if (day.state !== 'DONE' || day.awaited.length === 0) continue;
    const after = days.get(dateBeside(day.bill_date, 1));
    if (after?.state !== 'DONE') continue;
    const found = new Set([...after.beside, ...(days.get(dateBeside(day.bill_date, -1))?.beside ?? [])]);
    await judge(
      ports,
      day,
      day.awaited.filter((out_trade_no) => !found.has(out_trade_no)),
    );
  }
}

/** The alarms come first: where the day cannot be written, they come again, and are the same. */
async function judge(
  { alarms, bills, clock }: BillPorts,
  day: BillDay,
  missing: readonly string[],
): Promise<void> {
  const code = 'BILL_PAYMENT_MISSING';
  const message = `Paid here on ${day.bill_date}, and neither in that day's bill nor in the next one's.`;
  for (const out_trade_no of missing) await alarms.raise(alarm(code, out_trade_no, message, clock.now()));
  const details = missing.map((out_trade_no) => ({ kind: 'alarmed', out_trade_no, code, fee: 0 }) as const);
  const { differences } = day;
  await bills.save(day, {
    ...day,
    awaited: [],
    details: [...day.details, ...details].slice(0, DETAILS_MAX),
    differences: { ...differences, alarmed: differences.alarmed + missing.length },
  });
}
