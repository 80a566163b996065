import type { Value } from '../../scripts/local/cloud/database/value.ts';
import type { Change, Commit } from './books.ts';
import { monthsLater } from './calendar.ts';
import type { CheckedWorld } from './checked-world.ts';
import type { StoredMembership, StoredOrder, StoredRefund } from './documents.ts';
import { OPERATORS } from './operators.ts';

const DAY_MS = 24 * 3_600_000;
const ENDED = ['SUCCESS', 'CLOSED'];

/** From each state, where a refund may go. What was given back stays given back. */
const MAY_BECOME: Readonly<Record<string, readonly string[]>> = {
  PROCESSING: ['SUCCESS', 'ABNORMAL', 'CLOSED', 'ABANDONING'],
  ABNORMAL: ['SUCCESS', 'CLOSED', 'PROCESSING', 'ABANDONING'],
  ABANDONING: ['SUCCESS', 'ABNORMAL', 'CLOSED', 'PROCESSING'],
  CLOSED: ['SUCCESS'],
  SUCCESS: [],
};

/** What a commit does to refunds, and what it must do with them at once. */
export function checkRefunds(world: CheckedWorld, commit: Commit): void {
  for (const { after } of commit.orders) checkFees(world, after);
  for (const change of commit.refunds) checkRefund(world, commit, change);
  for (const { id, after } of commit.granted) checkReplay(world, id, after);
}

/** More than was paid goes back nowhere: not here, and not at WeChat. */
function checkFees({ findings, payments, books }: CheckedWorld, order: StoredOrder): void {
  const { out_trade_no, total_fee, refunded_fee, refund_reserved_fee } = order;
  if (refunded_fee > total_fee)
    findings.report(
      'refunded at most what was paid',
      `${out_trade_no} of ${total_fee} fen has ${refunded_fee} given back`,
    );
  if (refund_reserved_fee < 0 || refund_reserved_fee > total_fee)
    findings.report(
      'refunded at most what was paid',
      `${refund_reserved_fee} fen of ${out_trade_no} are reserved`,
    );
  const there = payments().refundedOf(out_trade_no);
  if (refunded_fee > there)
    findings.report(
      'refunded at most what was paid',
      `${out_trade_no} has ${refunded_fee} given back here, ${there} at WeChat`,
    );
  const open = refundsOf(books, out_trade_no).filter(({ state }) => !ENDED.includes(state));
  if (open.length > 1)
    findings.report('refunded as seen', `${open.length} refunds of ${out_trade_no} are open at once`);
  const reserved = open.reduce((sum, { refund_fee }) => sum + refund_fee, 0);
  if (reserved !== refund_reserved_fee)
    findings.report(
      'refunded as seen',
      `${refund_reserved_fee} fen of ${out_trade_no} are reserved, its open refunds are ${reserved}`,
    );
}

function refundsOf({ refunds }: CheckedWorld['books'], out_trade_no: string): readonly StoredRefund[] {
  return [...refunds.values()].filter((refund) => refund.out_trade_no === out_trade_no);
}

/** An operator's refund begins only where the order was as that operator saw it. */
function checkBegun(
  { findings, refundsAsked }: CheckedWorld,
  { orders }: Commit,
  refund: StoredRefund,
): void {
  const { out_refund_no, out_trade_no, refund_fee, requested_by } = refund;
  if (!OPERATORS.some((openid) => openid === requested_by)) return;
  const before = orders.find(({ id }) => id === out_trade_no)?.before;
  const expected_refunded_fee = (before?.refunded_fee ?? 0) + (before?.refund_reserved_fee ?? 0);
  const expected_refunds = before?.refunds ?? 0;
  const asked = { out_trade_no, refund_fee, expected_refunded_fee, expected_refunds };
  if (!refundsAsked.has(requested_by, asked))
    findings.report(
      'refunded as seen',
      `${out_refund_no} was made when ${expected_refunded_fee} of ${out_trade_no} were given back or under way in ${expected_refunds} refunds`,
    );
}

function checkRefund(world: CheckedWorld, commit: Commit, { before, after }: Change<StoredRefund>): void {
  const { findings, alarms } = world;
  const { out_refund_no, out_trade_no, state, requested_by, refund_fee } = after;
  if (state === 'ABNORMAL' && before?.state !== 'ABNORMAL')
    alarms.expect('refund failed', out_trade_no, { isSure: true });
  if (!before) {
    checkBegun(world, commit, after);
    if (
      requested_by !== '' &&
      !OPERATORS.some((openid) => openid === requested_by) &&
      requested_by !== 'administrator'
    )
      findings.report('only operators refund', `${out_refund_no} was asked for by ${requested_by}`);
    return;
  }
  if (before.refund_fee !== refund_fee || before.out_trade_no !== after.out_trade_no)
    findings.report('refunded at most what was paid', `${out_refund_no} is another refund than it was`);
  if (before.state !== state && !MAY_BECOME[before.state]?.includes(state))
    findings.report('every refund ends', `${out_refund_no} went from ${before.state} to ${state}`);
}

/** A membership with grants ends where they say, reckoned here by itself. */
function checkReplay(
  { findings }: CheckedWorld,
  openid: string,
  memberships: ReadonlyMap<string, StoredMembership>,
): void {
  for (const [product_id, { expires_at, grants }] of memberships) {
    if (grants === undefined) continue;
    const end = replayed(grants);
    if (end !== expires_at)
      findings.report(
        'membership is the replay of its grants',
        `${openid} holds ${product_id} until ${shown(expires_at)}; its grants give ${shown(end)}`,
      );
  }
}

function replayed(grants: readonly Value[]): number {
  const read = grants.map((grant) => Object(grant));
  const fixed = read.filter(({ until }) => until !== undefined);
  const terms = read
    .filter(({ until }) => until === undefined)
    .sort((a, b) => a.granted_at - b.granted_at || (a.out_trade_no < b.out_trade_no ? -1 : 1));
  let end = Math.max(0, ...fixed.map(({ until }) => Number(until)));
  for (const { term, granted_at, cut_at, taken_days } of terms) {
    const start = Math.max(end, Number(granted_at));
    const whole = term.days === undefined ? monthsLater(start, term.months) : start + term.days * DAY_MS;
    const kept =
      taken_days === undefined ? Number(cut_at) : Math.max(whole - taken_days * DAY_MS, Number(cut_at));
    end = cut_at === undefined ? whole : Math.max(start, Math.min(whole, kept));
  }
  return end;
}

/** Once all is quiet: nothing is under way any more, and both sides know of the same refunds of ours. */
export function checkRefundsAtEnd({
  books,
  payments,
  findings,
}: Pick<CheckedWorld, 'books' | 'payments' | 'findings'>): void {
  const atWeChat = new Map(
    payments()
      .refunds()
      .map((refund) => [refund.out_refund_no, refund]),
  );
  for (const { out_refund_no, state, refund_fee, requested_by } of books.refunds.values()) {
    const there = atWeChat.get(out_refund_no);
    if (!ENDED.includes(state))
      findings.report(
        'every refund ends',
        `${out_refund_no} is ${state} after quiet; WeChat says ${there?.state ?? 'nothing'}`,
      );
    if (state === 'CLOSED' && there?.state === 'SUCCESS')
      findings.report('every refund ends', `${out_refund_no} ended CLOSED here and was given back at WeChat`);
    // What virtual payment gave back elsewhere may be known by a number of ours: there the sums of an order are compared.
    if (state === 'SUCCESS' && requested_by !== '' && (there?.refund_fee ?? 0) !== refund_fee)
      findings.report(
        'refunded at most what was paid',
        `${out_refund_no} is ${refund_fee} fen here and ${there?.refund_fee ?? 0} at WeChat`,
      );
  }
  for (const { out_refund_no, isByStaff } of atWeChat.values())
    if (!isByStaff && !books.refunds.has(out_refund_no))
      findings.report('saved before asked', `WeChat has the refund ${out_refund_no}, the database does not`);
  for (const order of books.orders.values()) {
    const sum = [...books.refunds.values()]
      .filter(({ out_trade_no, state }) => out_trade_no === order.out_trade_no && state === 'SUCCESS')
      .reduce((total, { refund_fee }) => total + refund_fee, 0);
    if (sum !== order.refunded_fee)
      findings.report(
        'refunded at most what was paid',
        `${order.out_trade_no} says ${order.refunded_fee}, its refunds ${sum}`,
      );
    const there = payments().refundedOf(order.out_trade_no);
    if (order.channel === 'virtualpay' && order.refunded_fee > there)
      findings.report(
        'refunded at most what was paid',
        `${order.out_trade_no} ends with ${order.refunded_fee} given back here, ${there} at WeChat`,
      );
  }
}

function shown(moment: number): string {
  return moment === 0 ? 'none' : new Date(moment).toISOString();
}
