import type { TraceEvent } from '../trace.ts';
import { masked } from './mask.ts';
import type { ConsoleParts } from './parts.ts';
import type { ConsoleEvent } from './wire.ts';

/** As many as the trace keeps events. */
const OFFSETS_MAX = 2000;
/** Events in one message, so that a page that opens late is not given everything in one piece. */
const EVENTS_PER_BATCH_MAX = 200;

/** The trace as the page gets it: masked, and with how far the clock had been moved, which the trace does not know. */
export class Feed {
  readonly #parts: ConsoleParts;
  readonly #offsets = new Map<number, number>();
  readonly #waiting = new Set<() => void>();
  readonly #unsubscribe: () => void;

  constructor(parts: ConsoleParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.trace.subscribe((event) => this.#receive(event));
  }

  /** The next events after `seq`, oldest first; none when there are none yet. */
  after(seq: number): readonly ConsoleEvent[] {
    return this.#parts.trace
      .since(seq)
      .slice(0, EVENTS_PER_BATCH_MAX)
      .map((event) => this.#shown(event));
  }

  /** Whether something was recorded within `ms` of real time; closing counts as such. */
  next(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(limit);
        resolve(true);
      };
      const limit = setTimeout(() => {
        this.#waiting.delete(wake);
        resolve(false);
      }, ms);
      this.#waiting.add(wake);
    });
  }

  close(): void {
    this.#unsubscribe();
    this.#wake();
  }

  #receive({ seq }: TraceEvent): void {
    this.#offsets.set(seq, this.#parts.clock.offset);
    this.#offsets.delete(seq - OFFSETS_MAX);
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  #shown({ payload, at, ...event }: TraceEvent): ConsoleEvent {
    return {
      ...event,
      at: at.toISOString(),
      offset: this.#offsets.get(event.seq) ?? 0,
      ...(payload === undefined ? {} : { payload: masked(payload, this.#parts.secrets) }),
    };
  }
}
