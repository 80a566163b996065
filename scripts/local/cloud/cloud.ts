import type { CollectionManifest } from '../../manifest.ts';
import type { WorldClock } from '../clock.ts';
import type { Trace } from '../trace.ts';
import { documentActions } from './actions/documents.ts';
import { functionActions, type InvokeFunction } from './actions/functions.ts';
import { transactionActions } from './actions/transactions.ts';
import { type Action, type Call, type Caller, readEnvelope } from './call.ts';
import { Database } from './database/database.ts';
import type { Journal } from './database/journal.ts';
import { insertDocuments } from './database/operations.ts';
import { type Document, keyOf } from './database/value.ts';
import { CloudError } from './errors.ts';

export interface CloudOptions {
  readonly clock: WorldClock;
  /** From 0 up to 1, as Math.random: ids are made of it. */
  readonly random: () => number;
  readonly trace: Trace;
  readonly envId: string;
  /** Where documents are kept. Without one they live as long as the process. */
  readonly journal?: Journal;
  /** Runs functions for `cloud.callFunction`. */
  readonly invokeFunction?: InvokeFunction;
  /** How long an operation of a transaction takes at least: a second one in that time is refused as busy. */
  readonly pause?: () => Promise<void>;
}

/** Makes an environment that has no collection yet: `declare` them. */
export function createCloud(options: CloudOptions): Cloud {
  return new Cloud(options);
}

/** A CloudBase environment in this process. `server.ts` puts it on the wire. */
export class Cloud {
  readonly envId: string;
  readonly #database: Database;
  readonly #trace: Trace;
  readonly #random: () => number;
  readonly #actions: Readonly<Record<string, Action>>;
  #calls = 0;

  constructor({
    clock,
    random,
    trace,
    envId,
    journal,
    invokeFunction,
    pause = async () => {},
  }: CloudOptions) {
    this.envId = envId;
    this.#trace = trace;
    this.#random = random;
    this.#database = new Database({ clock, random, journal });
    this.#actions = {
      ...documentActions({ database: this.#database, watch: () => {}, pause }),
      ...transactionActions(this.#database),
      ...functionActions(invokeFunction),
    };
  }

  /**
   * One call of the wire: the body of a POST to `/admin`. Never rejects for what came over the wire; a refusal is
   * `{code, message, requestId}`, as the SDK expects it.
   */
  async dispatch(body: unknown, caller: Caller = {}): Promise<object> {
    const requestId = this.#newRequestId();
    try {
      const envelope = readEnvelope(body);
      const action = Object.hasOwn(this.#actions, envelope.action) && this.#actions[envelope.action];
      if (!action) throw this.#unknownAction(envelope.action);
      return await this.#recorded({ ...envelope, caller, requestId }, action);
    } catch (error) {
      return refusal(error, requestId);
    }
  }

  /** Creates what the manifest declares and is not there yet; indexes are as the manifest has them now. */
  async declare(collections: readonly CollectionManifest[]): Promise<void> {
    for (const { name, indexes } of collections) {
      if (!this.#database.has(name)) await this.#database.createCollection(name);
      for (const index of indexes) this.#database.collection(name).addIndex(index);
    }
  }

  collections(): readonly string[] {
    return this.#database.names();
  }

  /** Every document of a collection, as it was committed last. */
  documents(name: string): readonly Document[] {
    return [...this.#database.collection(name).latest()].map(([, document]) => document);
  }

  /** Puts in a first document, only where its `_id` is missing. Answers whether it did. */
  async insert(name: string, document: Document): Promise<boolean> {
    const collection = this.#database.collection(name);
    if (document._id !== undefined && collection.read(keyOf(document._id))) return false;
    await insertDocuments(this.#database, collection, [document]);
    return true;
  }

  async dispose(): Promise<void> {
    await this.#database.dispose();
  }

  /** Runs the action between two lines of the trace. */
  async #recorded(call: Call, action: Action): Promise<object> {
    const { collectionName } = call.body;
    const label = typeof collectionName === 'string' ? `${call.action} ${collectionName}` : call.action;
    const { invocation } = call.caller;
    const line = { label, id: call.requestId, ...(invocation === undefined ? {} : { invocation }) };
    this.#trace.record({ from: 'function', to: 'database', kind: 'call', payload: told(call.body), ...line });
    const reply = await settled(action, call);
    this.#trace.record({ from: 'database', to: 'function', kind: 'reply', payload: reply, ...line });
    return reply;
  }

  #unknownAction(name: string): CloudError {
    const known = Object.keys(this.#actions).join(', ');
    return new CloudError('INVALID_ACTION', `The local cloud has no action ${name}. It has: ${known}`);
  }

  #newRequestId(): string {
    return `${++this.#calls}_${Math.floor(this.#random() * 2 ** 48).toString(16)}`;
  }
}

async function settled(action: Action, call: Call): Promise<object> {
  try {
    return { ...(await action(call)), requestId: call.requestId };
  } catch (error) {
    return refusal(error, call.requestId);
  }
}

/** What the trace shows of a call: without the SDK's credentials and what is undefined or empty. */
function told(body: Call['body']): object {
  const { envName, wxCloudApiToken, wxCloudbaseAccesstoken, tcb_sessionToken, ...rest } = body;
  const { sessionToken, crossAuthorizationToken, eventId, action, ...parameters } = rest;
  return parameters;
}

function refusal(error: unknown, requestId: string): object {
  if (error instanceof CloudError) return { code: error.code, message: error.message, requestId };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'SYS_ERR', message, requestId };
}
