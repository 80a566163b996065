import { type Alarm, type AlarmCode, alarm } from './alarms.ts';
import { bookMember, replaced } from './book-member.ts';
import type { RefundReport, Report } from './channel.ts';
import { granted, type Unreadable } from './membership.ts';
import { grantsOf, isUnsettled, type Order, withFields } from './order.ts';
import { paidBeside } from './paid-twice.ts';
import type { LedgerChange, LedgerTransaction, OrderChange, Ports } from './ports.ts';
import { bookRefund } from './refunds/book-refund.ts';
import { feesOf } from './refunds/entry.ts';
import { deliverAgainAt } from './schedule.ts';
import { type Decision, decide, type RefusalCode } from './state.ts';

/** What became of a report. `order` is the order after it. */
export type Settlement =
  | { readonly kind: 'moved'; readonly order: Order }
  /** `isOutdated`: a refund was found by a sum that the order has left behind, so that it has to be looked at again. */
  | { readonly kind: 'kept'; readonly order: Order; readonly isOutdated?: true }
  | { readonly kind: 'refused'; readonly order: Order; readonly code: AlarmCode }
  | { readonly kind: 'unknown' };

type Outcome = Settlement & { readonly alarms: readonly Alarm[] };

interface Received {
  readonly report: Report | RefundReport;
  readonly looksOnceMore?: boolean;
}

/**
 * The only place where trade_state and memberships change: order and membership in one transaction, on what was read
 * within it. Receiving the same report again, at once or late, changes nothing.
 *
 * @param received.report what the payment side says of a payment or of a refund, verified
 * @param received.looksOnceMore whether the order has one more turn when a refund of ours has ended
 */
export async function settle(
  ports: Pick<Ports, 'ledger' | 'alarms' | 'logger' | 'clock'>,
  received: Received,
): Promise<Settlement> {
  // The moment of each attempt: an instance may be frozen between two of them, and the shopper's time begins with the last.
  const outcome = await ports.ledger.transaction((transaction) =>
    book(transaction, received, ports.clock.now()),
  );
  for (const raised of outcome.alarms) await ports.alarms.raise(raised);
  logOutcome(ports, received.report, outcome);
  return outcome;
}

async function book(
  transaction: LedgerTransaction,
  { report, looksOnceMore = false }: Received,
  now: Date,
): Promise<Outcome> {
  const out_trade_no = report.out_trade_no;
  const order = await transaction.order(out_trade_no);
  if (!order) {
    const message =
      'WeChat Pay reports an order that is not in the database. Is another system using this merchant?';
    return { kind: 'unknown', alarms: [alarm('ORDER_UNKNOWN', out_trade_no, message, now)] };
  }
  if (report.kind === 'refund-report') {
    const booking = { order, report, looksOnceMore, now };
    const { code = 'REFUND_MISMATCH', ...outcome } = await bookRefund(transaction, booking);
    return outcome.kind === 'refused'
      ? { ...outcome, kind: outcome.kind, code }
      : { ...outcome, kind: outcome.kind };
  }
  const objection = report.objectionTo?.(order);
  if (objection) {
    const raised = alarm(objection.code, out_trade_no, objection.message, now);
    return { kind: 'refused', order, code: objection.code, alarms: [raised] };
  }
  const decision = decide(order, report);
  switch (decision.kind) {
    case 'keep':
      return { kind: 'kept', order, alarms: [] };
    case 'refuse':
      return refuse(transaction, { order, report, decision, now });
    case 'move':
      return move(transaction, { order, report, decision, now });
  }
}

/** What a human reads; a whole openid is not shown. */
const REASONS: Readonly<Record<RefusalCode, (order: Order, report: Report) => string>> = {
  ORDER_MISMATCH: () => 'WeChat Pay answered about another order than the one that was asked about.',
  AMOUNT_MISMATCH: (order, report) =>
    `WeChat Pay reports a payment of ${report.total_fee ?? 'no'} fen; the order is about ${order.total_fee} fen.`,
  APPID_MISMATCH: (order, report) =>
    `The payment was made in the app ${report.appid}, the order in ${order.appid}.`,
  MCH_ID_MISMATCH: (order, report) =>
    `The payment went to the merchant ${report.mch_id}, the order was made under ${order.mch_id}.`,
  PAYER_MISMATCH: () => 'Somebody else than the shopper who ordered has paid.',
  HELD: () =>
    'WeChat Pay reports a payment of an order that is under review. Look at its earlier alarm, and release it by hand.',
};

interface Booking<Kind extends Decision['kind']> {
  readonly order: Order;
  readonly report: Report;
  readonly decision: Extract<Decision, { kind: Kind }>;
  readonly now: Date;
}

async function refuse(
  transaction: LedgerTransaction,
  { order, report, decision, now }: Booking<'refuse'>,
): Promise<Outcome> {
  const raised = alarm(decision.code, order._id, REASONS[decision.code](order, report), now);
  if (!decision.holds) return { kind: 'refused', order, code: decision.code, alarms: [raised] };
  const change = { under_review: true, next_query_at: null };
  await transaction.writeOrder(order._id, change);
  // Within the transaction, since the next report will find the order under review and will not come here again.
  await transaction.raise(raised);
  return { kind: 'refused', order: { ...order, ...change }, code: decision.code, alarms: [raised] };
}

async function move(
  transaction: LedgerTransaction,
  { order, report, decision, now }: Booking<'move'>,
): Promise<Outcome> {
  const change: LedgerChange = {
    trade_state: decision.to,
    ...(decision.grants && paymentOf(report)),
    ...(report.fields && { by_channel: withFields(order, report.fields) }),
  };
  const alarms: Alarm[] = [];
  const raise = (code: AlarmCode, message: string) => alarms.push(alarm(code, order._id, message, now));
  const moved = `The order was ${order.trade_state} here when WeChat Pay reported ${report.trade_state}.`;
  if (decision.alarm) raise(decision.alarm, moved);
  if (decision.grants) {
    const { expires_at, unreadable } = await grant(transaction, order, now);
    change.expires_at = expires_at;
    for (const each of unreadable) raise('MEMBERSHIP_UNREADABLE', replaced(order, each));
    // One that is refunded already needs nobody to choose which of the two goes back.
    const other = decision.to === 'SUCCESS' ? await paidBeside(transaction, order) : undefined;
    if (other) raise('PAID_TWICE', `${other} was paid as well; one took the place of the other. Refund one.`);
  }
  if (!isUnsettled({ trade_state: decision.to })) change.next_query_at = nextAfter(order, decision, now);
  if (report.undelivered && decision.grants) {
    // Before it is said, since whoever says it may end before.
    change.undelivered_since = now;
    change.next_query_at ??= deliverAgainAt(now, now) ?? null;
  }
  await transaction.writeOrder(order._id, change);
  for (const raised of alarms) await transaction.raise(raised);
  return { kind: 'moved', order: { ...order, ...change }, alarms };
}

/** When the timer looks at a settled order again: at once where it has refunds to find, in its turn where one is under way. */
function nextAfter(order: Order, { to }: { to: Order['trade_state'] }, now: Date): Date | null {
  if (to === 'REFUND') return now;
  return feesOf(order).reserved > 0 ? order.next_query_at : null;
}

/** What WeChat said of the payment. */
function paymentOf(report: Report): OrderChange {
  const { transaction_id = null, time_end = null, bank_type = null, cash_fee = null } = report;
  const { coupon_fee = null, settlement_total_fee = null } = report;
  return { transaction_id, time_end, bank_type, cash_fee, coupon_fee, settlement_total_fee };
}

/** Adds what the order gives to its shopper's memberships. */
async function grant(
  transaction: LedgerTransaction,
  order: Order,
  granted_at: Date,
): Promise<{ expires_at: Date | null; unreadable: readonly Unreadable[] }> {
  const { _id: out_trade_no, _openid } = order;
  const known = await transaction.user(_openid);
  const paid = { out_trade_no, grants: grantsOf(order), granted_at };
  const { user, ...granting } = granted(known ?? { _id: _openid }, paid);
  await bookMember(transaction, { order, known, user, now: granted_at });
  return granting;
}

function logOutcome(
  { logger }: Pick<Ports, 'logger'>,
  report: Report | RefundReport,
  outcome: Outcome,
): void {
  if (report.kind === 'refund-report') {
    logRefund({ logger }, report, outcome);
    return;
  }
  const { out_trade_no, trade_state } = report;
  if (outcome.kind === 'moved') {
    logger.info('order.settled', { out_trade_no, trade_state: outcome.order.trade_state });
  } else if (outcome.kind === 'kept') {
    logger.info('order.kept', { out_trade_no, heard: trade_state });
  } else {
    logger.warn('order.refused', { out_trade_no, heard: trade_state });
  }
}

function logRefund(
  { logger }: Pick<Ports, 'logger'>,
  { out_trade_no, out_refund_no, state, refund_fee }: RefundReport,
  { kind }: Outcome,
): void {
  const about = { out_trade_no, out_refund_no };
  if (kind === 'moved') logger.info('refund.settled', { ...about, state, refund_fee });
  else if (kind === 'kept') logger.info('refund.kept', { ...about, heard: state });
  else logger.warn('refund.refused', { ...about, heard: state });
}
