import type { DatabaseAnswer, DatabaseRequest } from '../../../wire.ts';
import { worldNow } from '../../clock.ts';
import { api, fail } from '../api.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { command, DatabaseRegExp, ServerDate } from './command.ts';
import { type Filter, toFilter } from './filter.ts';

/** A client reads at most this many documents at a time, however many it asks for. */
const CLIENT_LIMIT = 20;

/** What the platform writes before the message of an error. */
const DESCRIPTIONS: Readonly<Record<number, string>> = {
  [-502001]: 'database request fail',
  [-502002]: 'database operator invalid',
  [-502003]: 'database permission denied',
  [-502005]: 'database collection not exists',
};

interface Query {
  readonly collection: string;
  readonly where: Filter;
  readonly order: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[];
  readonly skip: number;
  readonly limit: number;
  readonly field?: Readonly<Record<string, unknown>>;
}

export type ReadDatabase = (request: DatabaseRequest) => Promise<DatabaseAnswer>;

/** `wx.cloud.database()`: reads. Writes throw by name. */
export function createDatabase(read: ReadDatabase): object {
  return refuseUnknown('wx.cloud.database()', {
    command: refuseUnknown('db.command', command),
    serverDate: ({ offset = 0 }: { offset?: number } = {}) => new ServerDate(offset),
    RegExp: ({ regexp, options = '' }: { regexp: string; options?: string }) =>
      new DatabaseRegExp(regexp, options),
    collection: (name: string) => createCollection(name, read),
  });
}

function createCollection(name: string, read: ReadDatabase): object {
  const query: Query = { collection: name, where: {}, order: [], skip: 0, limit: CLIENT_LIMIT };
  return refuseUnknown(`collection('${name}')`, {
    ...queryMethods(query, read),
    doc: (id: string | number) => createDocument({ ...query, where: { _id: id }, limit: 1 }, id, read),
  });
}

function queryMethods(query: Query, read: ReadDatabase) {
  const narrowed = (change: Partial<Query>): object =>
    refuseUnknown(`collection('${query.collection}')`, queryMethods({ ...query, ...change }, read));
  return {
    where: (condition: unknown) => narrowed({ where: toFilter(condition, worldNow) }),
    orderBy: (field: string, direction: 'asc' | 'desc') =>
      narrowed({ order: [...query.order, { field, direction }] }),
    skip: (skip: number) => narrowed({ skip }),
    limit: (limit: number) => narrowed({ limit: Math.min(limit, CLIENT_LIMIT) }),
    field: (field: Readonly<Record<string, unknown>>) => narrowed({ field }),
    get: api('collection.get', async () => ({ data: await findDocuments(query, read) })),
    count: api('collection.count', async () => {
      const found = await accept(read({ kind: 'count', collection: query.collection, where: query.where }));
      return { total: 'total' in found ? found.total : found.documents.length };
    }),
  };
}

function createDocument(query: Query, id: string | number, read: ReadDatabase): object {
  return refuseUnknown(`collection('${query.collection}').doc()`, {
    field: (field: Readonly<Record<string, unknown>>) => createDocument({ ...query, field }, id, read),
    get: api('document.get', async () => {
      const [data] = await findDocuments(query, read);
      return data === undefined ? fail(`document with _id ${id} does not exist`, { errCode: -1 }) : { data };
    }),
  });
}

async function findDocuments(query: Query, read: ReadDatabase): Promise<readonly unknown[]> {
  const found = await accept(read({ kind: 'get', ...query }));
  return 'documents' in found ? found.documents : [];
}

/** A refusal in the platform's words: `collection.get:fail -502003 database permission denied. …`. */
async function accept(answer: Promise<DatabaseAnswer>) {
  const settled = await answer;
  if ('data' in settled) return settled.data;
  const { errCode, message } = settled.error;
  return fail(`${errCode} ${DESCRIPTIONS[errCode] ?? 'database request fail'}. ${message}`, { errCode });
}
