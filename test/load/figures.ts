import { createHistogram } from 'node:perf_hooks';

/** What one kind of call came to. Times in milliseconds. */
export interface Figures {
  readonly calls: number;
  /** What went wrong, and how often. */
  readonly errors: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
}

/** Counts and times calls. */
export class Stopwatch {
  readonly #times = createHistogram();
  readonly #errors = new Map<string, number>();
  readonly #begun = performance.now();
  #ended = 0;

  /** Times one call; its answer is undefined when all is well, else what is wrong. */
  async time(call: () => Promise<string | undefined>): Promise<void> {
    const begun = performance.now();
    const wrong = await call().catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    this.#ended = performance.now();
    this.#times.record(Math.max(1, Math.round((this.#ended - begun) * 1000)));
    if (wrong !== undefined) this.#errors.set(wrong, (this.#errors.get(wrong) ?? 0) + 1);
  }

  get figures(): Figures {
    return {
      calls: this.#times.count,
      errors: Object.fromEntries(this.#errors),
      seconds: (this.#ended - this.#begun) / 1000,
      median: this.#times.percentile(50) / 1000,
      p99: this.#times.percentile(99) / 1000,
      longest: this.#times.max / 1000,
    };
  }
}
