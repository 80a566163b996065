import type { ShippablePayment } from '../../scripts/local/weixin/shipping.ts';
import type { AlarmBook } from './alarms.ts';
import type { Books } from './books.ts';
import type { Chance } from './chance.ts';
import type { Findings } from './findings.ts';
import type { PaymentSide } from './payment-side.ts';
import type { Scheduler } from './scheduler.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** In so many runs the functions tell WeChat what was delivered; in so many of those it never wants to know, or only later. */
const IS_ON = 0.3;
const IS_NEVER_MANAGED = 0.15;
const IS_MANAGED_LATER = 0.4;
/** That it wants to know is noticed within a minute by each function's own clock. */
const NOTICED_MS = 2 * MINUTE_MS;
/** Some orders it refuses for good, whatever it is told. */
const IS_REFUSED = 0.03;
/** A payment may be known to it this much later than it was made. */
const KNOWN_LATE_MS = 2 * MINUTE_MS;

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly books: Books;
  readonly findings: Findings;
  readonly alarms: AlarmBook;
  /** A seed from before shops could have it on: its week stays the week it was. */
  readonly isPlain: boolean;
  readonly payments: () => Pick<PaymentSide, 'order' | 'refundedOf'>;
}

/** What the shipping service knows and wants in a run, and whether it was told right. */
export class ShippingSide {
  /** Whether the functions have it switched on. */
  readonly isOn: boolean;
  readonly #world: Surroundings;
  readonly #managedFrom: number;
  readonly #paidAt = new Map<string, number>();
  readonly #settledAt = new Map<string, number>();
  readonly #refused = new Map<string, boolean>();

  constructor(world: Surroundings) {
    const { chance, scheduler, books, isPlain } = world;
    this.#world = world;
    this.isOn = chance.happens(IS_ON) && !isPlain;
    const isNever = chance.happens(IS_NEVER_MANAGED);
    const laterMs = chance.happens(IS_MANAGED_LATER) ? chance.whole(0, 6 * DAY_MS) : 0;
    this.#managedFrom = isNever ? Number.POSITIVE_INFINITY : scheduler.time + laterMs;
    books.onCommit(({ orders }) => {
      for (const { id, after } of orders)
        if (isPaid(after) && !this.#settledAt.has(id)) this.#settledAt.set(id, scheduler.time);
    });
  }

  get isManaged(): boolean {
    return this.#world.scheduler.time >= this.#managedFrom;
  }

  /** What the service knows of a payment of WeChat Pay. */
  paymentOf(out_trade_no: string): ShippablePayment | undefined {
    const { chance, scheduler, payments } = this.#world;
    const truth = payments().order(out_trade_no);
    if (!truth?.isPaid) return undefined;
    const paid_at = this.#paidAt.get(out_trade_no) ?? scheduler.time - chance.whole(0, KNOWN_LATE_MS);
    this.#paidAt.set(out_trade_no, paid_at);
    const isRefunded = payments().refundedOf(out_trade_no) >= truth.total_fee;
    return { openid: truth.openid, paid_at: new Date(paid_at), isRefunded };
  }

  /** Shipping information arrives; answers the errcode with which it is refused whatever it says. */
  arrives(out_trade_no: string): number | undefined {
    const { books, findings, chance, alarms } = this.#world;
    const wrong = (what: string) =>
      findings.report('shipped in the end', `${out_trade_no} is shipped, and ${what}`);
    const order = books.orders.get(out_trade_no);
    if (!this.isOn) wrong('nobody asked the functions to');
    if (this.#managedFrom === Number.POSITIVE_INFINITY) wrong('WeChat does not want to know');
    if (!order || !isPaid(order)) wrong(`is ${order?.trade_state ?? 'not there'}`);
    if (order?.channel === 'virtualpay') wrong('is paid by virtual payment');
    const isRefused = this.#refused.get(out_trade_no) ?? chance.happens(IS_REFUSED);
    this.#refused.set(out_trade_no, isRefused);
    if (!isRefused) return undefined;
    alarms.expect('shipping refused', out_trade_no, { isSure: false });
    return REFUSED;
  }

  /** When the last order that is still to be shipped has its turn. */
  get lastTurn(): number {
    const due = [...this.#world.books.orders.values()].filter(
      ({ isUndelivered, channel }) => isUndelivered && channel === 'wechatpay',
    );
    return Math.max(0, ...due.map(({ next_query_at }) => next_query_at));
  }

  /** At the very end: every order that had to be shipped was, and once. */
  check(shipped: readonly { readonly out_trade_no: string; readonly times: number }[]): void {
    const { books, findings, payments } = this.#world;
    const times = new Map(shipped.map((order) => [order.out_trade_no, order.times]));
    for (const [out_trade_no, count] of times)
      if (count > 1) findings.report('shipped in the end', `${out_trade_no} was shipped ${count} times`);
    if (!this.isOn) return;
    for (const order of books.orders.values()) {
      const { out_trade_no, channel, held, refunded_fee, total_fee } = order;
      const settledAt = this.#settledAt.get(out_trade_no);
      if (channel !== 'wechatpay' || held || settledAt === undefined || !isPaid(order)) continue;
      if (books.ofAnotherMerchant.has(out_trade_no) || this.#refused.get(out_trade_no)) continue;
      if (settledAt < this.#managedFrom + NOTICED_MS) continue;
      if (refunded_fee >= total_fee || payments().refundedOf(out_trade_no) >= total_fee) continue;
      if (order.hasOpenRefund || times.has(out_trade_no)) continue;
      findings.report('shipped in the end', `${out_trade_no} is ${order.trade_state} and was never shipped`);
    }
  }
}

/** 该笔支付单不属于 openid 所指定的用户 */
const REFUSED = 10060031;

function isPaid({ trade_state }: { readonly trade_state: string }): boolean {
  return trade_state === 'SUCCESS' || trade_state === 'REFUND';
}
