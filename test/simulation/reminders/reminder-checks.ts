import type { Books } from '../books.ts';
import type { Findings } from '../findings.ts';
import type { Outcome } from '../platform.ts';

/** Where a message to a shopper is sent. */
export const SEND_PATH = '/cgi-bin/message/subscribe/send';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const BEIJING_MS = 8 * HOUR_MS;
/** A shopper is reminded so long before the end at most. */
const BEFORE_MS = 3 * DAY_MS;
/** What a run has read is as old as the run at most. */
const RUN_MS = 75_000;
/** An order that is settled later may be waited for no more. */
const SETTLED_LATE_MS = 36 * HOUR_MS;
/** The shopper takes no message. */
const REFUSED = 43101;

interface Surroundings {
  readonly now: () => number;
  readonly books: Books;
  readonly findings: Findings;
  readonly skewMs: number;
}

/** A membership of a shopper, and how its end moved. */
interface Membership {
  readonly ends: readonly { readonly end: number; readonly from: number }[];
}

/** Looks at every message to a shopper as it arrives at WeChat, and in the end at those that never came. */
export class ReminderChecks {
  readonly #world: Surroundings;
  /** When a shopper last asked to be reminded, by `openid product`. */
  readonly #agreed = new Map<string, number>();
  readonly #memberships = new Map<string, Membership>();
  /** When WeChat took or refused a message, by `openid product end`. */
  readonly #answered = new Map<string, number>();
  /** When a run of the timer met trouble. */
  readonly #disturbed: number[] = [];

  constructor(world: Surroundings) {
    this.#world = world;
    world.books.onCommit(({ users, isByHand }) => {
      for (const { id, after } of users)
        for (const [product, end] of after) this.#note(`${id} ${product}`, end, isByHand);
    });
  }

  /** A phone asks that its shopper be reminded, and its call has reached the function. */
  asked(openid: string, out_trade_no: string): void {
    const { books, now } = this.#world;
    const order = books.orders.get(out_trade_no);
    if (order?.openid === openid) this.#agreed.set(`${openid} ${order.product_id}`, now());
  }

  /** A message has arrived at WeChat, which answers it so. */
  arrived(body: string, answer: string): void {
    const { now, findings, skewMs } = this.#world;
    const { touser, page, data } = JSON.parse(body);
    const product = new URL(page, 'http://127.0.0.1').searchParams.get('product_id') ?? '';
    const errcode = Number(/"errcode":(-?\d+)/.exec(answer)?.[1] ?? 0);
    const who = `${touser} ${product}`;
    const agreed = this.#agreed.get(who);
    if (agreed === undefined) {
      findings.report('reminded with consent', `${who} did not ask to be reminded`);
      return;
    }
    const told = String(data.time2.value);
    const message = `${who} ${told}`;
    const before = this.#answered.get(message);
    if (before !== undefined && agreed < before)
      findings.report('reminded once', `${who} is sent the end ${told} again`);
    if (errcode === 0 || errcode === REFUSED) this.#answered.set(message, now());
    const { ends } = this.#memberships.get(who) ?? { ends: [] };
    // What was so within a run's life may have been read by it.
    const since = now() - RUN_MS;
    const valid = ends.filter((_, place) => (ends[place + 1]?.from ?? Number.POSITIVE_INFINITY) >= since);
    const isTrue = valid.some(
      ({ end }) =>
        spelled(end) === told && end > since - skewMs && end - now() <= BEFORE_MS + RUN_MS + skewMs,
    );
    if (!isTrue)
      findings.report('reminded in time', `${who} is told ${told}; it ends ${ends.at(-1)?.end ?? 'never'}`);
  }

  /** A run of the timer has ended. */
  ended({ kind, troubles }: Outcome): void {
    if (kind !== 'answered' || troubles.size > 0) this.#disturbed.push(this.#world.now());
  }

  /** Whoever asked to be reminded of a membership that has ended since was sent a message, or WeChat refused it. */
  checkArrived(): void {
    const { now, findings, books } = this.#world;
    for (const [who, agreed] of this.#agreed) {
      const [, product = ''] = who.split(' ');
      const { ends } = this.#memberships.get(who) ?? { ends: [] };
      const { end = 0, from = 0 } = ends.at(-1) ?? {};
      const begin = end - BEFORE_MS;
      const isShort = ends.some((each, place) => each.end < (ends[place - 1]?.end ?? 0));
      const isOver = end < now() && begin > agreed + DAY_MS && from < agreed + SETTLED_LATE_MS;
      if (!isOver || isShort || !books.wasAlwaysOnSale(product)) continue;
      if (this.#disturbed.some((moment) => moment > agreed && moment <= end + HOUR_MS)) continue;
      if (!this.#answered.has(`${who} ${spelled(end)}`))
        findings.report('reminders arrive', `${who} was not reminded of ${new Date(end).toISOString()}`);
    }
  }

  #note(who: string, end: number, isByHand: boolean): void {
    const { ends } = this.#memberships.get(who) ?? { ends: [] };
    if (ends.at(-1)?.end === end) return;
    const from = this.#world.now();
    // What a human wrote may be anything: it counts as an end that was cut.
    const cut = isByHand ? [{ end: Number.POSITIVE_INFINITY, from }] : [];
    this.#memberships.set(who, { ends: [...ends, ...cut, { end, from }] });
  }
}

/** As a shopper reads it, in Beijing. */
function spelled(end: number): string {
  if (!Number.isFinite(end)) return '';
  const text = new Date(end + BEIJING_MS).toISOString();
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  return `${year}年${month}月${day}日 ${text.slice(11, 16)}`;
}
