/** Variables as the platform merges them into process.env, call after call, and never takes them out again. */
export type Environment = Record<string, string>;

/**
 * One instance of a function, as the platform keeps it: it serves one event at a time, is frozen between two, and may
 * die at any moment. Whatever would reach it while it is frozen waits; whatever would reach a dead one is gone.
 */
export class Instance<Main> {
  readonly name: string;
  readonly environment: Environment = {};
  readonly main: Main;
  /** What went wrong for it since the event it serves came. */
  readonly troubles = new Set<string>();
  /** Set when its variables changed: it serves what it has, and no more. */
  isOutdated = false;
  idleSince = 0;
  /** What it met of the robot alone, and whether it has called it, since the event it serves came. */
  isRobotTroubled = false;
  hasTold = false;
  servesSince = 0;
  #served = 0;
  #isAlive = true;
  #end: (() => void) | undefined;
  #waiting: Arrival[] = [];

  constructor(name: string, make: (instance: Instance<Main>) => Main) {
    this.name = name;
    this.main = make(this);
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** The event that it serves, or served last. */
  get run(): string {
    return `${this.name}/${this.#served}`;
  }

  get isServing(): boolean {
    return this.#end !== undefined;
  }

  /**
   * @param now milliseconds
   * @param onDeath called when it dies before `rest`
   */
  serve(now: number, onDeath: () => void): void {
    this.#end = onDeath;
    this.servesSince = now;
    this.#served++;
    this.isRobotTroubled = false;
    this.hasTold = false;
    this.troubles.clear();
  }

  /** Frozen until the next event. */
  rest(): void {
    this.#end = undefined;
  }

  /** What arrived while it was frozen reaches it now; connections may not have survived that. */
  thaw(isReset: boolean): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { arrive, breakOff } of waiting) {
      if (isReset && breakOff) breakOff();
      else arrive();
    }
  }

  /** Lets something reach the function: an answer, or a timer of its own. */
  receive(arrive: () => void, breakOff?: () => void): void {
    if (!this.#isAlive) return;
    if (this.isServing) arrive();
    else this.#waiting.push({ arrive, breakOff });
  }

  die(): void {
    this.#isAlive = false;
    this.#waiting = [];
    const end = this.#end;
    this.#end = undefined;
    end?.();
  }
}

interface Arrival {
  readonly arrive: () => void;
  readonly breakOff: (() => void) | undefined;
}
