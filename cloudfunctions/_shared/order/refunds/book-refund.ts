import { type Alarm, type AlarmCode, alarm } from '../alarms.ts';
import { bookMember, replaced } from '../book-member.ts';
import type { RefundReport } from '../channel.ts';
import { granted, type Unreadable } from '../membership.ts';
import { grantsOf, isUndelivered, type Order } from '../order.ts';
import type { LedgerChange, LedgerTransaction } from '../ports.ts';
import { decideRefund, type RefundAlarmCode, type RefundDecision } from './decide-refund.ts';
import { feesOf, withEntry } from './entry.ts';
import { entryOf, isOpen, type Refund } from './refund.ts';
import { taken } from './takes.ts';

/** What became of a report of a refund. `order` is the order after it. */
export interface RefundOutcome {
  readonly kind: 'moved' | 'kept' | 'refused';
  readonly order: Order;
  readonly code?: AlarmCode;
  readonly isOutdated?: true;
  readonly alarms: readonly Alarm[];
}

interface Booking {
  readonly order: Order;
  readonly refund: Refund | undefined;
  readonly report: RefundReport;
  /** Whether the order is looked at once more when a refund of ours has ended. */
  readonly looksOnceMore: boolean;
  readonly now: Date;
}

/** Books what the payment side says of a refund, within settle()'s transaction: refund, order and membership together. */
export async function bookRefund(
  transaction: LedgerTransaction,
  { order, report, looksOnceMore, now }: Omit<Booking, 'refund'>,
): Promise<RefundOutcome> {
  const refund = await transaction.refund(report.out_refund_no);
  const decision = decideRefund(order, refund, report);
  const booking = { order, refund, report, looksOnceMore, now };
  switch (decision.kind) {
    case 'keep':
      return { kind: 'kept', order, alarms: [] };
    case 'outdated':
      return { kind: 'kept', order, isOutdated: true, alarms: [] };
    case 'refuse': {
      const message = `WeChat reports the refund ${report.out_refund_no}. ${decision.why}`;
      const raised = alarm('REFUND_MISMATCH', order._id, message, now);
      return { kind: 'refused', order, code: 'REFUND_MISMATCH', alarms: [raised] };
    }
    case 'tell':
      return { kind: 'kept', order, alarms: [alarmOfRefund('REFUND_ABNORMAL', booking)] };
    case 'move':
      return change(transaction, booking, { state: decision.to, alarms: decision.alarms });
    case 'release':
      return change(transaction, booking, { state: 'CLOSED', alarms: [] });
    case 'book':
      return book(transaction, booking, decision);
  }
}

/** The refund in another state that gives nothing back; CLOSED frees what was reserved. */
async function change(
  transaction: LedgerTransaction,
  booking: Booking,
  { state, alarms }: { state: 'PROCESSING' | 'ABNORMAL' | 'CLOSED'; alarms: readonly RefundAlarmCode[] },
): Promise<RefundOutcome> {
  const { order, report, now } = booking;
  const refund = { ...refundOf(booking), state, ended_at: state === 'CLOSED' ? now : null };
  const changed: LedgerChange = {
    refunds: withEntry(order, entryOf(refund)),
    ...(state === 'CLOSED' && {
      ...released(order, report),
      next_query_at: turnLeft(booking, feesOf(order).refunded),
    }),
  };
  return write(transaction, booking, { refund, changed, alarms });
}

async function book(
  transaction: LedgerTransaction,
  booking: Booking,
  { takes, alarms }: Extract<RefundDecision, { kind: 'book' }>,
): Promise<RefundOutcome> {
  const { order, report, now } = booking;
  const { refund_id = null, success_time = null } = report;
  const refund: Refund = {
    ...refundOf(booking),
    ...{ takes, state: 'SUCCESS', ended_at: now, success_time, refund_id },
    ...{ err_code: null, err_code_des: null },
  };
  const { expires_at, unreadable } = await cutMemberships(transaction, booking, takes);
  const isOurs = booking.refund !== undefined && isOpen(booking.refund);
  const refunded_fee = feesOf(order).refunded + report.refund_fee;
  const changed: LedgerChange = {
    // One that only takes days gives nothing back.
    ...(report.refund_fee > 0 && { trade_state: 'REFUND' as const }),
    refunded_fee,
    refunds: withEntry(order, entryOf(refund)),
    // One of ours was all that was asked about; after one from elsewhere there may be more to find.
    ...(isOurs && { ...released(order, report), next_query_at: turnLeft(booking, refunded_fee) }),
    ...(expires_at && { expires_at }),
  };
  return write(transaction, booking, { refund, changed, alarms, unreadable });
}

async function write(
  transaction: LedgerTransaction,
  booking: Booking,
  {
    refund,
    changed,
    alarms,
    unreadable = [],
  }: {
    refund: Refund;
    changed: LedgerChange;
    alarms: readonly RefundAlarmCode[];
    unreadable?: readonly Unreadable[];
  },
): Promise<RefundOutcome> {
  const { order, now } = booking;
  await transaction.writeRefund(refund);
  await transaction.writeOrder(order._id, changed);
  const raised = [
    ...alarms.map((code) => alarmOfRefund(code, booking)),
    ...unreadable.map((each) => alarm('MEMBERSHIP_UNREADABLE', order._id, replaced(order, each), now)),
  ];
  // Within the transaction, since the next report will find the refund booked and will not come here again.
  for (const each of raised) await transaction.raise(each);
  return { kind: 'moved', order: { ...order, ...changed }, alarms: raised };
}

/**
 * Takes the refund's part of what the order gave. An order that was never seen paid is granted its whole term first, so
 * that a part given back does not cost the shopper the rest. Answers the end that was reached, where it was granted now.
 */
async function cutMemberships(
  transaction: LedgerTransaction,
  { order, now }: Booking,
  takes: Refund['takes'],
): Promise<{ expires_at: Date | null; unreadable: readonly Unreadable[] }> {
  const known = await transaction.user(order._openid);
  const before = known ?? { _id: order._openid };
  const grant = { out_trade_no: order._id, grants: grantsOf(order), granted_at: now };
  const granting = order.expires_at === null ? granted(before, grant) : undefined;
  const { user, isChanged } = taken(granting?.user ?? before, { order, takes, now });
  if (granting || (known && isChanged)) await bookMember(transaction, { order, known, user, now });
  return granting ?? { expires_at: null, unreadable: [] };
}

/** Ours as it is stored; one that was made elsewhere is written down as if it were. */
function refundOf({ order, refund, report, now }: Booking): Refund {
  if (refund) return refund;
  return {
    _id: report.out_refund_no,
    out_trade_no: order._id,
    ...(order.channel && { channel: order.channel }),
    refund_fee: report.refund_fee,
    reason: '',
    takes: 'none',
    state: report.state,
    requested_by: null,
    refunded_fee: feesOf(order).refunded,
    created_at: now,
    ...{
      sent_at: null,
      ended_at: null,
      success_time: null,
      refund_id: null,
      err_code: null,
      err_code_des: null,
    },
  };
}

/**
 * Once it is over the timer looks at the order no more, unless its delivery is still to be marked, or what was given back
 * elsewhere meanwhile is still to be found.
 */
function turnLeft({ order, looksOnceMore, now }: Booking, refunded_fee: number): Date | null {
  const mayBeMore = looksOnceMore && refunded_fee < order.total_fee;
  return mayBeMore || isUndelivered(order) ? now : null;
}

function released(order: Order, { refund_fee }: RefundReport): LedgerChange {
  return { refund_reserved_fee: Math.max(0, feesOf(order).reserved - refund_fee) };
}

/** What a human reads. */
const REASONS: Readonly<Record<RefundAlarmCode, (booking: Booking) => string>> = {
  REFUND_BEFORE_PAYMENT: ({ order }) =>
    `The order was ${order.trade_state} here when WeChat reported a refund of it. Its term was granted, then cut.`,
  REFUND_ABNORMAL: ({ report }) =>
    `The refund ${report.out_refund_no} could not be given back. ${report.isFinal ? 'Give it up, and refund anew.' : 'Go on with it at the payment side; it stays reserved.'}`,
  REFUND_ELSEWHERE: ({ report }) =>
    `${report.refund_fee} fen were given back elsewhere, under ${report.out_refund_no}. The membership was left as it is: take days from it if it should not be.`,
  REFUND_AFTER_CLOSE: ({ report }) =>
    `The refund ${report.out_refund_no} had come to nothing here, and was given back all the same.`,
};

function alarmOfRefund(code: RefundAlarmCode, booking: Booking): Alarm {
  return alarm(code, booking.order._id, REASONS[code](booking), booking.now);
}
