import { CloudError } from '../errors.ts';
import { sleep, type Timers } from '../timers.ts';
import type { Condition, SdkCollection, SdkDatabase, SdkTransaction } from './sdk.ts';
import { isReset, isUnsure, reasonOf } from './sdk-errors.ts';

/** What a filter or an update is made of. Never undefined: the SDK would drop it, and a filter without it fits more. */
export type Value = string | number | boolean | Date | null | Condition;
export type Fields = Readonly<Record<string, Value>>;

/** The cloud database as this project uses it: whole documents in, conditions that cannot get lost. */
export interface Database {
  readonly command: SdkDatabase['command'];
  get(collection: string, id: string): Promise<unknown>;
  find(
    collection: string,
    filter: Fields,
    options: {
      orderBy: string;
      direction?: 'asc' | 'desc';
      limit: number;
      /** What is read of each document beside its _id; all of it when left out. */
      fields?: readonly string[];
    },
  ): Promise<unknown[]>;
  /** Answers `exists` when a document of that `_id` (or of a unique key) is there. It may be our own, after a reset. */
  add(collection: string, document: object): Promise<'added' | 'exists'>;
  /** Changes what the filter fits, and answers how many documents that were. */
  update(collection: string, filter: Fields, change: Fields): Promise<number>;
  /** Runs `work` in a transaction, again and whole where the design says so. */
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

/** One document at a time, one call after the other: all the platform supports within a transaction. */
export interface Transaction {
  get(collection: string, id: string): Promise<unknown>;
  update(collection: string, id: string, change: Fields): Promise<void>;
  /** Writes the whole document, whether it is there or not. */
  set(collection: string, id: string, document: object): Promise<void>;
}

/** How often a transaction is begun before we give up, and how long it rests in between at most. */
const TRANSACTION_ATTEMPTS_MAX = 8;
const REST_MIN_MS = 20;
const REST_MAX_MS = 400;

/** What a transaction rests by before it is begun again. */
export interface Rests {
  readonly random: () => number;
  readonly timers: Timers;
}

/**
 * Wraps the SDK's database.
 * @param rests.random a number from 0 up to 1, so that transactions in each other's way do not meet again
 * @throws CloudError DATABASE_FAILED, TRANSACTION_GAVE_UP, CONDITION_MISSING
 */
export function wrapDatabase(sdk: SdkDatabase, rests: Rests): Database {
  return {
    command: sdk.command,
    get: (collection, id) =>
      once(async () => (await sdk.collection(collection).doc(id).get()).data ?? undefined),
    find: (collection, filter, { orderBy, direction = 'asc', limit, fields }) =>
      once(async () => {
        const ordered = sdk.collection(collection).where(whole(filter)).orderBy(orderBy, direction);
        const query = ordered.limit(limit);
        const projection = fields && Object.fromEntries(fields.map((name) => [name, true] as const));
        return (await (projection ? query.field(projection) : query).get()).data;
      }),
    add: (collection, document) => once(() => add(sdk.collection(collection), document)),
    update: (collection, filter, change) =>
      once(async () => {
        const data = whole(change);
        return (await sdk.collection(collection).where(whole(filter)).update({ data })).stats.updated;
      }),
    transaction: (work) => runTransaction(sdk, work, rests),
  };
}

async function add(collection: SdkCollection, document: object): Promise<'added' | 'exists'> {
  try {
    await collection.add({ data: document });
    return 'added';
  } catch (error) {
    if (reasonOf(error) === 'duplicate') return 'exists';
    throw error;
  }
}

/**
 * One call, made a second time when an idle connection turned out dead: Node keeps connections alive where the SDK does
 * not expect it, and an instance that was frozen wakes up with dead ones. Every write here may happen twice.
 */
async function once<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!isReset(error)) throw failed(error);
  }
  try {
    return await call();
  } catch (error) {
    throw failed(error);
  }
}

/**
 * The SDK's own runTransaction repeats only conflicts that commit reports, and the platform reports them at the
 * operation; so the whole is done here. A commit whose answer got lost is done again too: the work reads what it
 * decides on, so a second time it finds the first.
 */
async function runTransaction<Result>(
  sdk: SdkDatabase,
  work: (transaction: Transaction) => Promise<Result>,
  rests: Rests,
): Promise<Result> {
  let last: unknown;
  for (let attempt = 0; attempt < TRANSACTION_ATTEMPTS_MAX; attempt++) {
    if (attempt > 0) await rest(attempt, rests);
    try {
      return await attemptTransaction(sdk, work);
    } catch (error) {
      if (!isUnsure(error)) throw failed(error);
      last = error;
    }
  }
  const message = `The transaction was begun ${TRANSACTION_ATTEMPTS_MAX} times; the last time it ended with ${reasonOf(last)}.`;
  throw new CloudError('TRANSACTION_GAVE_UP', message, { cause: last });
}

async function attemptTransaction<Result>(
  sdk: SdkDatabase,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const transaction = await sdk.startTransaction();
  try {
    const result = await work(wrapTransaction(transaction));
    await transaction.commit();
    return result;
  } catch (error) {
    // A transaction that met another is over already, and so is one whose commit only lost its answer. One whose commit
    // never arrived would hold its documents for 30 seconds more. Either way the first error is the one that counts.
    await transaction.rollback().catch(() => undefined);
    throw error;
  }
}

function wrapTransaction(transaction: SdkTransaction): Transaction {
  const doc = (collection: string, id: string) => transaction.collection(collection).doc(id);
  return {
    get: async (collection, id) => (await doc(collection, id).get()).data ?? undefined,
    async update(collection, id, change) {
      await doc(collection, id).update({ data: whole(change) });
    },
    async set(collection, id, document) {
      await doc(collection, id).set({ data: document });
    },
  };
}

function rest(attempt: number, { random, timers }: Rests): Promise<void> {
  const longest = Math.min(REST_MIN_MS * 2 ** attempt, REST_MAX_MS);
  return sleep(timers, random() * longest);
}

/** A filter that lost its conditions fits every document, and an update that lost its fields does nothing. */
function whole(fields: Fields): Fields {
  const entries = Object.entries(fields);
  if (entries.length === 0) throw new CloudError('CONDITION_MISSING', 'A filter or an update is empty.');
  for (const [name, value] of entries) {
    if (value === undefined)
      throw new CloudError('CONDITION_MISSING', `${name} is undefined in a filter or an update.`);
  }
  return fields;
}

function failed(error: unknown): unknown {
  if (error instanceof CloudError || reasonOf(error) === undefined) return error;
  const message = `The database did not do it: ${error instanceof Error ? error.message : JSON.stringify(error)}`;
  return new CloudError('DATABASE_FAILED', message, { cause: error });
}
