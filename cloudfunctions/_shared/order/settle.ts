import type { SignType } from '../wechatpay/sign.ts';
import type { Report } from '../wechatpay/wechatpay.ts';
import { type Alarm, type AlarmCode, alarm } from './alarms.ts';
import { extendedUntil } from './membership.ts';
import { isUnsettled, type Order } from './order.ts';
import type { Books, Ports } from './ports.ts';
import { type Decision, decide } from './state.ts';

/** What became of a report. `order` is the order after it. */
export type Settlement =
  | { readonly kind: 'moved'; readonly order: Order }
  | { readonly kind: 'kept'; readonly order: Order }
  | { readonly kind: 'refused'; readonly order: Order; readonly code: AlarmCode }
  | { readonly kind: 'unknown' };

type Outcome = Settlement & { readonly alarm?: Alarm };

/**
 * The only place where trade_state and memberships change: order and membership in one transaction, on what was read
 * within it. Hearing the same report again, at once or late, changes nothing.
 *
 * @param heard.report what WeChat says, verified
 * @param heard.sign_type the algorithm under which a notice was verified; it must be the order's own
 */
export async function settle(
  ports: Pick<Ports, 'ledger' | 'alarms' | 'log' | 'clock'>,
  heard: { readonly report: Report; readonly sign_type?: SignType },
): Promise<Settlement> {
  const now = ports.clock.now();
  const outcome = await ports.ledger.transaction((books) => book(books, heard, now));
  if (outcome.alarm) await ports.alarms.raise(outcome.alarm);
  logOutcome(ports, heard.report, outcome);
  return outcome;
}

async function book(
  books: Books,
  { report, sign_type }: { readonly report: Report; readonly sign_type?: SignType },
  now: Date,
): Promise<Outcome> {
  const out_trade_no = report.out_trade_no;
  const order = await books.order(out_trade_no);
  if (!order) {
    const message =
      'WeChat Pay reports an order that is not in the database. Is another system using this merchant?';
    return { kind: 'unknown', alarm: alarm('ORDER_UNKNOWN', out_trade_no, message, now) };
  }
  if (sign_type && sign_type !== order.sign_type) {
    const message = `The notice is signed with ${sign_type}, the order was made with ${order.sign_type}.`;
    const raised = alarm('SIGN_TYPE_MISMATCH', out_trade_no, message, now);
    return { kind: 'refused', order, code: 'SIGN_TYPE_MISMATCH', alarm: raised };
  }
  const decision = decide(order, report);
  switch (decision.kind) {
    case 'keep':
      return { kind: 'kept', order };
    case 'refuse':
      return refuse(books, { order, report, decision, now });
    case 'move':
      return move(books, { order, report, decision, now });
  }
}

interface Booking<Kind extends Decision['kind']> {
  readonly order: Order;
  readonly report: Report;
  readonly decision: Extract<Decision, { kind: Kind }>;
  readonly now: Date;
}

async function refuse(books: Books, { order, report, decision, now }: Booking<'refuse'>): Promise<Outcome> {
  const message = `WeChat Pay reports ${report.trade_state} with ${report.total_fee ?? 'no'} fen; the order is about ${order.total_fee} fen.`;
  const raised = alarm(decision.code, order._id, message, now);
  if (!decision.holds) return { kind: 'refused', order, code: decision.code, alarm: raised };
  const change = { held: true, next_query_at: null };
  await books.writeOrder(order._id, change);
  // Within the transaction, since the next report will find the order held and will not come here again.
  await books.raise(raised);
  return { kind: 'refused', order: { ...order, ...change }, code: decision.code, alarm: raised };
}

async function move(books: Books, { order, report, decision, now }: Booking<'move'>): Promise<Outcome> {
  const change: Partial<Order> = { trade_state: decision.to, ...paymentOf(report) };
  if (decision.grants) {
    const expires_at = await grant(books, order, now);
    change.expires_at = expires_at;
  }
  if (!isUnsettled({ trade_state: decision.to })) change.next_query_at = null;
  await books.writeOrder(order._id, change);
  const moved = { kind: 'moved', order: { ...order, ...change } } as const;
  if (!decision.alarm) return moved;
  const message = `The order was ${order.trade_state} here when WeChat Pay reported ${report.trade_state}.`;
  const raised = alarm(decision.alarm, order._id, message, now);
  await books.raise(raised);
  return { ...moved, alarm: raised };
}

/** What WeChat said of the payment; what it left out leaves the order's field as it is. */
function paymentOf(report: Report): Partial<Order> {
  if (report.trade_state !== 'SUCCESS') return {};
  const { transaction_id = null, time_end = null, bank_type = null, cash_fee = null } = report;
  return { transaction_id, time_end, bank_type, cash_fee };
}

/** Adds the order's months to what its shopper holds. Answers until when the membership lasts now. */
async function grant(books: Books, order: Order, now: Date): Promise<Date> {
  const { product_id, months, _openid, user_id } = order;
  const user = await books.user(_openid);
  const expires_at = extendedUntil(user, { product_id, months, now });
  if (user) {
    await books.writeMembership(user, { product_id, expires_at });
  } else {
    // A shopper whose document is gone has paid all the same, and is registered again under the same number.
    const memberships = { [product_id]: { expires_at } };
    await books.addUser({ _id: _openid, _openid, user_id, created_at: now, memberships });
  }
  return expires_at;
}

function logOutcome(
  { log }: Pick<Ports, 'log'>,
  { out_trade_no, trade_state }: Report,
  outcome: Outcome,
): void {
  if (outcome.kind === 'moved')
    log('order.settled', { out_trade_no, trade_state: outcome.order.trade_state });
  else if (outcome.kind === 'kept') log('order.kept', { out_trade_no, heard: trade_state });
  else log('order.refused', { out_trade_no, heard: trade_state });
}
