import type { Clock } from '../clock.ts';
import type { WrittenLine } from './instance.ts';

/** A line that a function wrote. */
export interface FunctionLog extends WrittenLine {
  readonly at: Date;
  readonly functionName: string;
}

/** Log lines kept for whoever opens the console late. */
const LOG_LINES_MAX = 2000;

/** What the functions wrote lately. */
export class FunctionLogs {
  readonly #clock: Clock;
  readonly #onLog: (log: FunctionLog) => void;
  readonly #lines: FunctionLog[] = [];

  constructor(clock: Clock, onLog: (log: FunctionLog) => void = () => undefined) {
    this.#clock = clock;
    this.#onLog = onLog;
  }

  /** Oldest first. */
  get lines(): readonly FunctionLog[] {
    return this.#lines;
  }

  add(functionName: string, written: WrittenLine): void {
    const log = { ...written, functionName, at: this.#clock.now() };
    this.#lines.push(log);
    if (this.#lines.length > LOG_LINES_MAX) this.#lines.shift();
    this.#onLog(log);
  }
}
