import type { WorldClock } from '../clock.ts';
import type { Trace } from '../trace.ts';
import { newRid, type Random } from '../weixin/spelling.ts';
import type { EventBody } from './events.ts';
import type { VirtualPayFaults } from './faults.ts';
import type { EventRecord, PushAttempt } from './ledger.ts';

const SECOND_MS = 1000;
/** After an answer that is not ok, or none: 15 times, with doubled gaps. Only the refund event's gaps are published, without a unit. */
export const EVENT_GAPS_MS: readonly number[] = Array.from(
  { length: 15 },
  (_, at) => 2 ** (at + 1) * SECOND_MS,
);
/** WeChat waits so long for the answer to an event. */
export const EVENT_TIMEOUT_MS = 5 * SECOND_MS;

/** One event on its way to the merchant's function. */
export interface Push {
  readonly event: EventBody;
  readonly id: string;
  readonly timeout_ms: number;
}

/**
 * Hands an event to the function that is subscribed to it, and answers what that returned. Rejects when no answer came
 * within `timeout_ms`; whoever delivers sees to that, since it is a real process that is waited for.
 */
export type Deliver = (push: Push) => Promise<unknown>;

/** Where an event's record is kept. */
export interface EventSlot {
  readonly out_trade_no: string;
  read(): EventRecord | undefined;
  write(record: EventRecord): void;
  /** The event is about to be pushed. */
  onPush?(): void;
  /** The function answered ok. */
  onOk?(): void;
}

interface Surroundings {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly trace: Trace;
  readonly faults: VirtualPayFaults;
  readonly deliver: Deliver;
}

interface Turn {
  readonly turn: number;
  readonly at: Date;
  readonly previous: Promise<unknown>;
}

/** Calls the merchant's function, and repeats until it answers ok. */
export class Pushes {
  readonly #world: Surroundings;
  readonly #inFlight = new Set<Promise<unknown>>();

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** The first push goes out at once. */
  begin(slot: EventSlot, body: EventBody): void {
    const at = this.#world.clock.now();
    slot.write({ body, attempts: [], next_at: at });
    this.#plan(slot, { turn: 0, at, previous: Promise.resolve() });
  }

  /** Goes on with the schedule where an earlier run left it. */
  resume(slot: EventSlot): void {
    const { attempts = [], next_at } = slot.read() ?? {};
    if (!next_at) return;
    const turn = Math.min(attempts.length, EVENT_GAPS_MS.length);
    this.#plan(slot, { turn, at: next_at, previous: Promise.resolve() });
  }

  /** Pushes an event again now, outside its schedule. */
  async resend(slot: EventSlot, { times = 1, parallel = false } = {}): Promise<readonly PushAttempt[]> {
    return this.#fly(this.#pushAll(slot, { times, parallel }));
  }

  /** Pushes once what belongs to no order's record. Never rejects; `answer` is what the function returned. */
  async once(
    body: EventBody,
    { label = labelOf(body), timeout_ms = EVENT_TIMEOUT_MS } = {},
  ): Promise<PushAttempt & { readonly answer?: unknown }> {
    return this.#fly(this.#post(body, { label, timeout_ms }));
  }

  /** Resolves when no event is on its way. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
  }

  /**
   * Each turn plans the next one before it pushes, and the next one waits for it: so a clock that is moved while an
   * event is in flight neither skips nor overtakes it.
   */
  #plan(slot: EventSlot, { turn, at, previous }: Turn): () => void {
    const { clock, faults } = this.#world;
    this.#note(slot, { next_at: at });
    return clock.schedule(at, async () => {
      await previous;
      if (isOver(slot)) {
        this.#note(slot, { next_at: undefined });
        return;
      }
      const { out_trade_no } = slot;
      const delay = faults.take(['delay-event'], { out_trade_no });
      if (delay) {
        this.#plan(slot, { turn, at: new Date(at.getTime() + delay.ms), previous: Promise.resolve() });
        return;
      }
      const sending = this.#fly(this.#send(slot));
      const gap = EVENT_GAPS_MS[turn];
      const later = gap === undefined ? undefined : new Date(at.getTime() + gap);
      const cancel = later && this.#plan(slot, { turn: turn + 1, at: later, previous: sending });
      await sending;
      if (cancel && !isOver(slot)) return;
      cancel?.();
      this.#note(slot, { next_at: undefined });
    });
  }

  async #send(slot: EventSlot): Promise<void> {
    const { faults } = this.#world;
    const { out_trade_no } = slot;
    const fault = faults.take(['lose-event', 'lose-reply', 'repeat-event'], { out_trade_no });
    if (fault?.kind === 'lose-event') return this.#lose(slot, 'lost', 'the event was lost, as asked for');
    if (fault?.kind === 'repeat-event') {
      await this.#pushAll(slot, fault);
      return;
    }
    if (fault?.kind !== 'lose-reply') {
      await this.#pushAll(slot, { times: 1 });
      return;
    }
    slot.onPush?.();
    await this.#post(this.#bodyOf(slot), {});
    this.#lose(slot, 'reply lost', 'the answer was lost, as asked for');
  }

  async #pushAll(
    slot: EventSlot,
    { times, parallel = false }: { readonly times: number; readonly parallel?: boolean },
  ): Promise<readonly PushAttempt[]> {
    if (parallel) return Promise.all(Array.from({ length: times }, () => this.#keep(slot)));
    const attempts: PushAttempt[] = [];
    for (let time = 0; time < times; time++) attempts.push(await this.#keep(slot));
    return attempts;
  }

  /** Pushes, and writes into the record what came of it. */
  async #keep(slot: EventSlot): Promise<PushAttempt> {
    slot.onPush?.();
    const { answer, ...attempt } = await this.#post(this.#bodyOf(slot), {});
    this.#note(slot, { attempts: [...(slot.read()?.attempts ?? []), attempt] });
    if (attempt.outcome === 'ok') slot.onOk?.();
    return attempt;
  }

  /** Repeats say how many came before. */
  #bodyOf(slot: EventSlot): EventBody {
    const { body = {}, attempts = [] } = slot.read() ?? {};
    return attempts.length === 0 ? body : { ...body, RetryTimes: attempts.length };
  }

  async #post(
    event: EventBody,
    { label = labelOf(event), timeout_ms = EVENT_TIMEOUT_MS }: { label?: string; timeout_ms?: number },
  ): Promise<PushAttempt & { readonly answer?: unknown }> {
    const { clock, random, trace, deliver } = this.#world;
    const id = newRid(random);
    const at = clock.now();
    trace.record({ from: 'weixin', to: 'function', kind: 'call', label, id, payload: event });
    try {
      const answer = await deliver({ event, id, timeout_ms });
      const outcome = isOk(answer) ? 'ok' : 'refused';
      trace.record({ from: 'function', to: 'weixin', kind: 'reply', label, id, payload: answer });
      return { at, outcome, answer, ...(outcome === 'ok' ? {} : { why: JSON.stringify(answer) }) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      trace.record({ from: 'weixin', to: 'function', kind: 'lost', label, id, payload: { why } });
      return { at, outcome: 'unreachable', why };
    }
  }

  #lose(slot: EventSlot, outcome: 'lost' | 'reply lost', why: string): void {
    const { clock, trace } = this.#world;
    const { body = {}, attempts = [] } = slot.read() ?? {};
    this.#note(slot, { attempts: [...attempts, { at: clock.now(), outcome, why }] });
    const way =
      outcome === 'lost'
        ? ({ from: 'weixin', to: 'function' } as const)
        : ({ from: 'function', to: 'weixin' } as const);
    const payload = { OutTradeNo: slot.out_trade_no, why };
    trace.record({ ...way, kind: 'lost', label: labelOf(body), payload });
  }

  #note(slot: EventSlot, change: Partial<EventRecord>): void {
    const record = slot.read();
    if (record) slot.write({ ...record, ...change });
  }

  #fly<T>(sending: Promise<T>): Promise<T> {
    const flight = sending.finally(() => this.#inFlight.delete(flight));
    this.#inFlight.add(flight);
    return flight;
  }
}

/** Empty answers and the word success count as ok; so a function that forgets to answer has acknowledged. */
export function isOk(answer: unknown): boolean {
  if (answer === undefined || answer === null || answer === '' || answer === 'success') return true;
  return typeof answer === 'object' && 'ErrCode' in answer && answer.ErrCode === 0;
}

function isOver(slot: EventSlot): boolean {
  return slot.read()?.attempts.some(({ outcome }) => outcome === 'ok') ?? true;
}

function labelOf({ Event }: EventBody): string {
  return String(Event);
}
