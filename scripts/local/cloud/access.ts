import type { CollectionManifest } from '../../manifest.ts';
import type { Document } from './database/value.ts';
import { type RuleCheck, readRule } from './rules.ts';

/**
 * The four permissions that the console offers beside security rules, by their names in its API: PRIVATE is 仅创建者可读写,
 * READONLY 所有用户可读，仅创建者可读写, ADMINWRITE 所有用户可读, ADMINONLY 所有用户不可读写.
 */
export const PERMISSIONS = ['PRIVATE', 'READONLY', 'ADMINWRITE', 'ADMINONLY'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** A collection, and under which of the four permissions it is, where it is under no security rule. */
export type LocalCollection = CollectionManifest & { readonly permission?: Permission };

/** What a mini-program may do with a collection. */
export interface Access {
  /** The filter with which it may be done; undefined where it may not. */
  read(filter: Document, openid: string): Document | undefined;
  change(filter: Document, openid: string): Document | undefined;
  mayCreate(document: Document, openid: string): boolean;
}

/** @throws Error when the rule is one we cannot read */
export function accessOf({ rule, permission }: LocalCollection): Access {
  return permission === undefined
    ? byRule(readRule(rule.read), readRule(rule.write))
    : BY_PERMISSION[permission];
}

/** A security rule narrows nothing: a query that could give more than it allows is refused. */
function byRule(read: RuleCheck, write: RuleCheck): Access {
  return {
    read: (filter, openid) => (read({ openid, filter }) ? filter : undefined),
    change: (filter, openid) => (write({ openid, filter }) ? filter : undefined),
    mayCreate: (document, openid) => write({ openid, filter: document }),
  };
}

/**
 * What is only the creator's is looked for among the creator's own, so that others' documents are as if they were not there
 * (https://developers.weixin.qq.com/miniprogram/dev/wxcloudservice/wxcloud/guide/database/security-rules.html).
 */
const own = (filter: Document, openid: string): Document =>
  filter._openid === undefined ? { ...filter, _openid: openid } : { $and: [filter, { _openid: openid }] };
const all = (filter: Document) => filter;
const nothing = () => undefined;

const BY_PERMISSION: Readonly<Record<Permission, Access>> = {
  PRIVATE: { read: own, change: own, mayCreate: () => true },
  READONLY: { read: all, change: own, mayCreate: () => true },
  ADMINWRITE: { read: all, change: nothing, mayCreate: () => false },
  ADMINONLY: { read: nothing, change: nothing, mayCreate: () => false },
};
