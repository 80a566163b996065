import type { Cancel, WorldClock } from '../../clock.ts';
import type { Answer } from './answer.ts';
import type { FunctionHost } from './host.ts';
import { readTrigger, type Trigger } from './trigger.ts';

export interface TimersOptions {
  readonly clock: WorldClock;
  readonly host: FunctionHost;
  /** Holds `<name>/config.json` for each function, as it is deployed. */
  readonly directory: string;
  /** How often a timer runs at most while the clock is moved over a long time. */
  readonly runsPerJumpMax?: number;
}

/**
 * How often a timer runs while the clock is moved over a long time. A day has 1,440 minutes; nobody who moves the
 * clock by a day wants to wait for as many processes, so the runs on the way are thinned out to this many, evenly.
 */
export const TIMER_RUNS_PER_JUMP_MAX = 60;

/** Cron expressions have whole seconds. */
const SECOND_MS = 1000;

/**
 * Runs functions by the timers of their config.json. As on the platform, a run that takes long does not hold up the
 * next, and nobody sees what a run answers; unlike there, a failed run is not tried again.
 */
export class Timers {
  readonly #clock: WorldClock;
  readonly #host: FunctionHost;
  readonly #runsPerJumpMax: number;
  readonly #triggers = new Map<string, Trigger>();
  readonly #scheduled = new Map<string, Cancel>();
  /** Where the clock is going to, and the least distance of two runs on that way. */
  #jump = { heading: 0, stepMs: 0 };

  /** @throws Error when a config.json declares what the platform would refuse */
  constructor({ clock, host, directory, runsPerJumpMax = TIMER_RUNS_PER_JUMP_MAX }: TimersOptions) {
    this.#clock = clock;
    this.#host = host;
    this.#runsPerJumpMax = runsPerJumpMax;
    for (const functionName of host.functionNames) {
      const trigger = readTrigger(directory, functionName);
      if (!trigger) continue;
      this.#triggers.set(functionName, trigger);
      this.#schedule(functionName, trigger);
    }
  }

  /** The functions that have a timer, with the moment it fires next, if it does again. */
  get next(): readonly {
    readonly functionName: string;
    readonly name: string;
    readonly at: Date | undefined;
  }[] {
    const now = this.#clock.now();
    return [...this.#triggers].map(([functionName, { name, next }]) => ({
      functionName,
      name,
      at: next(now),
    }));
  }

  /** Fires a function's timer now, besides its schedule. */
  runNow(functionName: string): Promise<Answer> {
    const trigger = this.#triggers.get(functionName);
    if (!trigger) {
      const known = [...this.#triggers.keys()].join(', ') || 'none';
      throw new Error(`${functionName} has no timer in its config.json; functions with one: ${known}`);
    }
    return this.#fire(functionName, trigger);
  }

  /** Takes every timer off the clock. Runs under way are not stopped. */
  dispose(): void {
    for (const cancel of this.#scheduled.values()) cancel();
    this.#scheduled.clear();
  }

  #schedule(functionName: string, trigger: Trigger): void {
    const at = trigger.next(this.#earliest());
    if (!at) return;
    const cancel = this.#clock.schedule(at, () => {
      this.#schedule(functionName, trigger);
      return this.#fire(functionName, trigger);
    });
    this.#scheduled.set(functionName, cancel);
  }

  /** The moment after which the next run may be: a step further on the way, at the latest where the way ends. */
  #earliest(): Date {
    const now = this.#clock.now().getTime();
    const heading = this.#clock.heading.getTime();
    if (heading !== this.#jump.heading) {
      this.#jump = { heading, stepMs: (heading - now) / (this.#runsPerJumpMax - 1) };
    }
    const step = Math.max(this.#jump.stepMs - SECOND_MS, 0);
    return new Date(Math.min(now + step, heading));
  }

  #fire(functionName: string, trigger: Trigger): Promise<Answer> {
    const event = {
      Type: 'Timer',
      TriggerName: trigger.name,
      Time: `${this.#clock.now().toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`,
      Message: '',
    };
    return this.#host.invoke({ functionName, from: 'timer', source: 'wx_trigger', event });
  }
}
