import type { TraceEvent } from '../trace.ts';
import { masked } from './mask.ts';
import type { ConsoleParts } from './parts.ts';
import type { ConsoleEvent } from './wire.ts';

/** Events in one message, so that a page that opens late is not given everything in one piece. */
const EVENTS_PER_BATCH_MAX = 200;

/** The trace as the page gets it, masked. */
export class Feed {
  readonly #parts: Pick<ConsoleParts, 'trace' | 'secrets'>;
  readonly #waiting = new Set<() => void>();
  readonly #unsubscribe: () => void;

  constructor(parts: Pick<ConsoleParts, 'trace' | 'secrets'>) {
    this.#parts = parts;
    this.#unsubscribe = parts.trace.subscribe(() => this.#wake());
  }

  /** The next events after `seq`, oldest first; none when there are none yet. */
  after(seq: number): readonly ConsoleEvent[] {
    return this.#parts.trace
      .since(seq)
      .slice(0, EVENTS_PER_BATCH_MAX)
      .map((event) => shownEvent(event, this.#parts.secrets));
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

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}

/** An event without what nobody may see. */
export function shownEvent(
  { payload, at, offset = 0, ...event }: TraceEvent,
  secrets: readonly string[],
): ConsoleEvent {
  const shown = { ...event, at: at.toISOString(), offset };
  return payload === undefined ? shown : { ...shown, payload: masked(payload, secrets) };
}
