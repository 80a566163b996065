import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { Environment } from './invocation.ts';

/** What became of an event that an instance was given. */
export type Outcome =
  | { readonly kind: 'answered'; readonly result: string }
  | { readonly kind: 'threw'; readonly error: string }
  | { readonly kind: 'timedOut' }
  | { readonly kind: 'died'; readonly how: string };

/** What bootstrap.cjs is sent for each event. */
export interface Delivery {
  /** The invocation; what the function writes from now on is written for it. */
  readonly id: string;
  readonly event: unknown;
  readonly context: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  /** Remove what earlier calls left in process.env; the platform does not. */
  readonly clean: boolean;
  /** How far the local world's time is ahead of the machine's, in milliseconds. */
  readonly shift: number;
}

export interface InstanceOptions {
  /** The bundle, exporting `main`. */
  readonly file: string;
  readonly nodePath: string;
  /** All that the function finds in process.env before its first event. */
  readonly environment: Environment;
  readonly shift: number;
  readonly onLine: (written: WrittenLine) => void;
}

/** A line of output, and the event that was being served, or was served last. */
export interface WrittenLine {
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
  readonly invocation?: string;
}

const Message = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('broken'), error: v.string() }),
  v.object({ kind: v.literal('connection'), port: v.number(), isOpen: v.boolean() }),
  v.object({ kind: v.literal('answered'), result: v.string() }),
  v.object({ kind: v.literal('threw'), error: v.string() }),
]);
type Message = v.InferOutput<typeof Message>;
/** What ends the wait of the moment. */
type Turn = Exclude<Message, { readonly kind: 'connection' }>;

const BOOTSTRAP = fileURLToPath(new URL('./bootstrap.cjs', import.meta.url));

/** Loading a bundle takes a quarter of a second; a machine that is busy with something else gets much longer. */
const LOAD_LIMIT_MS = 30_000;

/** One child process that serves one function, one event at a time, until it dies or is ended. */
export class Instance {
  readonly #process: ChildProcess;
  /** Settles the wait of the moment: for the bundle to load, or for the event's answer. */
  #settle: ((outcome: Outcome | { kind: 'ready' }) => void) | undefined;
  #serving: string | undefined;
  #death: string | undefined;
  /** Where its open connections come from. */
  readonly #ports = new Set<number>();
  readonly #loaded: Promise<Outcome | { kind: 'ready' }>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;

  constructor({ file, nodePath, environment, shift, onLine }: InstanceOptions) {
    this.#process = fork(BOOTSTRAP, [file, String(shift)], {
      execPath: nodePath,
      execArgv: [],
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#collect('stdout', onLine);
    this.#collect('stderr', onLine);
    // The function shares the channel: what is not from the bootstrap is not for us. Nor is an answer that was on its
    // way when the instance was killed, so that a test that kills one knows what became of the call.
    this.#process.on('message', (message) => {
      const received = v.safeParse(Message, message);
      if (!received.success || !this.isAlive) return;
      const { output } = received;
      if (output.kind !== 'connection') this.#receive(output);
      else if (output.isOpen) this.#ports.add(output.port);
      else this.#ports.delete(output.port);
    });
    this.ended = new Promise((resolve) => {
      const die = (how: string) => {
        this.#death ??= how;
        afterOutput(() => this.#settle?.({ kind: 'died', how }));
        resolve();
      };
      this.#process.once('exit', (code, signal) => die(signal ?? `${code} code exit unexpected`));
      this.#process.on('error', (error) => die(error.message));
    });
    this.#loaded = this.#await(LOAD_LIMIT_MS);
  }

  /** The process id. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether it can be given another event. */
  get isAlive(): boolean {
    return this.#death === undefined;
  }

  /** Whether one of its open connections comes from this port of the machine. */
  isAt(port: number): boolean {
    return this.#ports.has(port);
  }

  /**
   * Gives the function one event and waits for its answer. The limit counts from when the bundle is loaded, in real
   * time; a function that passes it is killed, as on the platform.
   */
  async run(delivery: Delivery, limitMs: number): Promise<Outcome> {
    const loaded = await this.#loaded;
    if (loaded.kind !== 'ready') return loaded;
    if (this.#death !== undefined) return { kind: 'died', how: this.#death };
    this.#serving = delivery.id;
    const answer = this.#await(limitMs);
    // A process that dies at this very moment is noticed by its exit, not by the failed write.
    this.#process.send(delivery, () => undefined);
    const outcome = await answer;
    return outcome.kind === 'ready' ? { kind: 'died', how: 'answered out of turn' } : outcome;
  }

  /** Ends the process without asking it. */
  kill(): void {
    this.#death ??= 'SIGKILL';
    this.#process.kill('SIGKILL');
  }

  #await(limitMs: number): Promise<Outcome | { kind: 'ready' }> {
    return new Promise((resolve) => {
      const limit = setTimeout(() => {
        this.kill();
        this.#settle?.({ kind: 'timedOut' });
      }, limitMs);
      this.#settle = (outcome) => {
        this.#settle = undefined;
        clearTimeout(limit);
        resolve(outcome);
      };
    });
  }

  #receive(message: Turn): void {
    const outcome = message.kind === 'broken' ? { kind: 'threw' as const, error: message.error } : message;
    if (message.kind === 'broken') this.#death ??= message.error;
    afterOutput(() => this.#settle?.(outcome));
  }

  #collect(stream: 'stdout' | 'stderr', onLine: InstanceOptions['onLine']): void {
    const output = this.#process[stream];
    if (!output) return;
    createInterface({ input: output }).on('line', (line) => {
      onLine({ stream, line, ...(this.#serving === undefined ? {} : { invocation: this.#serving }) });
    });
  }
}

/** What a process wrote before it answered or died is already in its pipe: this turn of the event loop reads it. */
function afterOutput(run: () => void): void {
  setImmediate(run);
}
