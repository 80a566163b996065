import { createHash } from 'node:crypto';

/** How many of the last events a replay prints. */
const LAST_EVENTS = 40;
/** So many characters are gathered before they are hashed: a call of the hash costs more than a line. */
const HASHED_AT_ONCE = 8192;

/**
 * Everything that happens in a run, one line an event. Its hash identifies the whole run: two runs of one seed give the
 * same one. Only the last lines are kept, since a run has thousands.
 */
export class EventLog {
  readonly #now: () => number;
  readonly #hash = createHash('sha256');
  readonly #last: string[] = [];
  #unhashed = '';
  #count = 0;
  #end: number | undefined;

  readonly #onLine: ((line: string) => void) | undefined;

  /** @param onLine receives every event as it happens */
  constructor(now: () => number, onLine?: (line: string) => void) {
    this.#now = now;
    this.#onLine = onLine;
  }

  record(who: string, what: string): void {
    const line = `${this.#now()} ${who} ${what}`;
    this.#unhashed += line;
    if (this.#unhashed.length > HASHED_AT_ONCE) this.#hashAll();
    this.#onLine?.(readable(line));
    this.#count++;
    if (this.#end === undefined) this.#last[(this.#count - 1) % LAST_EVENTS] = line;
  }

  /** What was recorded until now is what a replay prints: the first finding is where it ends. */
  stop(): void {
    this.#end ??= this.#count;
  }

  get count(): number {
    return this.#count;
  }

  /** Ends the log: nothing can be recorded afterwards. */
  hash(): string {
    this.#hashAll();
    return this.#hash.digest('hex').slice(0, 16);
  }

  #hashAll(): void {
    this.#hash.update(this.#unhashed);
    this.#unhashed = '';
  }

  /** The last events, oldest first, as somebody would read them: day, time of day in Beijing, who, what. */
  last(): string[] {
    const count = this.#end ?? this.#count;
    const from = count % LAST_EVENTS;
    const lines =
      count < LAST_EVENTS ? this.#last : [...this.#last.slice(from), ...this.#last.slice(0, from)];
    return lines.map(readable);
  }
}

function readable(line: string): string {
  const [, time = '', rest = ''] = /^(\d+) (.*)$/s.exec(line) ?? [];
  return `${momentInBeijing(Number(time))}  ${rest}`;
}

function momentInBeijing(time: number): string {
  const text = new Date(time + 8 * 3_600_000).toISOString();
  return `${text.slice(5, 10)} ${text.slice(11, 23)}`;
}
