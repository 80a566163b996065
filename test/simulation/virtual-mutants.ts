import type { Mutant } from './mutant.ts';

/** Deliberate bugs of the second way to pay. */
export const VIRTUAL_MUTANTS: readonly Mutant[] = [
  {
    name: 'an event of the other env is acknowledged',
    file: '_shared/channels/virtualpay-event.ts',
    find: 'event.env !== fieldsOf(order).env',
    replace: 'event.env > 1',
    foundBy: 'no yes to a contradiction',
  },
  {
    name: 'an event about somebody else is acknowledged',
    file: '_shared/channels/virtualpay-event.ts',
    find: 'order._openid !== event.openid',
    replace: "event.openid === ''",
    foundBy: 'no yes to a contradiction',
  },
  {
    name: 'an order of the sandbox counts as paid',
    file: '_shared/channels/virtualpay-report.ts',
    find: 'if (answer.env !== env)',
    replace: 'if (answer.env === undefined)',
    foundBy: 'no grant without payment',
  },
  {
    name: 'the fee of query_order is not compared',
    file: '_shared/channels/virtualpay-report.ts',
    find: '...(order_fee !== undefined && { total_fee: order_fee }),',
    replace: 'total_fee: order.total_fee,',
    foundBy: 'no grant without payment',
  },
  {
    name: 'an answer about another order is believed',
    file: '_shared/virtualpay/query-order.ts',
    find: 'if (read.output.order_id !== order_id)',
    replace: "if (read.output.order_id === '')",
    foundBy: 'no grant without payment',
  },
  {
    name: 'whoever logged in is signed for',
    file: '_shared/channels/virtualpay.ts',
    find: 'if (session.openid !== order._openid) return codeInvalid;',
    replace: '',
    foundBy: 'own orders only',
  },
  {
    name: 'money that comes after the close is dropped',
    file: '_shared/order/state.ts',
    find: "CLOSED: ['SUCCESS', 'REFUND'],",
    replace: 'CLOSED: [],',
    foundBy: 'settled once',
  },
  {
    name: 'an order that nobody can close is asked about every minute',
    file: '_shared/order/schedule.ts',
    find: '< DAY_MS ? HOUR_MS : DAY_MS',
    replace: '< DAY_MS ? MINUTE_MS : DAY_MS',
    foundBy: 'questions bounded',
  },
  {
    name: 'an item is sold before it is effective',
    file: '_shared/channels/virtualpay-item.ts',
    find: 'item.effective_at > now',
    replace: 'item.effective_at > now && env === 1',
    foundBy: 'catalogue price',
  },
];
