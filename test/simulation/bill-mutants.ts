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
    name: 'yuan are read as fen',
    file: '_shared/wechatpay/bill-amount.ts',
    find: 'return amount / FEN;',
    replace: 'return amount / FEN / 100;',
    foundBy: 'alarms by the table',
  },
];
