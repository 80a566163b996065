import { duplicateKey, insertRefused, queryRefused } from '../errors.ts';
import type { Collection } from './collection.ts';
import type { Database } from './database.ts';
import { DOCUMENT_BYTES_MAX } from './limits.ts';
import type { SortKeys } from './order.ts';
import { project } from './projection.ts';
import type { Filter } from './query.ts';
import { search } from './search.ts';
import { documentSize, isLarger } from './size.ts';
import type { Transaction } from './transaction.ts';
import { areEqual, type Document, isDocument, isList, keyOf, show, type Value } from './value.ts';

/** Which documents, in which order, which part of them. */
export interface Search {
  readonly filter: Filter;
  readonly sort?: SortKeys | undefined;
  readonly skip?: number | undefined;
  readonly limit?: number | undefined;
  readonly projection?: Document | undefined;
}

/**
 * Inserts one after the other and stops at the first that is refused, as MongoDB's ordered inserts do. Gives the ids.
 * @throws CloudError E11000 when an `_id` or a unique index is taken; in a transaction that ends it
 */
export async function insertDocuments(
  database: Database,
  collection: Collection,
  documents: readonly Document[],
  transaction?: Transaction,
): Promise<Value[]> {
  const ids: Value[] = [];
  const saved: Promise<void>[] = [];
  try {
    for (const given of documents) {
      const document = given._id === undefined ? { _id: database.newId(), ...given } : given;
      const id = checkInsert(database, document, transaction);
      const { done } = await database.attempt(() =>
        insertOne(database, { collection, document, id }, transaction),
      );
      saved.push(done);
      ids.push(id);
    }
  } finally {
    await Promise.all(saved); // Those before a refused one stay, so they have to be safe as well.
  }
  return ids;
}

export function findDocuments(
  database: Database,
  collection: Collection,
  { filter, sort, skip = 0, limit = Number.POSITIVE_INFINITY, projection }: Search,
  transaction?: Transaction,
): Document[] {
  const found = search(database, collection, { filter, sort, enough: skip + limit }, transaction);
  const part = found.slice(skip, skip + limit).map(([, document]) => document);
  return project(part, projection);
}

/**
 * Changes what the filter finds. A document that another write changed in the meantime is held against the filter
 * again, so of two compare-and-sets one wins.
 * @returns how many documents became different
 */
export async function changeDocuments(
  database: Database,
  collection: Collection,
  {
    filter,
    multi,
    change,
  }: { filter: Filter; multi: boolean; change: (document: Document) => Document | undefined },
  transaction?: Transaction,
): Promise<{ matched: number; changed: number }> {
  const enough = multi ? Number.POSITIVE_INFINITY : 1;
  let matched = 0;
  const saved: Promise<void>[] = [];
  try {
    for (const [key] of search(database, collection, { filter, enough }, transaction)) {
      const write = await database.attempt(() => {
        database.claim(collection, key, transaction);
        const current = database.read(collection, key, transaction);
        if (!current || !filter.matches(current)) return undefined;
        const document = changedOrRefused(database, transaction, () => change(current));
        if (document && areEqual(document, current)) return { done: undefined };
        return { done: database.stage({ collection, key, document }, transaction) };
      });
      if (write) matched++;
      if (write?.done) saved.push(write.done);
    }
  } finally {
    await Promise.all(saved);
  }
  return { matched, changed: saved.length };
}

/** The promise comes wrapped: the attempt has to end in this turn, the saving may take longer. */
function insertOne(
  database: Database,
  { collection, document, id }: { collection: Collection; document: Document; id: Value },
  transaction: Transaction | undefined,
): { done: Promise<void> } {
  const key = keyOf(id);
  database.claim(collection, key, transaction);
  if (database.read(collection, key, transaction)) {
    const taken = { collection: collection.name, index: '_id_', key: `{ _id: ${show(id)} }` };
    throw database.refuse(duplicateKey(taken), transaction);
  }
  return { done: database.stage({ collection, key, document }, transaction) };
}

function changedOrRefused<Result>(
  database: Database,
  transaction: Transaction | undefined,
  change: () => Result,
): Result {
  try {
    return change();
  } catch (error) {
    throw database.refuse(error instanceof Error ? error : queryRefused(String(error)), transaction);
  }
}

function checkInsert(database: Database, document: Document, transaction: Transaction | undefined): Value {
  const { _id = null } = document;
  const problem = insertProblem(document, _id);
  if (problem) throw database.refuse(insertRefused(problem), transaction);
  return _id;
}

function insertProblem(document: Document, id: Value): string | undefined {
  if (isList(id)) return "The '_id' value cannot be of type array";
  if (id instanceof RegExp) return "The '_id' value cannot be of type regex";
  if (isDocument(id) && Object.keys(id).some((field) => field.startsWith('$'))) {
    return `_id fields may not contain '$'-prefixed fields: ${Object.keys(id)[0]} is not valid for storage.`;
  }
  const dollar = Object.keys(document).find((field) => field.startsWith('$'));
  if (dollar) return `Document can't have $ prefixed field names: ${dollar}`;
  if (!isLarger(document, DOCUMENT_BYTES_MAX)) return undefined;
  return `object to insert too large. size in bytes: ${documentSize(document)}, max size: ${DOCUMENT_BYTES_MAX}`;
}
