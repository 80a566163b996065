import type { Mutant } from './mutant.ts';

/** Deliberate bugs of what gives money back. */
export const REFUND_MUTANTS: readonly Mutant[] = [
  {
    name: 'what another operator gave back is not looked at',
    file: '_shared/order/refunds/refundable.ts',
    find: 'if (refunded + reserved !== expected_refunded_fee) {',
    replace: 'if (refunded + reserved < 0) {',
    foundBy: 'refunded as seen',
  },
  {
    name: 'days that another operator took are not looked at',
    file: '_shared/order/refunds/refundable.ts',
    find: 'if (expected_refunds !== undefined && expected_refunds !== refunds.length) {',
    replace: 'if (expected_refunds !== undefined && expected_refunds < 0) {',
    foundBy: 'refunded as seen',
  },
  {
    name: 'a refund made elsewhere that WeChat still calls under way is not looked at again',
    file: '_shared/order/refunds/refund-hint.ts',
    find: "const isForgotten = report.state === 'PROCESSING' && !(refund && isOpen(refund));",
    replace: 'const isForgotten = refund !== undefined && report.refund_fee < 0;',
    foundBy: 'committed before SUCCESS',
  },
  {
    name: 'two refunds of an order are under way at once',
    file: '_shared/order/refunds/refundable.ts',
    find: 'if (open) {',
    replace: 'if (open === null) {',
    foundBy: 'refunded as seen',
  },
  {
    name: 'what is reserved stays reserved after it was given back',
    file: '_shared/order/refunds/book-refund.ts',
    find: '...(isOurs && { ...released(order, report), next_query_at: turnLeft(booking, refunded_fee) }),',
    replace: '...(isOurs && { next_query_at: turnLeft(booking, refunded_fee) }),',
    foundBy: 'refunded as seen',
  },
  {
    name: 'a refund that WeChat closed stays open',
    file: '_shared/order/refunds/decide-refund.ts',
    find: "return refund && isUnderWay(refund) ? { kind: 'release' } : { kind: 'keep' };",
    replace: "return { kind: 'keep' };",
    foundBy: 'every refund ends',
  },
  {
    name: 'nobody is alarmed of a refund that failed',
    file: '_shared/order/refunds/decide-refund.ts',
    find: "return { kind: 'move', to: 'ABNORMAL', alarms: ['REFUND_ABNORMAL'] };",
    replace: "return { kind: 'move', to: 'ABNORMAL', alarms: [] };",
    foundBy: 'alarms by the table',
  },
  {
    name: 'a refund that WeChat wants to be asked for again raises an alarm',
    file: '_shared/wechatpay/err-code.ts',
    find: "BIZERR_NEED_RETRY: 'try-again',",
    replace: "BIZERR_NEED_RETRY: 'alarm',",
    foundBy: 'alarms by the table',
  },
  {
    name: 'what was given back elsewhere is not counted',
    file: '_shared/order/refunds/book-refund.ts',
    find: 'const refunded_fee = feesOf(order).refunded + report.refund_fee;',
    replace: 'const refunded_fee = feesOf(order).refunded + (booking.refund ? report.refund_fee : 0);',
    foundBy: 'refunded at most what was paid',
  },
  {
    name: 'what was given back in all is taken for given back elsewhere',
    file: '_shared/order/refunds/decide-refund.ts',
    find: 'return feesOf(order).refunded !== beyond_fee || openRefundOf(order) !== undefined;',
    replace: 'return feesOf(order).refunded < 0;',
    foundBy: 'refunded at most what was paid',
  },
  {
    name: 'a refund that is under way is taken for given back elsewhere',
    file: '_shared/order/refunds/decide-refund.ts',
    find: 'return feesOf(order).refunded !== beyond_fee || openRefundOf(order) !== undefined;',
    replace: 'return feesOf(order).refunded !== beyond_fee;',
    foundBy: 'refunded at most what was paid',
  },
];
