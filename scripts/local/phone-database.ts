import type { Cloud } from './cloud/cloud.ts';
import { parseDocument, stringifyExtendedJson } from './cloud/database/extended-json.ts';
import type { SimulatorBackend } from './simulator/backend.ts';
import type { BackendError, DatabaseRequest, DatabaseResult, Query } from './simulator/wire.ts';

/** The numbers under which a mini-program sees the database's refusals; what is not named is "request failed". */
const DATABASE_ERR_CODES: Readonly<Record<string, number>> = {
  DATABASE_PERMISSION_DENIED: -502003,
  DATABASE_COLLECTION_NOT_EXIST: -502005,
  INVALID_PARAM: -501007,
};
const DATABASE_REQUEST_FAILED = -502001;

type Written = Parameters<typeof stringifyExtendedJson>[0];

/** What is behind `wx.cloud.database()`: the local cloud's database, as its rules let one shopper use it. */
export function databaseOf(cloud: Cloud): Pick<SimulatorBackend, 'database' | 'watch'> {
  return {
    async database(request, { openid }) {
      const isRead = request.kind === 'get' || request.kind === 'count';
      const call = wireOf(request);
      const answer = await (isRead ? cloud.clientRead(call, openid) : cloud.clientWrite(call, openid));
      return 'code' in answer ? { error: refusalOf(answer) } : { data: readAnswer(answer, request) };
    },
    async watch(query, { openid }, report) {
      const answer = await cloud.clientWatch(searchOf(query), openid, (documents) =>
        report(documents.map(readDocument)),
      );
      return 'code' in answer ? { error: refusalOf(answer) } : answer;
    },
  };
}

/** The call as wx-server-sdk would send it, which is how the cloud takes it. */
function wireOf(request: DatabaseRequest): object {
  const collectionName = request.collection;
  switch (request.kind) {
    case 'get':
      return searchOf(request);
    case 'count':
      return { action: 'database.calculateDocument', collectionName, ...filterOf(request.where) };
    case 'add':
      return { action: 'database.insertDocument', collectionName, data: [textOf(request.data)] };
    case 'set':
      return {
        ...{ action: 'database.modifyDocument', collectionName, query: textOf({ _id: request.id }) },
        ...{ data: textOf(request.data), multi: false, merge: false, upsert: true },
      };
    case 'update':
      return {
        ...{ action: 'database.modifyDocument', collectionName, ...filterOf(request.where) },
        ...{ data: textOf(request.update), multi: !request.isOne, merge: true, upsert: false },
      };
    case 'remove':
      return {
        ...{ action: 'database.removeDocument', collectionName, ...filterOf(request.where) },
        multi: !request.isOne,
      };
  }
}

function searchOf(query: Query): object {
  const order = query.order.map(({ field, direction }) => [field, direction === 'asc' ? 1 : -1]);
  return {
    action: 'database.getDocument',
    collectionName: query.collection,
    ...filterOf(query.where),
    ...{ queryType: 'WHERE', multi: true, offset: query.skip },
    ...(query.limit !== undefined && { limit: query.limit }),
    ...(order.length === 0 ? {} : { order: JSON.stringify(Object.fromEntries(order)) }),
    ...(query.field ? { projection: JSON.stringify(query.field) } : {}),
  };
}

/** All of a collection is asked for by leaving the query out; an empty one would be one that lost its conditions. */
function filterOf(where: Readonly<Record<string, unknown>>): object {
  return Object.keys(where).length === 0 ? {} : { query: textOf(where) };
}

/** What came over the wire is JSON with dates and regular expressions, which is what the database takes. */
function textOf(value: Readonly<Record<string, unknown>>): string {
  return stringifyExtendedJson(value as Written);
}

function readAnswer(answer: object, request: DatabaseRequest): DatabaseResult {
  const { data } = answer as { data: Readonly<Record<string, unknown>> };
  if (Array.isArray(data.list)) return { documents: data.list.map(String).map(readDocument) };
  if (Array.isArray(data.insertedIds)) return { _id: data.insertedIds[0] };
  if (request.kind === 'set') {
    const isCreated = data.upsert_id !== undefined;
    return { updated: isCreated ? 0 : Number(data.updated), created: isCreated ? 1 : 0 };
  }
  if (request.kind === 'update') return { updated: Number(data.updated) };
  if (request.kind === 'remove') return { removed: Number(data.deleted) };
  return { total: Number(data.total) };
}

/** A document carries its dates already; the present is asked for by queries only. */
function readDocument(text: string): unknown {
  return parseDocument(text, new Date(0));
}

function refusalOf(answer: object): BackendError {
  const { code, message } = answer as { code: string; message: string };
  return { code, message, errCode: DATABASE_ERR_CODES[code] ?? DATABASE_REQUEST_FAILED };
}
