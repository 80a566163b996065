import { createRequire } from 'node:module';

/** What the tests use of wx-server-sdk, as it behaves: its own typings say `void | string | …` for most answers. */
export interface Sdk {
  init(options: { env: string }): void;
  database(): Database;
  callFunction(options: { name: string; data?: object }): Promise<{ result: unknown }>;
  uploadFile(options: { cloudPath: string; fileContent: unknown }): Promise<{ fileID: string }>;
  downloadFile(options: { fileID: string }): Promise<{ fileContent: Buffer }>;
  getTempFileURL(options: { fileList: unknown[] }): Promise<{ fileList: Fields[] }>;
  deleteFile(options: { fileList: string[] }): Promise<{ fileList: Fields[] }>;
  readonly cloudPay: Record<string, (request: object) => Promise<Fields>>;
  readonly openapi: { subscribeMessage: { send(request: object): Promise<Fields> } };
}

export type Fields = Record<string, unknown>;

export interface Database {
  readonly command: Record<
    'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq' | 'in' | 'nin' | 'inc' | 'push',
    Operator
  > &
    Record<
      'exists' | 'set' | 'remove' | 'pull' | 'elemMatch' | 'or' | 'unshift' | 'pop' | 'addToSet',
      Operator
    >;
  collection(name: string): Collection;
  createCollection(name: string): Promise<unknown>;
  serverDate(options?: { offset: number }): unknown;
  RegExp(options: { regexp: string; options?: string }): unknown;
  readonly Geo: { Point(longitude: number, latitude: number): unknown };
  startTransaction(): Promise<Transaction>;
  runTransaction<Result>(run: (transaction: Transaction) => Promise<Result>, times?: number): Promise<Result>;
}

type Operator = (...operands: unknown[]) => { and(other: unknown): unknown };

export interface Transaction {
  collection(name: string): Collection;
  commit(): Promise<unknown>;
  rollback(reason?: unknown): Promise<unknown>;
}

export interface Query {
  get(): Promise<{ data: Fields[] }>;
  count(): Promise<{ total: number }>;
  update(options: { data: Fields }): Promise<{ stats: { updated: number } }>;
  remove(): Promise<{ stats: { removed: number } }>;
  orderBy(path: string, direction: 'asc' | 'desc'): Query;
  skip(count: number): Query;
  limit(count: number): Query;
  field(projection: Fields): Query;
}

export interface Collection extends Query {
  add(options: { data: Fields }): Promise<{ _id: string }>;
  add(options: { data: Fields[] }): Promise<{ _ids: string[] }>;
  where(filter: Fields): Query;
  doc(id: string | number): DocumentReference;
  aggregate(): Aggregate;
}

export interface DocumentReference {
  get(): Promise<{ data: Fields }>;
  set(options: { data: Fields }): Promise<{ _id: string; stats: { updated: number; created: number } }>;
  update(options: { data: Fields }): Promise<{ stats: { updated: number } }>;
  remove(): Promise<{ stats: { removed: number } }>;
}

export interface Aggregate
  extends Record<'match' | 'group' | 'sort' | 'project' | 'lookup', (_: Fields) => Aggregate> {
  limit(count: number): Aggregate;
  end(): Promise<{ list: Fields[] }>;
}

/** The project's own wx-server-sdk, unmodified. */
export function loadSdk(): Sdk {
  const sdk: Sdk = createRequire(import.meta.url)('wx-server-sdk');
  return sdk;
}
