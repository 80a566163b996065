import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { FunctionManifest } from '../../../manifest.ts';
import type { Clock } from '../../clock.ts';
import type { Trace } from '../../trace.ts';
import { type Answer, answerTo, PAYLOAD_MAX_BYTES, resultOf, SHOPPER_RESULT_MAX_BYTES } from './answer.ts';
import { traceAnswer, traceCall } from './call-trace.ts';
import type { FunctionError } from './function-error.ts';
import { type FunctionLog, FunctionLogs } from './function-log.ts';
import { type Delivery, Instance, type Outcome } from './instance.ts';
import {
  callContext,
  callEnvironment,
  type Environment,
  type Invocation,
  type Shopper,
  shopperEvent,
} from './invocation.ts';
import { Pool } from './pool.ts';
import { notFound, refusal } from './refusal.ts';

export interface HostOptions {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly functions: readonly FunctionManifest[];
  /** Holds `<name>/index.js` for each function, as it is deployed. */
  readonly directory: string;
  readonly envId: string;
  /** The platform's own variables, above all those that lead wx-server-sdk to the local database. */
  readonly baseEnv: Environment;
  /** The deployed variables by name; each function gets those that its manifest entry names. */
  readonly variables?: Environment;
  /** What has to be ready before a function's first event; undefined where nothing has. */
  readonly prepare?: (manifest: FunctionManifest) => Promise<void> | undefined;
  /** `merged` leaves earlier calls' variables in process.env, as the platform does; `clean` removes them. */
  readonly environment?: 'merged' | 'clean';
  readonly nodePath?: string;
  readonly instancesMax?: number;
  readonly onLog?: (log: FunctionLog) => void;
  /** The machine's time in milliseconds, by which a process's own Date is shifted. */
  readonly machine?: () => number;
}

/** An event to deliver; an `id` is made up unless the caller already has one. */
export type Call = Omit<Invocation, 'id'> & { readonly id?: string };

interface Deployed {
  readonly manifest: FunctionManifest;
  readonly pool: Pool;
}

/** `isLost` when the process was gone before it could answer. */
interface Ending {
  readonly answer: Answer;
  readonly isLost: boolean;
}

/**
 * Runs the deployed bundles as the platform does: an instance is a process that serves one event at a time and stays
 * warm for the next; a function has a time limit, its own variables and nobody else's.
 */
export class FunctionHost {
  readonly #options: HostOptions;
  readonly #deployed: ReadonlyMap<string, Deployed>;
  readonly #running = new Map<string, { readonly invocation: Invocation; readonly instance: Instance }>();
  readonly #logs: FunctionLogs;

  constructor(options: HostOptions) {
    const { clock, functions, instancesMax = 4, onLog } = options;
    this.#options = options;
    this.#logs = new FunctionLogs(clock, onLog);
    this.#deployed = new Map(
      functions.map((manifest) => {
        const pool = new Pool({ instancesMax, start: () => this.#start(manifest) });
        return [manifest.name, { manifest, pool }];
      }),
    );
  }

  /** The functions that can be called. */
  get functionNames(): readonly string[] {
    return [...this.#deployed.keys()];
  }

  /** The events that are with an instance now. */
  get running(): readonly Invocation[] {
    return [...this.#running.values()].map(({ invocation }) => invocation);
  }

  /** The latest lines that functions wrote, oldest first. */
  get logs(): readonly FunctionLog[] {
    return this.#logs.lines;
  }

  /**
   * What `wx.cloud.callFunction` does for a shopper.
   * @throws FunctionError with the platform's code
   */
  async callFunction(name: string, data: object, shopper: Shopper): Promise<unknown> {
    const { source = 'wx_client' } = shopper;
    const event = shopperEvent(data, shopper);
    const answer = await this.invoke({ functionName: name, from: 'mini-program', source, event, shopper });
    return resultOf(answer, SHOPPER_RESULT_MAX_BYTES);
  }

  /**
   * What `cloud.callFunction` does inside a function, or in a script with the SDK: the callee has no identity.
   * @param caller the invocation of the calling function, if it is one of ours
   * @throws FunctionError with the platform's code
   */
  async callFromFunction(name: string, data: object, caller?: Invocation): Promise<unknown> {
    const source = caller ? `${caller.source},scf` : 'scf';
    const answer = await this.invoke({ functionName: name, from: 'function', source, event: data });
    return resultOf(answer, PAYLOAD_MAX_BYTES);
  }

  /** Delivers an event of any kind and waits for what becomes of it. Never rejects for what a function does. */
  async invoke(call: Call): Promise<Answer> {
    const invocation: Invocation = { ...call, id: call.id ?? randomUUID() };
    const { trace } = this.#options;
    traceCall(trace, invocation);
    const { answer, isLost } = await this.#deliver(invocation);
    traceAnswer(trace, invocation, { answer, isLost });
    return answer;
  }

  /** The running invocation that a database call's `seqId` names; the SDK appends its own count to TCB_SEQID. */
  invocationOf(seqId: string): Invocation | undefined {
    return this.running.find(({ id }) => seqId === id || seqId.startsWith(`${id}-`));
  }

  /** The running invocation whose process has opened the connection that comes from this port of the machine. */
  invocationAt(port: number): string | undefined {
    return [...this.#running.values()].find(({ instance }) => instance.isAt(port))?.invocation.id;
  }

  /**
   * Kills the instances that serve this invocation, or any event of this function, at once.
   * @returns how many were killed
   */
  kill(invocationOrFunctionName: string): number {
    const hit = [...this.#running.values()].filter(({ invocation }) =>
      [invocation.id, invocation.functionName].includes(invocationOrFunctionName),
    );
    for (const { instance } of hit) instance.kill();
    return hit.length;
  }

  /** Lets the next event of this function, or of every function, meet a cold start. */
  async restart(name?: string): Promise<void> {
    const hit = [...this.#deployed.values()].filter(
      ({ manifest }) => name === undefined || manifest.name === name,
    );
    await Promise.all(hit.map(({ pool }) => pool.restart()));
  }

  /** Ends every child process. Calls under way and waiting fail. */
  async close(): Promise<void> {
    await Promise.all([...this.#deployed.values()].map(({ pool }) => pool.close()));
  }

  async #deliver(invocation: Invocation): Promise<Ending> {
    const { id, functionName } = invocation;
    const deployed = this.#deployed.get(functionName);
    if (!deployed) return refused(id, notFound(functionName, this.functionNames));
    const { manifest, pool } = deployed;
    const error = refusal(invocation, manifest, pool.waiting);
    if (error) return refused(id, error);
    const preparing = this.#options.prepare?.(manifest);
    if (preparing) await preparing;
    const outcome = await pool.lend((instance) => this.#run(invocation, manifest, instance));
    const isLost = outcome.kind === 'died' || outcome.kind === 'timedOut';
    return { answer: answerTo(outcome, id, manifest), isLost };
  }

  async #run(invocation: Invocation, manifest: FunctionManifest, instance?: Instance): Promise<Outcome> {
    if (!instance) return { kind: 'died', how: 'the local world was closed' };
    this.#running.set(invocation.id, { invocation, instance });
    try {
      return await instance.run(this.#delivery(invocation, manifest), manifest.timeout * 1000);
    } finally {
      this.#running.delete(invocation.id);
    }
  }

  #delivery(invocation: Invocation, manifest: FunctionManifest): Delivery {
    const { envId, baseEnv } = this.#options;
    const environment = { ...baseEnv, ...callEnvironment(invocation, envId) };
    return {
      id: invocation.id,
      event: invocation.event,
      context: callContext(invocation, { manifest, envId, environment }),
      environment,
      clean: this.#options.environment === 'clean',
      shift: this.#shift(),
    };
  }

  #start({ name, environment }: FunctionManifest): Instance {
    const { directory, nodePath = process.execPath, baseEnv, variables = {} } = this.#options;
    return new Instance({
      file: join(directory, name, 'index.js'),
      nodePath,
      environment: { TZ: 'UTC', ...baseEnv, ...pick(variables, environment), SCF_FUNCTIONNAME: name },
      shift: this.#shift(),
      onLine: (written) => this.#logs.add(name, written),
    });
  }

  /** The machine is read first: a function may be a hair ahead of the world, never behind what woke it. */
  #shift(): number {
    const { clock, machine = Date.now } = this.#options;
    const read = machine();
    return clock.now().getTime() - read;
  }
}

function refused(id: string, error: FunctionError): Ending {
  return { answer: { kind: 'failed', id, error }, isLost: false };
}

function pick(variables: Environment, names: readonly string[]): Environment {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.includes(name)));
}
