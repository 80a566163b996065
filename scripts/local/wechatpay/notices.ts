import type { WorldClock } from '../clock.ts';
import type { Trace } from '../trace.ts';
import { type Deliver, NotThisMachineError } from './deliver.ts';
import type { Faults, NoticeFault } from './faults.ts';
import type { LedgerOrder, NoticeAttempt, Payment } from './ledger.ts';
import { mask } from './mask.ts';
import type { Registry } from './merchants.ts';
import { composeNotice, type Forgery, forgeNotice } from './notice.ts';
import { newNonce, type Random } from './spelling.ts';
import { readXml } from './xml.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** From one notice to the next, for as long as SUCCESS is not read: 24 hours and 4 minutes in all. */
export const NOTICE_GAPS_MS: readonly number[] = [
  ...[15, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[3, 10, 20, 30, 30, 30, 60].map((minutes) => minutes * MINUTE_MS),
  ...[3, 3, 3, 6, 6].map((hours) => hours * HOUR_MS),
];

interface Surroundings {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly trace: Trace;
  readonly registry: Registry;
  readonly faults: Faults;
  readonly deliver: Deliver;
  readonly noticeSignType: boolean;
}

const NOTICE_FAULTS = [
  'lose-notice',
  'lose-reply',
  'repeat-notice',
  'delay-notice',
  'reorder-notice',
] as const;

/** Tells merchants about payments, again and again until they say SUCCESS. */
export class Notices {
  readonly #world: Surroundings;
  readonly #inFlight = new Set<Promise<unknown>>();
  #held: (() => Promise<unknown>)[] = [];

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** Begins with a payment: the first notice goes out at once. */
  begin(order: LedgerOrder, payment: Payment): void {
    const { clock, random, noticeSignType, registry } = this.#world;
    const body = composeNotice(order, {
      key: registry.get(order.mch_id).api_key,
      random,
      payment,
      noticeSignType,
    });
    this.#plan(order, body, { turn: 0, at: clock.now(), previous: Promise.resolve() });
  }

  /** Sends the notice of a paid order now, outside the schedule, `times` times. */
  async resend(order: LedgerOrder, { times = 1, parallel = false } = {}): Promise<readonly NoticeAttempt[]> {
    if (!order.payment)
      throw new Error(`Order ${order.out_trade_no} is not paid: there is no notice of it to send`);
    const { random, noticeSignType, registry } = this.#world;
    const key = registry.get(order.mch_id).api_key;
    const body = composeNotice(order, { key, random, payment: order.payment, noticeSignType });
    return this.#fly(this.#postAll(order, body, { times, parallel }));
  }

  /** Sends a notice that must not be believed. It is no part of the order's own notices. */
  async forge(order: LedgerOrder, forgery: Forgery): Promise<NoticeAttempt> {
    const { clock, random, noticeSignType, registry } = this.#world;
    const key = registry.get(order.mch_id).api_key;
    const body = forgeNotice(order, forgery, { key, random, noticeSignType, now: clock.now() });
    return this.#fly(this.#post(order, body, `forged: ${forgery}`));
  }

  /** Resolves when no notice is on its way. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
  }

  /**
   * Each turn plans the next one before it sends, and the next one waits for it: so a clock that is moved while a
   * notice is in flight neither skips nor overtakes it.
   */
  #plan(
    order: LedgerOrder,
    body: string,
    { turn, at, previous }: { turn: number; at: Date; previous: Promise<unknown> },
  ) {
    const { clock, faults } = this.#world;
    clock.schedule(at, async () => {
      await previous;
      if (order.notices.some(({ outcome }) => outcome === 'SUCCESS' || outcome === 'refused')) return;
      const fault = faults.take(NOTICE_FAULTS, { out_trade_no: order.out_trade_no });
      if (fault?.kind === 'delay-notice') {
        const later = new Date(at.getTime() + fault.ms);
        this.#plan(order, body, { turn, at: later, previous: Promise.resolve() });
        return;
      }
      const sending = this.#fly(this.#send(order, body, fault));
      const gap = NOTICE_GAPS_MS[turn];
      const next = new Date(at.getTime() + (gap ?? 0));
      if (gap !== undefined) this.#plan(order, body, { turn: turn + 1, at: next, previous: sending });
      await sending;
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
        await this.#post(order, body, 'notice');
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
    const attempt = await this.#post(order, body, 'notice');
    order.notices = [...order.notices, attempt];
    if (attempt.outcome === 'refused') console.error(`WeChat Pay (local): ${attempt.why}`);
    return attempt;
  }

  async #post(order: LedgerOrder, body: string, label: string): Promise<NoticeAttempt> {
    const { clock, random, trace, deliver } = this.#world;
    const url = order.parameters.notify_url ?? '';
    const id = newNonce(random);
    const at = clock.now();
    trace.record({
      from: 'wechatpay',
      to: 'function',
      kind: 'call',
      label,
      id,
      payload: { url, ...mask(readXml(body)) },
    });
    try {
      const reply = await deliver({ url, body, id });
      const attempt: NoticeAttempt = { at, ...read(reply) };
      trace.record({
        from: 'function',
        to: 'wechatpay',
        kind: 'reply',
        label,
        id,
        payload: { ...reply, ...attempt },
      });
      return attempt;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      trace.record({ from: 'wechatpay', to: 'function', kind: 'lost', label, id, payload: { url, why } });
      return { at, outcome: error instanceof NotThisMachineError ? 'refused' : 'unreachable', why };
    }
  }

  #lose(order: LedgerOrder, outcome: 'lost' | 'reply lost', why: string): void {
    const { clock, trace } = this.#world;
    order.notices = [...order.notices, { at: clock.now(), outcome, why }];
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

/** Only return_code SUCCESS in a readable reply ends the notices. */
function read({
  status,
  body,
}: {
  readonly status: number;
  readonly body: string;
}): Pick<NoticeAttempt, 'outcome' | 'why'> {
  if (status !== 200) return { outcome: 'FAIL', why: `status ${status}` };
  try {
    const { return_code, return_msg = '' } = readXml(body);
    return return_code === 'SUCCESS' ? { outcome: 'SUCCESS' } : { outcome: 'FAIL', why: return_msg };
  } catch (error) {
    return {
      outcome: 'FAIL',
      why: `the reply is not readable: ${error instanceof Error ? error.message : error}`,
    };
  }
}
