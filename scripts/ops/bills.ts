import { type Options, unknown } from './options.ts';
import { Answers, ask, type BillDay, type Call } from './shop.ts';
import { type Columns, render, yuan } from './tables.ts';

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

/** Days of bills as a table; one day with its differences. */
export async function bills(
  call: Call,
  { rest: [bill_date, ...more], limit }: Options,
  show: (answer: object, text: () => string) => void,
): Promise<void> {
  if (more.length > 0 || !/^\d{8}$/.test(bill_date ?? '00000000'))
    throw unknown('bills, or bills YYYYMMDD for one day');
  const event = { act: 'bills', limit, ...(bill_date !== undefined && { bill_date }) };
  const answer = await ask(call, event, Answers.bills);
  show(answer, () =>
    [render(DAYS, answer.bills), ...(bill_date === undefined ? [] : answer.bills.map(differencesOf))].join(
      '\n',
    ),
  );
}

function differencesOf({ channel, details, awaited }: BillDay): string {
  const open = awaited.map((out_trade_no) => `${out_trade_no} is waited for in the next day's bill`);
  return [`\nDifferences (${String(channel)})`, render(DETAILS, details), ...open].join('\n');
}

function sumOf({ count, fee }: BillDay['payments']): string {
  return `${count}  ${yuan(fee)}`;
}
