import { createHash } from 'node:crypto';

/** How many of the last events a replay tells. */
const TOLD_EVENTS = 40;

/**
 * Everything that happens in a run, one line an event. Its hash stands for the whole run: two runs of one seed give the
 * same one. Only the last lines are kept, since a run has thousands.
 */
export class Story {
  readonly #now: () => number;
  readonly #hash = createHash('sha256');
  readonly #last: string[] = [];
  #count = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  tell(who: string, what: string): void {
    const line = `${this.#now()} ${who} ${what}`;
    this.#hash.update(line);
    this.#last[this.#count++ % TOLD_EVENTS] = line;
  }

  get count(): number {
    return this.#count;
  }

  /** Ends the story: nothing can be told afterwards. */
  hash(): string {
    return this.#hash.digest('hex').slice(0, 16);
  }

  /** The last events, oldest first, as somebody would read them: day, time of day in Beijing, who, what. */
  last(): string[] {
    const from = this.#count % TOLD_EVENTS;
    const lines =
      this.#count < TOLD_EVENTS ? this.#last : [...this.#last.slice(from), ...this.#last.slice(0, from)];
    return lines.map((line) => {
      const [, time = '', rest = ''] = /^(\d+) (.*)$/s.exec(line) ?? [];
      return `${momentInBeijing(Number(time))}  ${rest}`;
    });
  }
}

function momentInBeijing(time: number): string {
  const text = new Date(time + 8 * 3_600_000).toISOString();
  return `${text.slice(5, 10)} ${text.slice(11, 23)}`;
}
