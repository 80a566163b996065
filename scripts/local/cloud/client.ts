import * as v from 'valibot';
import type { CollectionManifest } from '../../manifest.ts';
import { type Action, type Call, readParameters } from './call.ts';
import { parseDocument, stringifyExtendedJson } from './database/extended-json.ts';
import { CLIENT_QUERY_LIMIT_MAX } from './database/limits.ts';
import { collectionMissing, permissionDenied } from './errors.ts';
import { fillOpenid, type RuleCheck, readRule } from './rules.ts';

/** What a mini-program may do at all. Writing goes through functions: no rule of this project allows it. */
const READS = ['database.getDocument', 'database.calculateDocument'];

const read = v.object({
  collectionName: v.string(),
  query: v.optional(v.string(), ''),
  limit: v.optional(v.number(), CLIENT_QUERY_LIMIT_MAX),
});

/** The door for `wx.cloud.database()`: the actions that functions have, behind the security rules. */
export class ClientDoor {
  readonly #rules = new Map<string, RuleCheck>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** @throws Error when the rule is one we cannot read */
  declare({ name, rule }: CollectionManifest): void {
    this.#rules.set(name, readRule(rule.read));
  }

  /**
   * The call as it may be carried out: with the shopper's openid in place of `{openid}` and 20 documents at most.
   * @throws CloudError DATABASE_PERMISSION_DENIED when the query could give what the rule does not
   */
  admit(call: Call, openid: string): Call {
    if (!READS.includes(call.action)) throw permissionDenied();
    const { collectionName, query, limit } = readParameters(read, call);
    const rule = this.#rules.get(collectionName);
    if (!rule) throw collectionMissing(collectionName);
    const filter = fillOpenid(query === '' ? {} : parseDocument(query, this.#now()), openid);
    if (!rule({ openid, filter })) throw permissionDenied();
    const { transactionId: _, ...body } = call.body;
    const bounds = { query: stringifyExtendedJson(filter), limit: Math.min(limit, CLIENT_QUERY_LIMIT_MAX) };
    return { ...call, body: { ...body, ...bounds } };
  }
}

/** The same action, for a shopper. */
export function throughDoor(door: ClientDoor, openid: string, action: Action): Action {
  return (call) => action(door.admit(call, openid));
}
