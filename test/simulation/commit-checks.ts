import type { Books, Change, Commit } from './books.ts';
import { monthsLater } from './calendar.ts';
import type { CheckedWorld } from './checked-world.ts';
import { endOf, isUnsettled, type StoredOrder } from './documents.ts';
import type { PaymentSide, Truth } from './payment-side.ts';
import { checkRefunds } from './refund-checks.ts';

/** What there is once all is quiet, in the simulation or on the disk of a world that was killed. */
export interface QuietWorld extends Pick<CheckedWorld, 'findings'> {
  readonly payments: () => Pick<PaymentSide, 'order' | 'orders'>;
  readonly books: Pick<Books, 'orders'> & Partial<Pick<Books, 'ofAnotherMerchant'>>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** query_order may say so long after a payment that there is none. */
const SHOWN_LATE_MS = 3 * MINUTE_MS;
/** From the moment at which a question is due until its answer is booked. */
const ANSWERED_MS = 6 * MINUTE_MS;
/** After an event about a refund for which nothing was found, the timer looks again so much later, and is answered. */
const LOOKED_AGAIN_MS = 10 * MINUTE_MS + ANSWERED_MS;
/**
 * A settlement is booked under the moment it began. A function lives for a minute at most, and what it sent may arrive
 * some seconds after that.
 */
const FUNCTION_LIFE_MS = 75_000;

/** From each state, where an order may go; WeChat's own transitions, and money that is honoured after a close. */
const MAY_BECOME: Readonly<Record<string, readonly string[]>> = {
  NOTPAY: ['USERPAYING', 'PAYERROR', 'SUCCESS', 'CLOSED', 'REFUND'],
  USERPAYING: ['NOTPAY', 'PAYERROR', 'SUCCESS', 'CLOSED', 'REFUND'],
  PAYERROR: ['NOTPAY', 'USERPAYING', 'SUCCESS', 'CLOSED', 'REFUND'],
  SUCCESS: ['REFUND'],
  CLOSED: ['SUCCESS', 'REFUND'],
  REFUND: [],
};

/** Looks at every commit as it happens. */
export function watchCommits(world: CheckedWorld): void {
  world.books.onCommit((commit) => {
    if (commit.isByHand) return;
    for (const change of commit.orders) if (!isNonsense(change.after)) checkOrder(world, change);
    checkGrants(world, commit);
    checkRefunds(world, commit);
    callForAlarms(world, commit);
  });
}

function checkOrder(
  { books, payments, findings, now, calmSince, skewMs }: CheckedWorld,
  { before, after }: Change<StoredOrder>,
): void {
  const { out_trade_no, product_id, months, total_fee, trade_state } = after;
  if (!before) {
    const prices = books.pricesSince(product_id, months, now() - FUNCTION_LIFE_MS);
    if (!prices.includes(total_fee))
      findings.report(
        'catalogue price',
        `${out_trade_no} was made for ${total_fee} fen; the catalogue said ${prices.join(', ') || 'nothing'}`,
      );
    if (trade_state !== 'NOTPAY')
      findings.report('settled once', `${out_trade_no} was created as ${trade_state}`);
    return;
  }
  if (
    before.total_fee !== total_fee ||
    before.openid !== after.openid ||
    before.months !== months ||
    before.channel !== after.channel
  )
    findings.report('catalogue price', `${out_trade_no} is another order than it was`);
  // A refund that is under way is asked about, and one that was just seen, or that an event reported, is looked for.
  const isAsked =
    after.hasRefund ||
    after.isUndelivered ||
    after.trade_state === 'REFUND' ||
    books.refundHints.has(out_trade_no) ||
    // Somebody released it, and whoever has claimed it asks.
    (before.trade_state === 'CLOSED' && before.next_query_at !== 0);
  if (!isUnsettled(after) && after.next_query_at !== 0 && !isAsked)
    findings.report('every order ends', `${out_trade_no} is ${trade_state} and is to be asked about again`);
  if (!isUnsettled(before) && before.cancelled_at !== after.cancelled_at)
    findings.report('settled once', `${out_trade_no} was cancelled when it was ${trade_state} already`);
  if (before.trade_state === trade_state) return;
  if (!MAY_BECOME[before.trade_state]?.includes(trade_state))
    findings.report('settled once', `${out_trade_no} went from ${before.trade_state} to ${trade_state}`);
  const truth = payments().order(out_trade_no);
  if (
    isUnsettled(before) &&
    !before.held &&
    isOverdue({ order: before, truth, now: now(), calmSince: calmSince() })
  )
    findings.report(
      'payments are found in time',
      `${out_trade_no} was paid at ${shown(truth?.paid_at ?? 0)} and is booked only now`,
    );
  if (trade_state === 'CLOSED' && truth?.trade_state !== 'CLOSED') {
    // One that WeChat never had can be closed once WeChat would not take it any more.
    // Nor can virtual payment be asked to close: there it is over once no money is waited for any more.
    const mayEnd = after.channel === 'virtualpay' || !truth;
    if (!mayEnd || now() + skewMs < endOf(after))
      findings.report(
        'closed is closed',
        `${out_trade_no} is CLOSED here and ${truth?.trade_state ?? 'not yet'} at WeChat`,
      );
  }
  if (trade_state === 'SUCCESS' && !isPaidAsOrdered(truth, after))
    findings.report(
      'no grant without payment',
      `${out_trade_no} is SUCCESS here and ${truth?.trade_state ?? 'nothing'} at WeChat`,
    );
}

/** A membership moves only together with its order, by the months that were paid for. */
function checkGrants({ findings, now, skewMs }: CheckedWorld, { orders, users, refunds }: Commit): void {
  const paid = orders.filter(
    ({ before, after }) => before?.trade_state !== 'SUCCESS' && after.trade_state === 'SUCCESS',
  );
  // Of an order never seen paid the term is granted when its refund is seen, and then cut.
  const refunded = orders.filter(({ after }) => after.trade_state === 'REFUND' || after.refunded_fee > 0);
  const isRefund = refunds.some(({ after }) => after.state === 'SUCCESS');
  for (const { id, before, after } of users) {
    for (const [product_id, end] of after) {
      const held = before?.get(product_id) ?? 0;
      if (end === held) continue;
      const order = paid.find(
        (change) => change.after.openid === id && change.after.product_id === product_id,
      )?.after;
      if (!order && (isRefund || refunded.some(({ after: each }) => each.openid === id))) continue;
      if (!order) {
        findings.report('no grant without payment', `${id}'s ${product_id} moved without a payment`);
        continue;
      }
      const window = { from: now() - FUNCTION_LIFE_MS - skewMs, to: now() + skewMs };
      if (!isGranted({ held, end, months: order.months }, window) || order.expires_at !== end)
        findings.report(
          'granted correctly',
          `${order.out_trade_no} paid ${order.months} months of ${product_id}: ${shown(held)} became ${shown(end)}`,
        );
    }
  }
  for (const { after } of paid) {
    const user = users.find(({ id }) => id === after.openid);
    if (user?.after.get(after.product_id) === user?.before?.get(after.product_id))
      findings.report('granted correctly', `${after.out_trade_no} is SUCCESS and granted nothing`);
  }
}

/**
 * Whether `end` is so many months after the end before, or after some moment of the window. Months are no even measure
 * (from the 30th of January and from the 31st one ends on the same day), so it is that very moment that is looked for.
 */
function isGranted(
  { held, end, months }: { held: number; end: number; months: number },
  { from, to }: { from: number; to: number },
): boolean {
  if (held > from && monthsLater(held, months) === end) return true;
  // Cut short by a shorter month it ends with that month, whenever on its last days it began.
  if ([to, Math.max(from, held)].some((began) => monthsLater(began, months) === end)) return true;
  // Else it keeps the time of day at which it began.
  const began = to - ((((to - end) % DAY_MS) + DAY_MS) % DAY_MS);
  return began >= Math.max(from, held) && monthsLater(began, months) === end;
}

/** What a settlement itself must alarm of. */
function callForAlarms({ alarms, books }: CheckedWorld, { orders }: Commit): void {
  for (const { before, after } of orders) {
    const { out_trade_no, openid, product_id, trade_state } = after;
    if (!before || before.trade_state === trade_state) continue;
    if (trade_state === 'REFUND' && (isUnsettled(before) || before.trade_state === 'CLOSED'))
      alarms.expect('refund before the payment was seen', out_trade_no, { isSure: true });
    if (before.trade_state === 'CLOSED' && trade_state === 'SUCCESS')
      alarms.expect('payment after the close', out_trade_no, { isSure: true });
    if (trade_state === 'SUCCESS' && isPaidBeside(books, after))
      alarms.expect('two payments for one order', out_trade_no, { isSure: true });
    const isGranted =
      trade_state === 'SUCCESS' ||
      (trade_state === 'REFUND' && after.expires_at !== 0 && before.expires_at === 0);
    if (isGranted && books.unreadable.delete(`${openid} ${product_id}`))
      alarms.expect('membership unreadable', out_trade_no, { isSure: true });
  }
}

/** Whether an order that this one replaced, or that replaced it, also over others in between, is paid as well. */
function isPaidBeside({ orders }: Books, order: StoredOrder): boolean {
  const replacing = (out_trade_no: string) =>
    [...orders.values()].find(({ supersedes }) => supersedes === out_trade_no);
  for (let next = orders.get(order.supersedes); next; next = orders.get(next.supersedes))
    if (next.trade_state === 'SUCCESS') return true;
  for (let next = replacing(order.out_trade_no); next; next = replacing(next.out_trade_no))
    if (next.trade_state === 'SUCCESS') return true;
  return false;
}

function isPaidAsOrdered(truth: ReturnType<PaymentSide['order']>, order: StoredOrder): boolean {
  return truth?.isPaid === true && truth.total_fee === order.total_fee && truth.openid === order.openid;
}

function shown(moment: number): string {
  return moment === 0 ? 'none' : new Date(moment).toISOString();
}

/** One that the merchant wrote by hand. */
function isNonsense({ created_at }: StoredOrder): boolean {
  return created_at === 0;
}

/**
 * Once nothing goes wrong any more, an order that is over by its time must be settled within so many minutes, and a payment
 * must be found by the schedule.
 */
export function checkEnded(
  { books, payments, findings }: QuietWorld,
  { endedBy, minutes, calmSince = endedBy }: QuietTime,
): void {
  const now = endedBy + minutes * MINUTE_MS;
  for (const order of books.orders.values()) {
    const { out_trade_no, trade_state, held, next_query_at } = order;
    if (trade_state === 'CLOSED' && next_query_at !== 0 && endOf(order) <= endedBy)
      findings.report(
        'every order ends',
        `${out_trade_no} is CLOSED and still asked about after ${minutes} quiet minutes`,
      );
    // A forgery may arrive late as well: an order under review waits for a human, and not for us.
    if (!isUnsettled(order) || held || isNonsense(order) || books.ofAnotherMerchant?.has(out_trade_no))
      continue;
    const truth = payments().order(out_trade_no);
    if (endOf(order) <= endedBy)
      findings.report(
        'every order ends',
        `${out_trade_no} is ${trade_state} after ${minutes} quiet minutes; WeChat says ${truth?.trade_state ?? 'nothing'}`,
      );
    else if (isOverdue({ order, truth, now, calmSince }))
      findings.report(
        'payments are found in time',
        `${out_trade_no} is ${trade_state}; it was paid at ${shown(truth?.paid_at ?? 0)}`,
      );
  }
}

interface QuietTime {
  readonly endedBy: number;
  /** So long after that it is now. */
  readonly minutes: number;
  /** Since when nothing goes wrong; since `endedBy` if left out. */
  readonly calmSince?: number;
}

/**
 * Whether a payment should have been found by now. Where nothing can be closed an order is asked about at its end, then
 * hourly for a day, then daily until it is over, and whatever went wrong before it was calm is made up for by the next question.
 */
function isOverdue({ order, truth, now, calmSince }: Asked): boolean {
  if (truth?.paid_at === undefined) return false;
  const { time_expire } = order;
  const from = Math.max(truth.paid_at + SHOWN_LATE_MS, calmSince);
  if (from < time_expire) return now > time_expire + ANSWERED_MS;
  const next = from + (from - time_expire < DAY_MS ? HOUR_MS : DAY_MS);
  return now > Math.min(next, Math.max(from, endOf(order))) + ANSWERED_MS;
}

interface Asked {
  readonly order: StoredOrder;
  readonly truth: Truth | undefined;
  readonly now: number;
  readonly calmSince: number;
}

/** Looks at everything once the shop has been quiet for long enough. */
export function checkEnd({ books, payments, findings }: QuietWorld): void {
  for (const order of books.orders.values()) {
    const { out_trade_no, trade_state } = order;
    const truth = payments().order(out_trade_no);
    const isLeft = order.channel === 'virtualpay' && truth?.trade_state === 'NOTPAY';
    if (trade_state === 'CLOSED' && truth && truth.trade_state !== 'CLOSED' && !isLeft)
      findings.report(
        'closed is closed',
        `${out_trade_no} ended CLOSED here and ${truth.trade_state} at WeChat`,
      );
    if (truth && truth.total_fee !== order.total_fee)
      findings.report(
        'catalogue price',
        `${out_trade_no} is ${order.total_fee} fen here and ${truth.total_fee} at WeChat`,
      );
  }
  for (const { out_trade_no, isPaid, trade_state } of payments().orders()) {
    const order = books.orders.get(out_trade_no);
    if (!order) findings.report('saved before asked', `WeChat has ${out_trade_no}, the database does not`);
    else if (isPaid && order.trade_state !== 'SUCCESS' && order.trade_state !== 'REFUND')
      findings.report(
        'settled once',
        `${out_trade_no} is ${trade_state} at WeChat and ended ${order.trade_state} here`,
      );
  }
}

/**
 * The very last: WeChat knows of every delivery, or is to be told again, and of what is settled nothing is asked any more but for
 * that and for a refund that is under way.
 */
export function checkNoneDue({ books, payments, findings, now }: CheckedWorld): void {
  for (const order of books.orders.values()) {
    const { out_trade_no, trade_state, next_query_at, hasOpenRefund } = order;
    // The mark rests ever longer after each time that it was not taken.
    if (order.isUndelivered && next_query_at > now()) continue;
    if (trade_state === 'SUCCESS' && payments().order(out_trade_no)?.isDelivered === false)
      findings.report(
        'delivered in the end',
        `${out_trade_no} is SUCCESS, and WeChat waits for its delivery`,
      );
    if (isUnsettled(order) || next_query_at === 0 || hasOpenRefund || isNonsense(order)) continue;
    if (now() - (books.refundHints.get(out_trade_no) ?? 0) < LOOKED_AGAIN_MS) continue;
    findings.report(
      'every order ends',
      `${out_trade_no} is ${trade_state} and is to be asked about for ever, next at ${shown(next_query_at)}`,
    );
  }
}
