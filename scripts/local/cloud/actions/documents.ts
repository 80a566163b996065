import * as v from 'valibot';
import { type Action, type Call, readParameters } from '../call.ts';
import { aggregate, type Stage } from '../database/aggregate.ts';
import type { Collection } from '../database/collection.ts';
import type { Database } from '../database/database.ts';
import { parseDocument, parseExtendedJson, stringifyExtendedJson } from '../database/extended-json.ts';
import { QUERY_LIMIT_DEFAULT, QUERY_LIMIT_MAX, RESULT_BYTES_MAX } from '../database/limits.ts';
import { changeDocuments, findDocuments, insertDocuments } from '../database/operations.ts';
import type { SortKeys } from '../database/order.ts';
import { compileFilter, type Filter } from '../database/query.ts';
import { readSort } from '../database/read-sort.ts';
import type { Transaction } from '../database/transaction.ts';
import { applyUpdate, checkReplacement, checkUpdate, replaceDocument } from '../database/update.ts';
import type { Document, Value } from '../database/value.ts';
import { CloudError, parameterInvalid } from '../errors.ts';

const target = {
  collectionName: v.pipe(v.string(), v.nonEmpty()),
  /** A filter in Extended JSON. wx-server-sdk leaves it out for a whole collection. */
  query: v.optional(v.string(), ''),
  transactionId: v.optional(v.string()),
};
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const insertion = v.object({ ...target, data: v.pipe(v.array(v.string()), v.minLength(1)) });
const search = v.object({
  ...target,
  order: v.optional(v.string()),
  offset: v.optional(count, 0),
  limit: v.optional(count, QUERY_LIMIT_DEFAULT),
  projection: v.optional(v.string()),
});
const modification = v.object({
  ...target,
  data: v.string(),
  multi: v.optional(v.boolean(), false),
  merge: v.optional(v.boolean(), false),
  upsert: v.optional(v.boolean(), false),
});
const removal = v.object({ ...target, multi: v.optional(v.boolean(), false) });
const targeted = v.object(target);
const aggregation = v.object({
  ...target,
  stages: v.array(v.object({ stageKey: v.string(), stageValue: v.string() })),
});

/** What the document actions work on; `watch` receives every filter before it is used. */
export interface DocumentWorld {
  readonly database: Database;
  readonly watch: (use: Use) => void;
}

/** A use of a collection, for strict mode to judge. */
export interface Use {
  readonly call: Call;
  readonly collection: Collection;
  readonly filter: Filter;
  /** Whether the filter came over the wire; a whole collection is asked for without one. */
  readonly hasFilter: boolean;
  readonly sort?: SortKeys | undefined;
  readonly writes: boolean;
  /** MongoDB's operators and what they are to change; absent where nothing or all of a document is written. */
  readonly update?: Document;
  readonly transaction: Transaction | undefined;
}

/** The actions on documents, by their names on the wire. */
export function documentActions(world: DocumentWorld): Record<string, Action> {
  const { database } = world;
  const now = () => database.now();

  async function insertDocument(call: Call) {
    const { data, ...where } = readParameters(insertion, call);
    const documents = data.map((text) => parseDocument(text, now()));
    return inCollection(call, where, { writes: true }, async ({ collection, transaction }) => {
      const insertedIds = await insertDocuments(database, collection, documents, transaction);
      return { data: { insertedIds } };
    });
  }

  async function getDocument(call: Call) {
    const { order, offset, limit, projection, ...where } = readParameters(search, call);
    const sort = order === undefined ? undefined : readSort(parseDocument(order, now()));
    const fields = projection === undefined ? undefined : parseDocument(projection, now());
    return inCollection(call, where, { writes: false, sort }, async ({ collection, filter, transaction }) => {
      const most = Math.min(limit, QUERY_LIMIT_MAX);
      const part = { filter, sort, skip: offset, limit: most, projection: fields };
      return { data: { list: listed(findDocuments(database, collection, part, transaction)) } };
    });
  }

  async function modifyDocument(call: Call) {
    const { data, multi, merge, upsert, ...where } = readParameters(modification, call);
    const given = readUpdate(data, now());
    const use = { writes: true, ...(merge ? { update: given } : {}) };
    return inCollection(call, where, use, async ({ collection, filter, transaction }) => {
      if (merge) checkUpdate(given);
      else checkReplacement(given);
      const change = (document: Document) =>
        merge ? applyUpdate(document, given, { filter, now: now() }) : replaceDocument(document, given);
      const outcome = await changeDocuments(database, collection, { filter, multi, change }, transaction);
      if (outcome.matched > 0 || !upsert) return { data: { updated: outcome.changed } };
      const { _id } = filter.source;
      const document = _id === undefined ? given : { _id, ...given };
      const [upsert_id] = await insertDocuments(database, collection, [document], transaction);
      return { data: { updated: 0, upsert_id } };
    });
  }

  async function modifyAndReturnDoc(call: Call) {
    const { data, ...where } = readParameters(modification, call);
    const update = readUpdate(data, now());
    return inCollection(
      call,
      where,
      { writes: true, update },
      async ({ collection, filter, transaction }) => {
        checkUpdate(update);
        let changed: Document | undefined;
        const change = (document: Document) => {
          changed = applyUpdate(document, update, { filter, now: now() });
          return changed;
        };
        const outcome = await changeDocuments(
          database,
          collection,
          { filter, multi: false, change },
          transaction,
        );
        const doc = changed ? stringifyExtendedJson(changed) : undefined;
        return { data: { updated: outcome.changed, ...(doc ? { doc } : {}) } };
      },
    );
  }

  async function removeDocument(call: Call) {
    const { multi, ...where } = readParameters(removal, call);
    return inCollection(call, where, { writes: true }, async ({ collection, filter, transaction }) => {
      const removed = { filter, multi, change: () => undefined };
      const { changed } = await changeDocuments(database, collection, removed, transaction);
      return { data: { deleted: changed } };
    });
  }

  async function calculateDocument(call: Call) {
    const where = readParameters(targeted, call);
    return inCollection(call, where, { writes: false }, async ({ collection, filter }) => ({
      data: { total: findDocuments(database, collection, { filter }).length },
    }));
  }

  async function aggregateDocuments(call: Call) {
    const { stages, ...where } = readParameters(aggregation, call);
    const pipeline: Stage[] = stages.map(({ stageKey, stageValue }) => ({
      name: stageKey,
      argument: parseExtendedJson(stageValue, now()),
    }));
    return inCollection(call, where, { writes: false }, async ({ collection }) => {
      const all = (name: string) => [...database.collection(name).latest()].map(([, document]) => document);
      return { data: { list: listed(aggregate(all(collection.name), pipeline, all)) } };
    });
  }

  /** What all of them begin with: the collection, the filter, the transaction, which stays busy meanwhile. */
  async function inCollection(
    call: Call,
    where: { collectionName: string; query: string; transactionId?: string | undefined },
    use: { writes: boolean; sort?: SortKeys | undefined; update?: Document },
    run: (at: {
      collection: Collection;
      filter: Filter;
      transaction: Transaction | undefined;
    }) => Promise<object>,
  ): Promise<object> {
    const transaction =
      where.transactionId === undefined ? undefined : database.transaction(where.transactionId);
    if (transaction) transaction.isBusy = true;
    try {
      const collection = database.collection(where.collectionName);
      const filter = compileFilter(where.query === '' ? {} : parseDocument(where.query, now()));
      world.watch({ call, collection, filter, hasFilter: where.query !== '', transaction, ...use });
      if (transaction) database.enter(transaction);
      const answer = await run({ collection, filter, transaction });
      if (transaction) await call.caller.pause?.();
      return answer;
    } finally {
      if (transaction) transaction.isBusy = false;
    }
  }

  return {
    'database.insertDocument': insertDocument,
    'database.getDocument': getDocument,
    'database.modifyDocument': modifyDocument,
    'database.modifyAndReturnDoc': modifyAndReturnDoc,
    'database.removeDocument': removeDocument,
    'database.calculateDocument': calculateDocument,
    'database.aggregateDocuments': aggregateDocuments,
  };
}

function readUpdate(text: string, now: Date): Document {
  if (text.trimStart().startsWith('['))
    throw parameterInvalid('An update by a pipeline is not provided here');
  return parseDocument(text, now);
}

/** @throws CloudError when the answer would be larger than the platform lets through */
function listed(documents: readonly Document[]): string[] {
  const list = documents.map((document: Value) => stringifyExtendedJson(document));
  const bytes = list.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes <= RESULT_BYTES_MAX) return list;
  throw new CloudError(
    'DATABASE_REQUEST_FAILED',
    `[FailedOperation] the result has ${bytes} bytes, more than ${RESULT_BYTES_MAX}: ask for fewer documents or fields`,
  );
}
