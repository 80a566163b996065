import * as v from 'valibot';
import { type Call, readParameters } from './call.ts';
import type { Database } from './database/database.ts';
import { parseDocument, stringifyExtendedJson } from './database/extended-json.ts';
import { findDocuments } from './database/operations.ts';
import { compileFilter } from './database/query.ts';
import { readSort } from './database/read-sort.ts';

/** Documents that one watch follows: our own limit, the platform's is 5000. */
export const WATCHED_DOCUMENTS_MAX = 1000;

const watched = v.object({
  collectionName: v.string(),
  query: v.optional(v.string(), ''),
  order: v.optional(v.string()),
  limit: v.number(),
});

/**
 * Reports what a query finds, now and whenever a commit changes it: whole documents in Extended JSON, in order. Without an
 * order the newest `_id` is first, as WeChat's Collection.watch has it. What several commits of one turn change is reported once.
 *
 * @param call as `database.getDocument`, after the door for mini-programs
 * @returns ends it
 */
export function watchQuery(
  database: Database,
  call: Call,
  report: (documents: readonly string[]) => void,
): () => void {
  const { collectionName, query, order, limit } = readParameters(watched, call);
  const collection = database.collection(collectionName);
  const filter = compileFilter(query === '' ? {} : parseDocument(query, database.now()));
  const sort = readSort(order === undefined ? { _id: -1 } : parseDocument(order, database.now()));
  let last: string | undefined;
  let isWaiting = false;
  let isOver = false;
  const look = () => {
    isWaiting = false;
    if (isOver) return;
    const documents = findDocuments(database, collection, { filter, sort, limit }).map(stringifyExtendedJson);
    const found = documents.join('\n');
    if (found === last) return;
    last = found;
    report(documents);
  };
  const stop = database.onCommit((names) => {
    if (isWaiting || !names.has(collectionName)) return;
    isWaiting = true;
    setImmediate(look);
  });
  look();
  return () => {
    isOver = true;
    stop();
  };
}
