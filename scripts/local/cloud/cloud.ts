import type { WorldClock } from '../clock.ts';
import type { Party, Trace } from '../trace.ts';
import type { LocalCollection } from './access.ts';
import { documentActions } from './actions/documents.ts';
import { fileActions } from './actions/files.ts';
import { functionActions, type InvokeFunction } from './actions/functions.ts';
import { Openapi } from './actions/openapi.ts';
import { transactionActions } from './actions/transactions.ts';
import { type Action, type Call, type Caller, readEnvelope } from './call.ts';
import { ClientDoor, throughDoor } from './client.ts';
import { Database } from './database/database.ts';
import { Hands } from './database/hands.ts';
import type { Journal } from './database/journal.ts';
import { insertDocuments } from './database/operations.ts';
import { type Document, keyOf } from './database/value.ts';
import { CloudError } from './errors.ts';
import { ConnectionFault, Faults } from './faults.ts';
import { type FileKeep, memoryFiles } from './storage/file-keep.ts';
import { Storage } from './storage/storage.ts';
import { StrictMode, type Warning } from './strict.ts';
import { WATCHED_DOCUMENTS_MAX, watchQuery } from './watch.ts';

export interface CloudOptions {
  readonly clock: WorldClock;
  /** From 0 up to 1, as Math.random: ids are made of it. */
  readonly random: () => number;
  readonly trace: Trace;
  readonly envId: string;
  /** Where documents are kept. Without one they live as long as the process. */
  readonly journal?: Journal;
  /** Where the files of the cloud storage are kept; as long as the process unless said. */
  readonly files?: FileKeep;
  /** Runs functions for `cloud.callFunction`. */
  readonly invokeFunction?: InvokeFunction;
  /** Ends the process that serves an invocation, for faults that ask for it. */
  readonly killInvocation?: (invocation: string) => void;
  /** Receives what strict mode finds, once per place; `false` turns strict mode off. */
  readonly warn?: ((message: string) => void) | false;
}

/** Makes an environment, with what its journal kept. `declare` gives it its collections. */
export function createCloud(options: CloudOptions): Cloud {
  return new Cloud(options);
}

/** A CloudBase environment in this process. `server.ts` puts it on the wire. */
export class Cloud {
  readonly envId: string;
  /** What is to go wrong. */
  readonly faults: Faults;
  /** WeChat's own APIs: what was asked of them, and who answers. */
  readonly openapi = new Openapi();
  /** For people who look into the database and change it, past every rule. */
  readonly hands: Hands;
  readonly storage: Storage;
  readonly #database: Database;
  readonly #trace: Trace;
  readonly #random: () => number;
  readonly #strict: StrictMode;
  readonly #isStrict: boolean;
  readonly #door: ClientDoor;
  readonly #actions: Readonly<Record<string, Action>>;
  #calls = 0;

  constructor(options: CloudOptions) {
    const { clock, random, trace, envId, journal, warn = console.warn } = options;
    this.envId = envId;
    this.#trace = trace;
    this.#random = random;
    this.#database = new Database({ clock, random, journal });
    this.hands = new Hands(this.#database);
    this.faults = new Faults({ clock, database: this.#database, killInvocation: options.killInvocation });
    this.storage = new Storage({
      envId,
      keep: options.files ?? memoryFiles(),
      now: () => clock.now(),
      random,
    });
    this.#door = new ClientDoor(() => clock.now());
    this.#strict = new StrictMode(this.#database, warn || (() => {}));
    this.#isStrict = warn !== false;
    this.#actions = {
      ...documentActions({
        database: this.#database,
        watch: (use) => this.#isStrict && this.#strict.watch(use),
      }),
      ...transactionActions(this.#database),
      ...functionActions(options.invokeFunction),
      ...fileActions(this.storage, envId),
      ...this.openapi.actions(),
    };
  }

  /**
   * One call of the wire: the body of a POST to `/admin`. A refusal is `{code, message, requestId}`, as the SDK
   * expects it.
   * @throws ConnectionFault where a fault was asked for that leaves the caller without an answer; nothing else
   */
  dispatch(body: unknown, caller: Caller = {}): Promise<object> {
    return this.#run({ body, caller, from: 'function' }, (action) => action);
  }

  /**
   * One call of `wx.cloud.database()`, in the same form as `dispatch` takes: `database.getDocument` or
   * `database.calculateDocument`. The security rules decide; 20 documents at most.
   */
  clientRead(body: unknown, openid: string): Promise<object> {
    return this.#runFor(openid, body, (action) =>
      throughDoor((call) => this.#door.admitRead(call, openid), action),
    );
  }

  /** As `clientRead`: `database.insertDocument` of one document, `modifyDocument`, `removeDocument`. */
  clientWrite(body: unknown, openid: string): Promise<object> {
    return this.#runFor(openid, body, (action) =>
      throughDoor((call) => this.#door.admitWrite(call, openid), action),
    );
  }

  /**
   * A query as `clientRead` takes it, reported now and after each change. Answers `{ stop }`, or the refusal.
   * @param report receives whole documents in Extended JSON
   */
  async clientWatch(
    body: unknown,
    openid: string,
    report: (documents: readonly string[]) => void,
  ): Promise<{ stop: () => void } | { code: string; message: string }> {
    let stop = () => {};
    const watch: Action = (call) => {
      stop = watchQuery(this.#database, call, report);
      return { data: {} };
    };
    const admit = (call: Call) => this.#door.admitRead(call, openid, WATCHED_DOCUMENTS_MAX);
    const answer = await this.#runFor(openid, body, () => throughDoor(admit, watch));
    return 'code' in answer && 'message' in answer
      ? { code: String(answer.code), message: String(answer.message) }
      : { stop };
  }

  /** `wx.cloud.getTempFileURL` and `deleteFile`: a call as `dispatch` takes it, from a shopper's phone. */
  clientFiles(body: unknown, openid: string): Promise<object> {
    return this.#runFor(openid, body, (action) => action);
  }

  /** `wx.cloud.uploadFile`. Answers `{ data: { fileID } }`. */
  clientUpload(path: string, content: Buffer, openid: string): Promise<object> {
    const body = { action: 'storage.getUploadMetadata', path, size: content.length };
    return this.#runFor(openid, body, () => async () => ({
      data: { fileID: await this.storage.put(path, content, openid) },
    }));
  }

  /** Creates what the manifest declares and is not there yet; indexes and rules are as the manifest has them now. */
  async declare(collections: readonly LocalCollection[]): Promise<void> {
    for (const collection of collections) {
      if (!this.#database.has(collection.name)) await this.#database.createCollection(collection.name);
      for (const index of collection.indexes) this.#database.collection(collection.name).addIndex(index);
      this.#door.declare(collection);
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

  /** What strict mode has found so far. */
  get warnings(): readonly Warning[] {
    return this.#strict.warnings;
  }

  async dispose(): Promise<void> {
    await this.#database.dispose();
  }

  #runFor(openid: string, body: unknown, through: (action: Action) => Action): Promise<object> {
    return this.#run({ body, caller: { source: 'wx_client', openid }, from: 'mini-program' }, through);
  }

  async #run(
    { body, caller, from }: { body: unknown; caller: Caller; from: Party },
    through: (action: Action) => Action,
  ): Promise<object> {
    const requestId = this.#newRequestId();
    try {
      const envelope = readEnvelope(body);
      const known = Object.hasOwn(this.#actions, envelope.action)
        ? this.#actions[envelope.action]
        : undefined;
      if (!known) throw this.#unknownAction(envelope.action);
      const action = through(known);
      return await this.#recorded({ ...envelope, caller, requestId }, from, action);
    } catch (error) {
      if (error instanceof ConnectionFault) throw error;
      return refusal(error, requestId);
    }
  }

  /** Runs the action between two lines of the trace: the call, and its reply or that there was none. */
  async #recorded(call: Call, from: Party, action: Action): Promise<object> {
    const work = () => settled(action, call);
    if (!this.#trace.isKept) return { ...(await this.faults.around(call, work)), requestId: call.requestId };
    const { collectionName } = call.body;
    const label = typeof collectionName === 'string' ? `${call.action} ${collectionName}` : call.action;
    const { invocation, openid } = call.caller;
    const line = {
      ...{ label, id: call.requestId },
      ...(invocation !== undefined && { invocation }),
      ...(openid !== undefined && { openid }),
    };
    this.#trace.record({ from, to: 'database', kind: 'call', payload: shownOf(call.body), ...line });
    try {
      const reply = { ...(await this.faults.around(call, work)), requestId: call.requestId };
      this.#trace.record({ from: 'database', to: from, kind: 'reply', payload: reply, ...line });
      return reply;
    } catch (error) {
      const isLost = error instanceof ConnectionFault;
      const reply = isLost ? error.message : refusal(error, call.requestId);
      this.#trace.record({
        from: 'database',
        to: from,
        kind: isLost ? 'lost' : 'reply',
        payload: reply,
        ...line,
      });
      throw error;
    }
  }

  #unknownAction(name: string): CloudError {
    const known = Object.keys(this.#actions).join(', ');
    const message = `The local cloud has no action ${name}. It has: ${known}`;
    if (this.#isStrict) this.#strict.miss(name, message);
    return new CloudError('INVALID_ACTION', message);
  }

  #newRequestId(): string {
    return `${++this.#calls}_${Math.floor(this.#random() * 2 ** 48).toString(16)}`;
  }
}

/** A refusal is an answer too: a fault that cuts the connection after the work cuts it after a refused one as well. */
async function settled(action: Action, call: Call): Promise<object> {
  try {
    return await action(call);
  } catch (error) {
    return refusal(error, call.requestId);
  }
}

/** What the trace shows of a call: without the SDK's credentials and what is undefined or empty. */
function shownOf(body: Call['body']): object {
  const { envName, wxCloudApiToken, wxCloudbaseAccesstoken, tcb_sessionToken, ...rest } = body;
  const { sessionToken, crossAuthorizationToken, eventId, action, ...parameters } = rest;
  return parameters;
}

function refusal(error: unknown, requestId: string): object {
  if (error instanceof CloudError) return { code: error.code, message: error.message, requestId };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'SYS_ERR', message, requestId };
}
