import type { IndexManifest } from '../../manifest.ts';
import type { WantedFunction } from '../compare/wanted.ts';
import type {
  CollectionState,
  Domain,
  FunctionState,
  InvokeRules,
  Route,
  StoredDocument,
  Timer,
} from './state.ts';

/**
 * An environment in the cloud, as far as deploying needs it: it reads, creates and sets, and has no way to delete.
 * Every operation that creates or sets returns when its effect can be read back, or after a bounded wait.
 * Errors: DeployError, with Tencent Cloud's code and the way out.
 */
export interface Cloud extends CloudDatabase, CloudDocuments, CloudFunctions, CloudAccess {}

export interface CloudDatabase {
  /** The collections of these names that exist, with those of the given `_id` that are in them. */
  readCollections(
    wanted: readonly { readonly name: string; readonly seed: readonly StoredDocument[] }[],
  ): Promise<readonly CollectionState[]>;
  createCollection(name: string): Promise<void>;
  createIndex(collection: string, index: IndexManifest): Promise<void>;
  setRule(collection: string, rule: string): Promise<void>;
}

export interface CloudDocuments {
  /** Those documents that MongoDB's filter finds, with these fields or all. The collection must be there. */
  readDocuments(
    collection: string,
    query: {
      readonly filter: Readonly<Record<string, unknown>>;
      readonly fields?: readonly string[];
      readonly limit: number;
    },
  ): Promise<readonly StoredDocument[]>;
  insertDocuments(collection: string, documents: readonly StoredDocument[]): Promise<void>;
  /** Gives a document these values, unless it has another one of any of them by now. */
  setMissing(collection: string, _id: string, values: Readonly<Record<string, string>>): Promise<void>;
  /** Adds an entry to a list of a document, unless one with the same values under `key` is in it. */
  addToList(
    collection: string,
    _id: string,
    addition: {
      readonly list: string;
      readonly entry: Readonly<Record<string, unknown>>;
      readonly key: readonly string[];
    },
  ): Promise<void>;
}

export interface CloudFunctions {
  /** The functions of these names that exist, with the code that was downloaded again. */
  readFunctions(names: readonly string[]): Promise<readonly FunctionState[]>;
  createFunction(wanted: WantedFunction): Promise<void>;
  updateCode(wanted: WantedFunction): Promise<void>;
  /** Time limit, memory and variables. */
  updateSettings(wanted: WantedFunction): Promise<void>;
  createTimer(name: string, timer: Timer): Promise<void>;
  /**
   * Calls a function as an administrator, which no rule forbids, and gives what it returned.
   * @throws DeployError FUNCTION_FAILED where the function threw or was stopped
   */
  invoke(name: string, event: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export interface CloudAccess {
  /** Whether HTTP access is on, and the domains under which it answers. */
  readAccess(): Promise<{ readonly gateway: boolean; readonly domains: readonly Domain[] }>;
  createRoute(route: Route): Promise<void>;
  changeRoute(route: Route): Promise<void>;
  readInvokeRules(): Promise<InvokeRules>;
  setInvokeRules(rules: string): Promise<void>;
}
