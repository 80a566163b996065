import type { RefundReport } from '../channel.ts';
import { isUnsettled, type Order } from '../order.ts';
import { feesOf, openRefundOf } from './entry.ts';
import type { Refund, Takes } from './refund.ts';

/** What a verified report means for a refund and its order. */
export type RefundDecision =
  /** Nothing new. */
  | { readonly kind: 'keep' }
  /** It was found by a sum that the order has left behind: nothing is done, and the order has to be looked at again. */
  | { readonly kind: 'outdated' }
  /** The money is back: the order is REFUND, and the membership is cut. `alarms`: a human should know. */
  | { readonly kind: 'book'; readonly takes: Takes; readonly alarms: readonly RefundAlarmCode[] }
  /** It goes on, or it cannot, in another way than was known. The money stays reserved. */
  | {
      readonly kind: 'move';
      readonly to: 'PROCESSING' | 'ABNORMAL';
      readonly alarms: readonly RefundAlarmCode[];
    }
  /** It came to nothing: what was reserved for it is free again. */
  | { readonly kind: 'release' }
  /** It could not be given back, and it is not ours: only a human goes on. */
  | { readonly kind: 'tell' }
  /** The report is not believed. */
  | { readonly kind: 'refuse'; readonly why: string };

export type RefundAlarmCode =
  /** WeChat says refunded of an order that we never saw paid. Its term was granted, and then the refund was booked. */
  | 'REFUND_BEFORE_PAYMENT'
  /** A refund could not be given back: staff have to go on at the payment side. */
  | 'REFUND_ABNORMAL'
  /** A part was given back elsewhere; the membership was left as it is. */
  | 'REFUND_ELSEWHERE'
  /** A refund that had come to nothing was given back after all. */
  | 'REFUND_AFTER_CLOSE';

/** What a verified report of a refund means. Pure; settle() carries it out. */
export function decideRefund(order: Order, refund: Refund | undefined, report: RefundReport): RefundDecision {
  if (isOutdated(order, refund, report)) return { kind: 'outdated' };
  const why = mismatchOf(order, refund, report);
  if (why) return { kind: 'refuse', why };
  switch (report.state) {
    case 'SUCCESS':
      return decideSuccess(order, refund, report);
    case 'CLOSED':
      return refund && isUnderWay(refund) ? { kind: 'release' } : { kind: 'keep' };
    case 'ABNORMAL':
      if (!refund) return { kind: 'tell' };
      if (refund.state === 'ABANDONING' && report.isFinal) return { kind: 'release' };
      if (!isUnderWay(refund) || refund.state === 'ABNORMAL') return { kind: 'keep' };
      return { kind: 'move', to: 'ABNORMAL', alarms: ['REFUND_ABNORMAL'] };
    case 'PROCESSING':
      // It arrived after all, or staff went on with it.
      if (refund?.state !== 'ABANDONING' && refund?.state !== 'ABNORMAL') return { kind: 'keep' };
      return { kind: 'move', to: 'PROCESSING', alarms: [] };
  }
}

function decideSuccess(order: Order, refund: Refund | undefined, report: RefundReport): RefundDecision {
  if (refund?.state === 'SUCCESS') return { kind: 'keep' };
  // It is only our own word that days were taken, and whoever gave it up has had the last one.
  if (refund?.refund_fee === 0 && refund.state !== 'PROCESSING') return { kind: 'keep' };
  // The payment was not the order's, and a human looks into it: what becomes of that money is not the order's either.
  if (order.under_review) return { kind: 'keep' };
  const isWhole = feesOf(order).refunded + report.refund_fee === order.total_fee;
  const takes = refund?.takes ?? (isWhole ? 'all' : 'none');
  const alarms: RefundAlarmCode[] = [];
  if (isUnsettled(order) || order.trade_state === 'CLOSED') alarms.push('REFUND_BEFORE_PAYMENT');
  if (refund?.state === 'CLOSED') alarms.push('REFUND_AFTER_CLOSE');
  if (!refund && !isWhole) alarms.push('REFUND_ELSEWHERE');
  return { kind: 'book', takes, alarms };
}

/**
 * Whether the sum by which a refund was found may hold another one: what was booked since, or one of ours that is under way. One that
 * is known by its number is itself.
 */
function isOutdated(order: Order, refund: Refund | undefined, { state, beyond_fee }: RefundReport): boolean {
  if (beyond_fee === undefined || state !== 'SUCCESS' || order.under_review) return false;
  if (refund && refund.state !== 'CLOSED') return false;
  return feesOf(order).refunded !== beyond_fee || openRefundOf(order) !== undefined;
}

function isUnderWay({ state }: Refund): boolean {
  return state !== 'SUCCESS' && state !== 'CLOSED';
}

function mismatchOf(order: Order, refund: Refund | undefined, report: RefundReport): string | undefined {
  if (report.out_trade_no !== order._id)
    return 'It is about another order than the one that was asked about.';
  if (refund && refund.out_trade_no !== order._id) return 'Its number is that of a refund of another order.';
  if (refund && refund.refund_fee !== report.refund_fee) {
    return `It is about ${report.refund_fee} fen, the refund about ${refund.refund_fee}.`;
  }
  const { refunded } = feesOf(order);
  if (
    report.state === 'SUCCESS' &&
    refund?.state !== 'SUCCESS' &&
    refunded + report.refund_fee > order.total_fee
  ) {
    return `${refunded} of ${order.total_fee} fen were given back before, and it says ${report.refund_fee} more.`;
  }
  return undefined;
}
