import { beginOf, dateOf, datesWithBill, endOf } from '../../cloudfunctions/_shared/order/bills/dates.ts';
import { chinaMinute } from '../china-time.ts';
import { readCron } from '../local/cloud/functions/cron.ts';
import { functions } from '../manifest.ts';

/** What is said of a day that no run has begun with, and of all of them where there is none: why, and when one will. */
export function whyUncompared(bill_date: string | undefined, now: Date): string {
  if (bill_date === undefined)
    return `No day was compared yet. A day is compared the next morning, the first one at which something was sold. The next run of reconcileBills: ${next(now)}.`;
  const day = `${bill_date.slice(0, 4)}-${bill_date.slice(4, 6)}-${bill_date.slice(6)}`;
  const due = nextRun(endOf(bill_date));
  if (due && now < due)
    return `${day} was not compared yet: WeChat makes its bill the next morning. It is compared from ${inChina(due)} on.`;
  const [oldest = ''] = datesWithBill(now);
  if (bill_date < oldest)
    return `${day} was not compared, and will not be: days are made up for as far back as ${oldest}. Its bill is in WeChat's merchant platform for three months.`;
  return `${day} was not compared yet. Was nothing sold until then? Else npm run ops -- alarms and the log of reconcileBills say why. Its next run: ${next(now)}.`;
}

/** Whether it is a day at all: 20261399 is none. */
export function isDay(bill_date: string): boolean {
  return /^\d{8}$/.test(bill_date) && dateOfBegin(bill_date) === bill_date;
}

function dateOfBegin(bill_date: string): string | undefined {
  const begin = beginOf(bill_date);
  return Number.isNaN(begin.getTime()) ? undefined : dateOf(begin);
}

function next(now: Date): string {
  const run = nextRun(now);
  return run ? inChina(run) : 'none';
}

/** The timer as it is deployed. */
function nextRun(after: Date): Date | undefined {
  const { trigger } = functions.find(({ name }) => name === 'reconcileBills') ?? {};
  return trigger && readCron(trigger.config)(after);
}

/** 2026-11-27 10:30 (China's time) */
function inChina(moment: Date): string {
  return `${chinaMinute(moment)} (China's time)`;
}
