import type { Cancel, WorldClock } from '../clock.ts';
import type { Faults, NoticeFault } from './faults.ts';
import type { Ledger, LedgerOrder, NoticeAttempt, Payment } from './ledger.ts';
import type { Registry } from './merchants.ts';
import { composeNotice, type Forgery, forgeNotice, type Pen } from './notice.ts';
import { type Posts, postNotice } from './post-notice.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** From one notice to the next, for as long as SUCCESS is not read: 24 hours and 4 minutes in all. */
export const NOTICE_GAPS_MS: readonly number[] = [
  ...[15, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[3, 10, 20, 30, 30, 30, 60].map((minutes) => minutes * MINUTE_MS),
  ...[3, 3, 3, 6, 6].map((hours) => hours * HOUR_MS),
];

interface Surroundings extends Posts {
  readonly clock: WorldClock;
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly noticeSignType: boolean;
}

interface Turn {
  readonly turn: number;
  readonly at: Date;
  readonly previous: Promise<unknown>;
}

const NOTICE_FAULTS = [
  'lose-notice',
  'lose-reply',
  'repeat-notice',
  'delay-notice',
  'reorder-notice',
] as const;

/** Notifies merchants of payments, and repeats until they answer SUCCESS. */
export class Notices {
  readonly #world: Surroundings;
  readonly #inFlight = new Set<Promise<unknown>>();
  #held: (() => Promise<unknown>)[] = [];

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** Begins with a payment: the first notice goes out at once. */
  begin(order: LedgerOrder, payment: Payment): void {
    const body = composeNotice(order, payment, this.#pen(order));
    this.#plan(order, body, { turn: 0, at: this.#world.clock.now(), previous: Promise.resolve() });
  }

  /** Goes on with the schedule where an earlier run left it. */
  resume(order: LedgerOrder): void {
    const { payment, notices, next_notice_at } = order;
    if (!payment || !next_notice_at) return;
    const turn = Math.min(notices.length, NOTICE_GAPS_MS.length);
    const body = composeNotice(order, payment, this.#pen(order));
    this.#plan(order, body, { turn, at: next_notice_at, previous: Promise.resolve() });
  }

  /** Sends the notice of a paid order now, outside the schedule, `times` times. */
  async resend(order: LedgerOrder, { times = 1, parallel = false } = {}): Promise<readonly NoticeAttempt[]> {
    if (!order.payment)
      throw new Error(`Order ${order.out_trade_no} is not paid, so there is no notice of it`);
    const body = composeNotice(order, order.payment, this.#pen(order));
    return this.#fly(this.#postAll(order, body, { times, parallel }));
  }

  /** Sends a notice that must not be believed. It is no part of the order's own notices. */
  async forge(order: LedgerOrder, forgery: Forgery): Promise<NoticeAttempt> {
    const body = forgeNotice(order, forgery, this.#pen(order));
    return this.#fly(postNotice(this.#world, order, { body, label: `forged: ${forgery}` }));
  }

  /** Resolves when no notice is on its way. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
  }

  /**
   * Each turn plans the next one before it sends, and the next one waits for it: so a clock that is moved while a
   * notice is in flight neither skips nor overtakes it. An order whose notices are not over has a next_notice_at at every
   * moment, since a run that is killed goes on from there.
   */
  #plan(order: LedgerOrder, body: string, { turn, at, previous }: Turn): Cancel {
    const { clock, faults, ledger } = this.#world;
    ledger.change(order, { next_notice_at: at });
    return clock.schedule(at, async () => {
      await previous;
      if (isOver(order)) return;
      const fault = faults.take(NOTICE_FAULTS, { out_trade_no: order.out_trade_no });
      if (fault?.kind === 'delay-notice') {
        const later = new Date(at.getTime() + fault.ms);
        this.#plan(order, body, { turn, at: later, previous: Promise.resolve() });
        return;
      }
      const sending = this.#fly(this.#send(order, body, fault));
      const gap = NOTICE_GAPS_MS[turn];
      const next =
        gap === undefined
          ? undefined
          : { turn: turn + 1, at: new Date(at.getTime() + gap), previous: sending };
      const cancel = next && this.#plan(order, body, next);
      await sending;
      if (next && !isOver(order)) return;
      cancel?.();
      ledger.change(order, { next_notice_at: undefined });
      const last = order.notices.at(-1);
      if (last?.outcome === 'refused') throw new Error(last.why);
    });
  }

  async #send(order: LedgerOrder, body: string, fault: NoticeFault | undefined): Promise<void> {
    switch (fault?.kind) {
      case 'lose-notice':
        this.#lose(order, 'lost', 'the notice was lost, as asked for');
        return;
      case 'reorder-notice':
        this.#held.push(() => this.#keep(order, body));
        return;
      case 'lose-reply':
        await postNotice(this.#world, order, { body, label: 'notice' });
        this.#lose(order, 'reply lost', 'the reply was lost, as asked for');
        return;
      case 'repeat-notice':
        await this.#postAll(order, body, fault);
        break;
      default:
        await this.#keep(order, body);
    }
    const held = this.#held;
    this.#held = [];
    for (const send of held) await send();
  }

  async #postAll(
    order: LedgerOrder,
    body: string,
    { times, parallel = false }: { readonly times: number; readonly parallel?: boolean },
  ): Promise<readonly NoticeAttempt[]> {
    if (parallel) return Promise.all(Array.from({ length: times }, () => this.#keep(order, body)));
    const attempts: NoticeAttempt[] = [];
    for (let time = 0; time < times; time++) attempts.push(await this.#keep(order, body));
    return attempts;
  }

  /** Posts, and writes into the order's list what came of it. */
  async #keep(order: LedgerOrder, body: string): Promise<NoticeAttempt> {
    const attempt = await postNotice(this.#world, order, { body, label: 'notice' });
    this.#world.ledger.change(order, { notices: [...order.notices, attempt] });
    return attempt;
  }

  /** What a notice is written with today. */
  #pen(order: LedgerOrder): Pen {
    const { clock, random, noticeSignType, registry } = this.#world;
    return { key: registry.get(order.mch_id).api_key, now: clock.now(), random, noticeSignType };
  }

  #lose(order: LedgerOrder, outcome: 'lost' | 'reply lost', why: string): void {
    const { clock, trace, ledger } = this.#world;
    ledger.change(order, { notices: [...order.notices, { at: clock.now(), outcome, why }] });
    const way =
      outcome === 'lost'
        ? ({ from: 'wechatpay', to: 'function' } as const)
        : ({ from: 'function', to: 'wechatpay' } as const);
    trace.record({
      ...way,
      kind: 'lost',
      label: 'notice',
      payload: { out_trade_no: order.out_trade_no, why },
    });
  }

  #fly<T>(sending: Promise<T>): Promise<T> {
    const flight = sending.finally(() => this.#inFlight.delete(flight));
    this.#inFlight.add(flight);
    return flight;
  }
}

/** No more notices: the merchant has it, or cannot be posted to at all. */
function isOver({ notices }: LedgerOrder): boolean {
  return notices.some(({ outcome }) => outcome === 'SUCCESS' || outcome === 'refused');
}
