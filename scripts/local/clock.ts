/** Anything that can say what time it is. */
export interface Clock {
  now(): Date;
}

/** Takes a task back before it ran. Calling it twice, or too late, does nothing. */
export type Cancel = () => void;

interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => unknown;
}

/** The longest wait Node's setTimeout can express; a longer one is taken in pieces. */
const WAIT_MAX_MS = 2 ** 31 - 1;

/**
 * The one clock of the local world: every part asks it for the time and leaves its later work with it, so that
 * moving it moves everything. It runs with the machine's clock; `advance` puts it further ahead.
 */
export class WorldClock implements Clock {
  readonly #source: () => number;
  readonly #report: (error: unknown) => void;
  readonly #tasks = new Map<number, Task>();
  #offset = 0;
  #order = 0;
  #alarm: NodeJS.Timeout | undefined;
  #advancing: Promise<void> = Promise.resolve();
  #heading: number | undefined;

  /**
   * @param options.source the machine's time in milliseconds; a constant makes a world that moves only by `advance`
   * @param options.report where a failed task's error goes (a task never stops the clock)
   */
  constructor({
    source = Date.now,
    report = (error: unknown) => console.error(error),
  }: {
    source?: () => number;
    report?: (error: unknown) => void;
  } = {}) {
    this.#source = source;
    this.#report = report;
  }

  now(): Date {
    return new Date(this.#source() + this.#offset);
  }

  /** How far this world is ahead of the machine, in milliseconds; one that was loaded again may be behind. Function processes and the browser receive it. */
  get offset(): number {
    return this.#offset;
  }

  /** Where a running `advance` is going to, else now. Work that repeats may thin itself out on a long way. */
  get heading(): Date {
    return new Date(Math.max(this.#heading ?? 0, this.now().getTime()));
  }

  /** Where a world goes on that was saved: how far it is ahead of the machine, or behind it. Before anything is scheduled. */
  begin(offset: number): void {
    this.#offset = offset;
  }

  /** Runs `run` once, when the clock reaches `at`; at the next turn of the event loop when that is already past. */
  schedule(at: Date, run: () => unknown): Cancel {
    const order = this.#order++;
    this.#tasks.set(order, { at: at.getTime(), order, run });
    this.#setAlarm();
    return () => this.#tasks.delete(order);
  }

  /**
   * Moves the clock forward by `ms`. Whatever falls due on the way runs in its order and at its own moment, each
   * awaited before the next; work it leaves behind for within the same span runs too.
   */
  advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new RangeError(`advance() takes milliseconds of 0 or more, not ${ms}`);
    this.#advancing = this.#advancing.then(() => this.#advance(ms));
    return this.#advancing;
  }

  /** Forgets every task. The clock can still be read. */
  dispose(): void {
    this.#tasks.clear();
    clearTimeout(this.#alarm);
  }

  async #advance(ms: number): Promise<void> {
    const target = this.now().getTime() + ms;
    this.#heading = target;
    for (let task = this.#next(); task && task.at <= target; task = this.#next()) {
      this.#moveTo(task.at);
      await this.#run(task);
    }
    this.#moveTo(target);
    this.#heading = undefined;
    this.#setAlarm();
  }

  /** Never backwards: a task that fell due earlier runs late, as it would anywhere else. */
  #moveTo(moment: number): void {
    this.#offset = Math.max(this.#offset, moment - this.#source());
  }

  #next(): Task | undefined {
    let first: Task | undefined;
    for (const task of this.#tasks.values()) {
      if (!first || task.at < first.at || (task.at === first.at && task.order < first.order)) first = task;
    }
    return first;
  }

  async #run(task: Task): Promise<void> {
    if (!this.#tasks.delete(task.order)) return;
    try {
      await task.run();
    } catch (error) {
      this.#report(error);
    }
  }

  #setAlarm(): void {
    clearTimeout(this.#alarm);
    const task = this.#next();
    if (!task) return;
    const wait = Math.min(Math.max(task.at - this.now().getTime(), 0), WAIT_MAX_MS);
    this.#alarm = setTimeout(() => this.#ring(), wait);
    this.#alarm.unref();
  }

  /** In real time tasks do not wait for one another: a slow one must not hold up the rest. */
  #ring(): void {
    const now = this.now().getTime();
    for (const task of [...this.#tasks.values()].sort((a, b) => a.at - b.at || a.order - b.order)) {
      if (task.at <= now) void this.#run(task);
    }
    this.#setAlarm();
  }
}
