import type { Mutant } from './mutant.ts';

/** Bugs in comparing bills. */
export const BILL_MUTANTS: readonly Mutant[] = [
  {
    name: 'a payment that only the bill knows is left',
    file: '_shared/order/bills/compare-payment.ts',
    find: 'if (!isPaid(order)) return () => askAbout(ports, tally, { row, isLast });',
    replace: 'if (!isPaid(order)) return undefined;',
    foundBy: 'the books agree after the bill',
  },
  {
    name: 'a refund that only the bill knows is left',
    file: '_shared/order/bills/compare-refund.ts',
    find: "if (booked?.state !== 'SUCCESS') return () => askAbout(ports, tally, row);",
    replace: "if (booked?.state !== 'SUCCESS') return undefined;",
    foundBy: 'the books agree after the bill',
  },
  {
    name: 'a payment that is twice in its bill counts twice',
    file: '_shared/order/bills/compare-payment.ts',
    find: 'if (isTwice) return',
    replace: "if (isTwice && out_trade_no === '') return",
    foundBy: 'the books agree after the bill',
  },
  {
    name: 'an order of another environment is taken for a lost one',
    file: '_shared/order/bills/compare-bill.ts',
    find: 'attach === ports.environment;',
    replace: "attach !== '';",
    foundBy: 'alarms by the table',
  },
  {
    name: 'a payment that is in no bill is forgotten',
    file: '_shared/order/bills/awaited.ts',
    find: "if (after?.state !== 'DONE') continue;",
    replace: 'if (after !== undefined) continue;',
    foundBy: 'alarms by the table',
  },
  {
    name: 'a refund that is in no bill is not looked for',
    file: '_shared/order/bills/awaited.ts',
    find: 'const isJudged = day.awaited.length === 0 && day.refunds_judged !== false;',
    replace: 'const isJudged = day.awaited.length === 0;',
    foundBy: 'alarms by the table',
  },
  {
    name: 'that a bill has a refund is noted nowhere',
    file: '_shared/order/bills/compare-bill.ts',
    find: 'await billedRefunds.note(numbers.slice(at, at + ORDERS_A_READ), bill_date);',
    replace: 'await billedRefunds.note([], bill_date);',
    foundBy: 'alarms by the table',
  },
  {
    name: 'two runs at once both write a day',
    file: '_shared/cloud/database/stores/bills.ts',
    find: 'const asRead = { _id: from._id, revision: from.revision };',
    replace: 'const asRead = { _id: from._id };',
    foundBy: 'the books agree after the bill',
  },
  {
    name: 'a bill is read a day off',
    file: '_shared/order/bills/dates.ts',
    find: 'const CHINA_OFFSET_MS = 8 * 3_600_000;',
    replace: 'const CHINA_OFFSET_MS = 0;',
    foundBy: 'the books agree after the bill',
  },
  {
    name: 'yuan are read as fen',
    file: '_shared/wechatpay/bill-amount.ts',
    find: 'return amount / FEN;',
    replace: 'return amount / FEN / 100;',
    foundBy: 'alarms by the table',
  },
];
