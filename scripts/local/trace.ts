import { brief } from './brief.ts';

/** Who takes part in a purchase. The console draws one lane for each. */
export const PARTIES = [
  'mini-program',
  'function',
  'database',
  'wechatpay',
  'weixin',
  'timer',
  'shopper',
  /** The merchant's group chat. */
  'robot',
] as const;
export type Party = (typeof PARTIES)[number];

/** One thing that happened between two parties. */
export interface TraceEvent {
  /** Counts up from 1; a page that reconnects asks for what came after the last one it has. */
  readonly seq: number;
  /** The local world's time, not the machine's. */
  readonly at: Date;
  readonly from: Party;
  readonly to: Party;
  /** `lost` is a message that did not arrive; `change` is what a message changed at `to`. */
  readonly kind: 'call' | 'reply' | 'lost' | 'change';
  /** A few words in the wire's own names: `createOrder`, `/pay/unifiedorder`, `database.getDocument orders`. */
  readonly label: string;
  /** Ties a reply to its call, and the database calls of a function to its invocation. */
  readonly id?: string;
  /** The invocation of a function in whose course this happened. */
  readonly invocation?: string;
  /** The order that it is about, where what was sent does not name it. */
  readonly about?: string;
  /** Whose phone it came from or went to, where that is known. */
  readonly openid?: string;
  /** What was sent, as JSON, with secrets already masked. What is long is cut, and says so. */
  readonly payload?: unknown;
  /** How far the world's clock was ahead of the machine, in milliseconds; left out where it was not. */
  readonly offset?: number;
}

/** How many events are kept for whoever opens the console late. */
export const TRACE_EVENTS_MAX = 2000;
/** How much one event keeps of what was sent. A notice has 1 KB; bodies and answers may have megabytes. */
export const EVENT_BYTES_MAX = 8 * 1024;
/** How much all of them keep. */
export const TRACE_BYTES_MAX = 4 * 2 ** 20;
/** A label names a path, a function or a collection, and what is called so may be anything. */
const LABEL_CHARACTERS_MAX = 200;

/** What just happened, in order: the local world's parts record, the console and `npm run demo` listen. */
export class Trace {
  /** Whether anything that is recorded is kept; else nobody needs to prepare it. */
  readonly isKept: boolean = true;
  readonly #now: () => Date;
  readonly #offset: () => number;
  readonly #events: { readonly event: TraceEvent; readonly bytes: number }[] = [];
  readonly #listeners = new Set<(event: TraceEvent) => void>();
  #seq = 0;
  #bytes = 0;
  #invocation: string | undefined;

  /** @param offset how far the world's clock is ahead of the machine, in milliseconds */
  constructor(now: () => Date, offset: () => number = () => 0) {
    this.#now = now;
    this.#offset = offset;
  }

  /** Goes on from what an earlier run kept, oldest first, before anything is recorded. */
  resume(events: readonly TraceEvent[]): void {
    for (const event of events) this.#keep(event, JSON.stringify(event.payload ?? '').length);
    this.#seq = events.at(-1)?.seq ?? 0;
  }

  /** Does work at once, in the course of a call of a function: what is recorded meanwhile belongs to it. */
  within<Result>(invocation: string | undefined, work: () => Result): Result {
    const before = this.#invocation;
    this.#invocation = invocation;
    try {
      return work();
    } finally {
      this.#invocation = before;
    }
  }

  record({ payload, label, ...event }: Omit<TraceEvent, 'seq' | 'at' | 'offset'>): void {
    const { content, bytes } = brief(payload, EVENT_BYTES_MAX);
    const offset = this.#offset();
    const recorded = {
      ...(this.#invocation === undefined ? {} : { invocation: this.#invocation }),
      ...event,
      // Through JSON, so that the whole text is not kept for the sake of its beginning.
      label: JSON.parse(JSON.stringify(label.slice(0, LABEL_CHARACTERS_MAX))),
      ...(content === undefined ? {} : { payload: content }),
      seq: ++this.#seq,
      at: this.#now(),
      ...(offset > 0 ? { offset } : {}),
    };
    this.#keep(recorded, bytes);
    for (const listener of this.#listeners) listener(recorded);
  }

  /** The kept events with a `seq` above `after`. */
  since(after = 0): readonly TraceEvent[] {
    return this.#events.flatMap(({ event }) => (event.seq > after ? [event] : []));
  }

  /** Calls `listener` for every event from now on; the answer stops that. */
  subscribe(listener: (event: TraceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #keep(event: TraceEvent, bytes: number): void {
    this.#events.push({ event, bytes });
    this.#bytes += bytes;
    while (this.#events.length > TRACE_EVENTS_MAX || this.#bytes > TRACE_BYTES_MAX) {
      this.#bytes -= this.#events.shift()?.bytes ?? 0;
    }
  }
}
