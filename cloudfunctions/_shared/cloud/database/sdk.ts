import { DATABASE_CALL_MS } from '../../order/deadline.ts';

/**
 * The one file that knows wx-server-sdk. Its typings are wrong in places, so the part that is used is described here.
 * The SDK takes a while to load and is a file of its own (scripts/sdk-bundle.ts). It is loaded when the database is first
 * needed: a forged notice is answered without it.
 */
export interface SdkDatabase {
  readonly command: SdkCommand;
  collection(name: string): SdkCollection;
  startTransaction(): Promise<SdkTransaction>;
}

/** A condition made by `command`; opaque. */
export interface Condition {
  readonly __condition: never;
}

export interface SdkCommand {
  in(values: readonly unknown[]): Condition;
  eq(value: unknown): Condition;
  gt(value: unknown): Condition;
  gte(value: unknown): Condition;
  lt(value: unknown): Condition;
  lte(value: unknown): Condition;
  and(...conditions: readonly Condition[]): Condition;
  /** Replaces a field as a whole; without it the SDK writes into an object field by field. */
  set(value: unknown): Condition;
}

export interface SdkQuery {
  orderBy(field: string, direction: 'asc' | 'desc'): SdkQuery;
  limit(count: number): SdkQuery;
  /** Of each document only these fields, and its _id. */
  field(projection: Readonly<Record<string, true>>): SdkQuery;
  get(): Promise<{ data: unknown[] }>;
  update(options: { data: object }): Promise<{ stats: { updated: number } }>;
}

export interface SdkDocument {
  get(): Promise<{ data: unknown }>;
  update(options: { data: object }): Promise<unknown>;
  set(options: { data: object }): Promise<unknown>;
}

export interface SdkCollection {
  doc(id: string): SdkDocument;
  where(filter: object): SdkQuery;
  add(options: { data: object }): Promise<unknown>;
}

export interface SdkTransaction {
  collection(name: string): { doc(id: string): SdkDocument };
  commit(): Promise<unknown>;
  rollback(): Promise<unknown>;
}

export interface Sdk {
  database(): SdkDatabase;
  getWXContext(): Readonly<Record<string, unknown>>;
}

/** What wx-server-sdk exports, as far as it is used here. */
export interface ServerSdk {
  readonly DYNAMIC_CURRENT_ENV: unknown;
  init(options: object): void;
  database(options: object): unknown;
  getWXContext(): object;
}

/** Loads wx-server-sdk and points it at the environment in which the function runs. */
export async function loadSdk(): Promise<Sdk> {
  return openSdk((await import('wx-server-sdk')).default);
}

/** Points an SDK that is loaded at the environment in which the function runs. */
export function openSdk(cloud: ServerSdk): Sdk {
  // The SDK's own fifteen seconds would leave a function none to answer in.
  cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV, timeout: DATABASE_CALL_MS });
  return {
    // A document that is not there is an answer, not an error.
    database: () => cloud.database({ throwOnNotFound: false }) as SdkDatabase,
    getWXContext: () => cloud.getWXContext() as Readonly<Record<string, unknown>>,
  };
}
