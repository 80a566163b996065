import type { DatabaseAnswer, DatabaseRequest, Query } from '../../../wire.ts';
import { worldNow } from '../../clock.ts';
import { api } from '../api.ts';
import { fail, type Options } from '../failure.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { toFilter } from './filter.ts';
import { toDocument, toUpdate } from './update.ts';
import type { Watches } from './watches.ts';

/** A client reads at most this many documents at a time, however many it asks for. */
const CLIENT_LIMIT = 20;

/** What the platform writes before the message of an error. */
const DESCRIPTIONS: Readonly<Record<number, string>> = {
  [-501007]: 'invalid parameters',
  [-502001]: 'database request fail',
  [-502002]: 'database operator invalid',
  [-502003]: 'database permission denied',
  [-502005]: 'database collection not exists',
};

/** What a collection asks its questions with. */
export interface DatabaseParts {
  readonly ask: (request: DatabaseRequest) => Promise<DatabaseAnswer>;
  readonly watches: Watches;
}

export function createCollection(name: string, parts: DatabaseParts): object {
  const query: Query = { collection: name, where: {}, order: [], skip: 0 };
  return refuseUnknown(`collection('${name}')`, {
    ...queryMethods(query, parts),
    doc: (id: string | number) => createDocument({ ...query, where: { _id: id }, limit: 1 }, id, parts),
    add: api('collection.add', async ({ data }) => {
      const found = await accept(parts.ask({ kind: 'add', collection: name, data: toDocument(data) }));
      return '_id' in found ? { _id: found._id } : {};
    }),
  });
}

function queryMethods(query: Query, parts: DatabaseParts) {
  const { collection, where } = query;
  const narrowed = (change: Partial<Query>): object =>
    refuseUnknown(`collection('${collection}')`, queryMethods({ ...query, ...change }, parts));
  return {
    where: (condition: unknown) => narrowed({ where: toFilter(condition, worldNow) }),
    orderBy: (field: string, direction: 'asc' | 'desc') =>
      narrowed({ order: [...query.order, { field, direction }] }),
    skip: (skip: number) => narrowed({ skip }),
    limit: (limit: number) => narrowed({ limit }),
    field: (field: Readonly<Record<string, unknown>>) => narrowed({ field }),
    get: api('collection.get', async () => ({ data: await findDocuments(query, parts) })),
    count: api('collection.count', async () => {
      const found = await accept(parts.ask({ kind: 'count', collection, where }));
      return 'total' in found ? { total: found.total } : {};
    }),
    update: api('collection.update', async ({ data }) => changed(query, data, false, parts)),
    remove: api('collection.remove', () => removed(query, false, parts)),
    watch: (options: unknown) => parts.watches.add(query, options),
  };
}

function createDocument(query: Query, id: string | number, parts: DatabaseParts): object {
  const { collection } = query;
  return refuseUnknown(`collection('${collection}').doc()`, {
    field: (field: Readonly<Record<string, unknown>>) => createDocument({ ...query, field }, id, parts),
    get: api('document.get', async () => {
      const [data] = await findDocuments(query, parts);
      return data === undefined ? fail(`document with _id ${id} does not exist`, { errCode: -1 }) : { data };
    }),
    set: api('document.set', async ({ data }: Options) => {
      const found = await accept(parts.ask({ kind: 'set', collection, id, data: toDocument(data) }));
      if (!('updated' in found)) return {};
      return { _id: id, stats: { updated: found.updated, created: found.created ?? 0 } };
    }),
    update: api('document.update', ({ data }) => changed(query, data, true, parts)),
    remove: api('document.remove', () => removed(query, true, parts)),
    watch: (options: unknown) => parts.watches.add(query, options),
  });
}

async function findDocuments(query: Query, { ask }: DatabaseParts): Promise<readonly unknown[]> {
  const limit = Math.min(query.limit ?? CLIENT_LIMIT, CLIENT_LIMIT);
  const found = await accept(ask({ kind: 'get', ...query, limit }));
  return 'documents' in found ? found.documents : [];
}

async function changed({ collection, where }: Query, data: unknown, isOne: boolean, { ask }: DatabaseParts) {
  const update = toUpdate(data, worldNow);
  const found = await accept(ask({ kind: 'update', collection, where, update, isOne }));
  return { stats: { updated: 'updated' in found ? found.updated : 0 } };
}

async function removed({ collection, where }: Query, isOne: boolean, { ask }: DatabaseParts) {
  const found = await accept(ask({ kind: 'remove', collection, where, isOne }));
  return { stats: { removed: 'removed' in found ? found.removed : 0 } };
}

/** A refusal in the platform's words: `-502003 database permission denied. …`. */
export function wordsOf({
  errCode,
  message,
}: {
  readonly errCode: number;
  readonly message: string;
}): string {
  return `${errCode} ${DESCRIPTIONS[errCode] ?? 'database request fail'}. ${message}`;
}

async function accept(answer: Promise<DatabaseAnswer>) {
  const settled = await answer;
  if ('data' in settled) return settled.data;
  return fail(wordsOf(settled.error), { errCode: settled.error.errCode });
}
