import type { IndexManifest } from '../../manifest.ts';
import type { Variables } from '../variables.ts';

/** A document, of a seed file or as it was found. Of the former only its `_id` is ours to compare: the rest is the merchant's. */
export interface StoredDocument {
  readonly _id: string;
  readonly [field: string]: unknown;
}

/** First documents, by the name of their collection. */
export type Seeds = ReadonlyMap<string, readonly StoredDocument[]>;

export interface Timer {
  readonly name: string;
  /** Seven fields, as in the manifest. */
  readonly config: string;
  readonly enabled: boolean;
}

/** A function of this status cannot be called, updated or created again; it can only be deleted. */
export const CREATE_FAILED = 'CreateFailed';

/** A function, as it is or as it should be. */
export interface FunctionState {
  readonly name: string;
  readonly runtime: string;
  readonly handler: string;
  /** Seconds. */
  readonly timeout: number;
  /** Megabytes. */
  readonly memorySize: number;
  /** Whether the cloud runs npm install on every upload. Ours bring everything along. */
  readonly installDependency: boolean;
  readonly variables: Variables;
  readonly timers: readonly Timer[];
  /** What `digest` gives of its code; or a few words, where what was downloaded cannot be ours. */
  readonly code: string;
  /** `Active` once it can be called. */
  readonly status: string;
}

export interface CollectionState {
  readonly name: string;
  readonly indexes: readonly IndexManifest[];
  /** Compact JSON, or the platform's name for a ready-made rule such as ADMINONLY. */
  readonly rule: string | undefined;
  /** Which of the seed's `_id` are there. */
  readonly seeded: readonly string[];
}

/** A path under a domain at which HTTP access reaches a function. */
export interface Route {
  readonly domain: string;
  readonly path: string;
  readonly functionName: string;
  /** With this on, the caller must log in; WeChat Pay does not. */
  readonly auth: boolean;
  readonly enabled: boolean;
}

export interface Domain {
  readonly name: string;
  readonly isDefault: boolean;
  readonly enabled: boolean;
  readonly routes: readonly Route[];
}

/** By function name, and `*` for those not named: who may call it with wx.cloud.callFunction. */
export type InvokeRules = Readonly<Record<string, unknown>>;

/** What was found in an environment. */
export interface EnvironmentState {
  readonly collections: readonly CollectionState[];
  /** The catalogue, as far as there is one. */
  readonly products: readonly StoredDocument[];
  /** Some of the open orders that are not of the merchant number to come: their `_id` and `mch_id`. */
  readonly ordersOfOthers: readonly StoredDocument[];
  readonly functions: readonly FunctionState[];
  readonly invokeRules: InvokeRules;
  /** Whether HTTP access is switched on for the environment. */
  readonly gateway: boolean;
  readonly domains: readonly Domain[];
}
