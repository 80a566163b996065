/** Who takes part in a purchase. The console draws one lane for each. */
export type Party = 'mini-program' | 'function' | 'database' | 'wechatpay' | 'timer' | 'shopper';

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
  /** What was sent, with secrets already masked. */
  readonly payload?: unknown;
}

/** How many events are kept for whoever opens the console late. */
const TRACE_EVENTS_MAX = 2000;

/** What just happened, in order: the local world's parts record, the console and `npm run demo` listen. */
export class Trace {
  readonly #now: () => Date;
  readonly #events: TraceEvent[] = [];
  readonly #listeners = new Set<(event: TraceEvent) => void>();
  #seq = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  record(event: Omit<TraceEvent, 'seq' | 'at'>): void {
    const recorded = { ...event, seq: ++this.#seq, at: this.#now() };
    this.#events.push(recorded);
    if (this.#events.length > TRACE_EVENTS_MAX) this.#events.shift();
    for (const listener of this.#listeners) listener(recorded);
  }

  /** The kept events with a `seq` above `after`. */
  since(after = 0): readonly TraceEvent[] {
    return this.#events.filter((event) => event.seq > after);
  }

  /** Calls `listener` for every event from now on; the answer stops that. */
  subscribe(listener: (event: TraceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
