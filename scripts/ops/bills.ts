import type { OpsMachine } from './machine.ts';
import { type Options, unknown } from './options.ts';
import { Answers, ask, type BillDay, type Call } from './shop.ts';
import { type Columns, render, yuan } from './tables.ts';
import { isDay, whyUncompared } from './uncompared.ts';

const DAYS: Columns<BillDay> = [
  ['day', 'bill_date'],
  ['channel', 'channel'],
  ['state', 'state'],
  ['paid', ({ payments }) => sumOf(payments)],
  ['given back', ({ refunds }) => sumOf(refunds)],
  ['fees', ({ fees }) => yuan(fees)],
  ['repaired', ({ differences }) => String(differences.repaired ?? 0)],
  ['alarmed', ({ differences }) => String(differences.alarmed ?? 0)],
  ['others', ({ differences }) => String(differences.others ?? 0)],
];

const DETAILS: Columns = [
  ['what', 'kind'],
  ['out_trade_no', 'out_trade_no'],
  ['out_refund_no', 'out_refund_no'],
  ['fee', 'fee'],
  ['alarm', 'code'],
];

/** Days of bills as a table; one day with its differences. Of a day without any it is said when it is compared. */
export async function bills(
  call: Call,
  { rest: [bill_date, ...more], limit }: Options,
  { machine, show }: { machine: OpsMachine; show: (answer: object, text: () => string) => void },
): Promise<void> {
  if (more.length > 0 || (bill_date !== undefined && !isDay(bill_date)))
    throw unknown('bills, or bills YYYYMMDD for one day');
  const event = { act: 'bills', limit, ...(bill_date !== undefined && { bill_date }) };
  const { bills: days, now } = await ask(call, event, Answers.bills);
  show({ bills: days }, () => {
    if (days.length === 0) return whyUncompared(bill_date, now === undefined ? machine.now() : new Date(now));
    return [render(DAYS, days), ...(bill_date === undefined ? [] : days.map(differencesOf))].join('\n');
  });
}

function differencesOf({ channel, details, awaited }: BillDay): string {
  const open = awaited.map((out_trade_no) => `${out_trade_no} is waited for in the next day's bill`);
  return [`\nDifferences (${String(channel)})`, render(DETAILS, details), ...open].join('\n');
}

function sumOf({ count, fee }: BillDay['payments']): string {
  return `${count}  ${yuan(fee)}`;
}
