import { type Cancel, WorldClock } from '../../scripts/local/clock.ts';

/** After so many tasks the process may look at its signals. */
const BREATH_TASKS = 5000;

interface Task {
  readonly at: number;
  readonly order: number;
  run: (() => unknown) | undefined;
}

/**
 * The only thing that makes anything happen in a simulation: one task after the other, by its moment, then by the order
 * in which they were planned. Between two tasks everything that waits for promises runs to its next wait, so the same
 * tasks always meet the same state. It is the clock of the local world's parts as well; no real time passes in it.
 */
export class Scheduler extends WorldClock {
  readonly #heap: Task[] = [];
  readonly #onError: (error: unknown) => void;
  #time: number;
  #planned = 0;
  #ran = 0;

  /** @param onError receives what a task failed with; it never stops the others */
  constructor(start: Date, onError: (error: unknown) => void) {
    super();
    this.#time = start.getTime();
    this.#onError = onError;
  }

  get time(): number {
    return this.#time;
  }

  /** How many tasks have run. */
  get ran(): number {
    return this.#ran;
  }

  override now(): Date {
    return new Date(this.#time);
  }

  override schedule(at: Date, run: () => unknown): Cancel {
    return this.at(at.getTime(), run);
  }

  after(ms: number, run: () => unknown): Cancel {
    return this.at(this.#time + ms, run);
  }

  at(moment: number, run: () => unknown): Cancel {
    // Whole milliseconds, as everywhere else: two moments that read the same are the same.
    const task: Task = { at: Math.ceil(Math.max(moment, this.#time)), order: this.#planned++, run };
    push(this.#heap, task);
    return () => {
      task.run = undefined;
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Runs everything that is due until `end`, and leaves the clock there. */
  async runUntil(end: number): Promise<void> {
    await settled();
    for (let task = this.#heap[0]; task && task.at <= end; task = this.#heap[0]) {
      pop(this.#heap);
      if (!task.run) continue;
      this.#time = task.at;
      this.#ran++;
      this.#start(task.run);
      await settled();
      if (this.#ran % BREATH_TASKS === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    this.#time = end;
  }

  #start(run: () => unknown): void {
    try {
      const result = run();
      if (result instanceof Promise) result.catch(this.#onError);
    } catch (error) {
      this.#onError(error);
    }
  }
}

/** Resolves when no promise has anything left to do: Node empties that queue before it comes to this one. */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function isBefore(a: Task, b: Task): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Task[], task: Task): void {
  let at = heap.length;
  heap.push(task);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (!parent || !isBefore(task, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = task;
}

function pop(heap: Task[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const [a, b] = [heap[left], heap[left + 1]];
    const child = a && b && isBefore(b, a) ? left + 1 : left;
    const least = heap[child];
    if (!least || !isBefore(least, last)) break;
    heap[at] = least;
    at = child;
  }
  heap[at] = last;
}
