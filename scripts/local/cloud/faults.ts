import type { WorldClock } from '../clock.ts';
import type { Call } from './call.ts';
import type { Database } from './database/database.ts';
import type { Transaction } from './database/transaction.ts';
import { transactionBusy, transactionConflict, transactionGone } from './errors.ts';

/**
 * What can be made to go wrong with a call.
 * - `conflict`: another transaction was first; this one is aborted, at an operation or at its commit
 * - `busy`: an operation of the same transaction is still under way
 * - `expired`: the transaction lived too long
 * - `cut-before`, `cut-after`: the connection breaks before, or after, the work is done
 * - `reset`: the same as `cut-before`, only for a call over a connection that was used before
 * - `slow`: the answer takes `ms` longer, on the world's clock
 * - `silence`: the work is done and no answer comes; the SDK gives up after its own 15 s
 * - `kill-before`, `kill-after`: the function that calls is killed before, or after, the work is done
 */
export type FaultKind =
  | 'conflict'
  | 'busy'
  | 'expired'
  | 'cut-before'
  | 'cut-after'
  | 'reset'
  | 'slow'
  | 'silence'
  | 'kill-before'
  | 'kill-after';

/** Which calls are hit: those that agree in everything that is said. */
export interface Fault {
  readonly kind: FaultKind;
  /** `database.commitTransaction` and its like. */
  readonly action?: string;
  readonly collection?: string;
  readonly invocation?: string;
  readonly function?: string;
  /** How many calls are hit before it is over; 1 when not said. */
  readonly times?: number;
  /** With `slow`. */
  readonly ms?: number;
}

/** What a caller sees of a connection that breaks (ECONNRESET) or stays silent (ETIMEDOUT). */
export class ConnectionFault extends Error {
  override readonly name = 'ConnectionFault';
  readonly code: 'ECONNRESET' | 'ETIMEDOUT';

  constructor(code: 'ECONNRESET' | 'ETIMEDOUT') {
    super(code === 'ECONNRESET' ? 'the connection was cut on request' : 'the answer was withheld on request');
    this.code = code;
  }
}

interface Waiting {
  readonly fault: Fault;
  left: number;
}

interface FaultsOptions {
  readonly clock: WorldClock;
  readonly database: Database;
  readonly killInvocation?: ((invocation: string) => void) | undefined;
}

/** The faults that are asked for, first come, first hit. */
export class Faults {
  readonly #clock: WorldClock;
  readonly #database: Database;
  readonly #killInvocation: FaultsOptions['killInvocation'];
  readonly #waiting: Waiting[] = [];

  constructor({ clock, database, killInvocation }: FaultsOptions) {
    this.#clock = clock;
    this.#database = database;
    this.#killInvocation = killInvocation;
  }

  /** Asks for a fault. The answer takes it back. */
  add(fault: Fault): () => void {
    const waiting = { fault, left: fault.times ?? 1 };
    this.#waiting.push(waiting);
    return () => this.#drop(waiting);
  }

  /** Those that have not hit as often as they should. */
  waiting(): readonly Fault[] {
    return this.#waiting.map(({ fault, left }) => ({ ...fault, times: left }));
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  /**
   * Does a call's work, with the fault that was asked for, if one was.
   * @throws CloudError as the platform would, ConnectionFault where no answer comes
   */
  async around(call: Call, work: () => Promise<object>): Promise<object> {
    const fault = this.#take(call);
    if (!fault) return work();
    switch (fault.kind) {
      case 'conflict':
        throw this.#lose(call, transactionConflict());
      case 'expired':
        throw this.#lose(call, transactionGone());
      case 'busy':
        throw transactionBusy();
      case 'cut-before':
      case 'reset':
        throw new ConnectionFault('ECONNRESET');
      case 'cut-after':
        await work();
        throw new ConnectionFault('ECONNRESET');
      case 'silence':
        await work();
        throw new ConnectionFault('ETIMEDOUT');
      case 'kill-before':
        throw this.#killed(call);
      case 'kill-after':
        await work();
        throw this.#killed(call);
      case 'slow':
        await this.#wait(fault.ms ?? 0);
        return work();
    }
  }

  #take(call: Call): Fault | undefined {
    const waiting = this.#waiting.find(({ fault }) => hits(fault, call));
    if (!waiting) return undefined;
    waiting.left--;
    if (waiting.left <= 0) this.#drop(waiting);
    return waiting.fault;
  }

  #drop(waiting: Waiting): void {
    const at = this.#waiting.indexOf(waiting);
    if (at !== -1) this.#waiting.splice(at, 1);
  }

  #lose(call: Call, refusal: Error): Error {
    return this.#database.refuse(refusal, transactionOf(this.#database, call));
  }

  /** Whoever is dead receives no answer either. */
  #killed({ caller }: Call): Error {
    if (caller.invocation !== undefined) this.#killInvocation?.(caller.invocation);
    return new ConnectionFault('ECONNRESET');
  }

  #wait(ms: number): Promise<void> {
    const until = new Date(this.#clock.now().getTime() + ms);
    return new Promise((resolve) => this.#clock.schedule(until, resolve));
  }
}

/**
 * Conflicts and their like befall transactions only; a reset befalls only a connection that was idle; killed is only
 * what runs as a function here.
 */
function hits(fault: Fault, { action, body, caller }: Call): boolean {
  if (['conflict', 'busy', 'expired'].includes(fault.kind) && typeof body.transactionId !== 'string')
    return false;
  if (fault.kind === 'reset' && !caller.isReused) return false;
  if (fault.kind.startsWith('kill') && caller.invocation === undefined) return false;
  return (
    agrees(fault.action, action) &&
    agrees(fault.collection, body.collectionName) &&
    agrees(fault.invocation, caller.invocation) &&
    agrees(fault.function, caller.function)
  );
}

function agrees(wanted: string | undefined, found: unknown): boolean {
  return wanted === undefined || wanted === found;
}

function transactionOf(database: Database, call: Call): Transaction | undefined {
  for (const transaction of database.open())
    if (transaction.id === call.body.transactionId) return transaction;
  return undefined;
}
