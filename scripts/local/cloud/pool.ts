import type { Instance } from './instance.ts';

/**
 * The instances of one function: started when an event finds none idle, kept warm for the next one, never more than
 * `instancesMax`. Events beyond that wait their turn in the order they came.
 */
export class Pool {
  readonly #start: () => Instance;
  readonly #instancesMax: number;
  readonly #all = new Set<Instance>();
  readonly #retired = new WeakSet<Instance>();
  readonly #idle: Instance[] = [];
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #closed = false;

  constructor({ start, instancesMax }: { start: () => Instance; instancesMax: number }) {
    this.#start = start;
    this.#instancesMax = instancesMax;
  }

  /** How many events wait for an instance. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Lends `work` an instance for its duration; undefined says that the pool was closed before there was one. */
  async lend<T>(work: (instance: Instance | undefined) => Promise<T>): Promise<T> {
    await this.#turn();
    if (this.#closed) return work(undefined);
    const instance = this.#warm() ?? this.#cold();
    try {
      return await work(instance);
    } finally {
      if (instance.isAlive && !this.#retired.has(instance)) this.#idle.push(instance);
      else instance.kill();
      this.#passTurn();
    }
  }

  /** Lets the next event meet a cold start: ends what is idle now, and what is busy once it has answered. */
  async restart(): Promise<void> {
    for (const instance of this.#all) this.#retired.add(instance);
    const idle = this.#idle.splice(0);
    for (const instance of idle) instance.kill();
    await Promise.all(idle.map((instance) => instance.ended));
  }

  /** Ends every instance, whatever it is doing. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const begin of this.#waiting.splice(0)) begin();
    const all = [...this.#all];
    for (const instance of all) instance.kill();
    await Promise.all(all.map((instance) => instance.ended));
  }

  async #turn(): Promise<void> {
    if (this.#running < this.#instancesMax) this.#running++;
    else if (!this.#closed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #passTurn(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }

  #warm(): Instance | undefined {
    for (let instance = this.#idle.pop(); instance; instance = this.#idle.pop()) {
      if (instance.isAlive) return instance;
    }
    return undefined;
  }

  #cold(): Instance {
    const instance = this.#start();
    this.#all.add(instance);
    void instance.ended.then(() => this.#all.delete(instance));
    return instance;
  }
}
