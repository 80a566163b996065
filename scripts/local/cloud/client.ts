import * as v from 'valibot';
import { type Access, accessOf, type LocalCollection } from './access.ts';
import { type Action, type Call, readParameters } from './call.ts';
import { parseDocument, stringifyExtendedJson } from './database/extended-json.ts';
import { CLIENT_QUERY_LIMIT_MAX } from './database/limits.ts';
import { type Document, isDocument, type Value } from './database/value.ts';
import { collectionMissing, parameterInvalid, permissionDenied } from './errors.ts';
import { fillOpenid } from './rules.ts';

const READS = ['database.getDocument', 'database.calculateDocument'];
const CHANGES = ['database.modifyDocument', 'database.removeDocument'];

const query = v.object({
  collectionName: v.string(),
  query: v.optional(v.string(), ''),
  limit: v.optional(v.number(), CLIENT_QUERY_LIMIT_MAX),
});
const change = v.object({
  ...query.entries,
  data: v.optional(v.string()),
  merge: v.optional(v.boolean(), false),
});
const creation = v.object({ collectionName: v.string(), data: v.pipe(v.array(v.string()), v.length(1)) });

/** The door for `wx.cloud.database()`: the actions that functions have, as the security rules let a shopper do them. */
export class ClientDoor {
  readonly #access = new Map<string, Access>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** @throws Error when the rule is one we cannot read */
  declare(collection: LocalCollection): void {
    this.#access.set(collection.name, accessOf(collection));
  }

  /**
   * The call as it may be carried out: with the shopper's openid in place of `{openid}`, and so many documents at most.
   * @throws CloudError DATABASE_PERMISSION_DENIED when the query could give what the rule does not
   */
  admitRead(call: Call, openid: string, most = CLIENT_QUERY_LIMIT_MAX): Call {
    if (!READS.includes(call.action)) throw permissionDenied();
    const { limit, ...asked } = readParameters(query, { ...call, body: { limit: most, ...call.body } });
    const filter = this.#accessTo(asked.collectionName).read(this.#filter(asked.query, openid), openid);
    if (!filter) throw permissionDenied();
    return admitted(call, { query: stringifyExtendedJson(filter), limit: Math.min(limit, most) });
  }

  /**
   * As `admitRead`. What is created is the shopper's: it gets their `_openid`, which no write of a mini-program sets or changes.
   * @throws CloudError DATABASE_PERMISSION_DENIED; INVALID_PARAM for a write to `_openid`
   */
  admitWrite(call: Call, openid: string): Call {
    if (call.action === 'database.insertDocument') return this.#admitCreation(call, openid);
    if (!CHANGES.includes(call.action)) throw permissionDenied();
    const { collectionName, data, merge, ...asked } = readParameters(change, call);
    const filter = this.#accessTo(collectionName).change(this.#filter(asked.query, openid), openid);
    if (!filter) throw permissionDenied();
    const bounds = { query: stringifyExtendedJson(filter) };
    if (data === undefined) return admitted(call, bounds);
    const given = parseDocument(data, this.#now());
    refuseOpenid(merge ? [...Object.values(given), renamed(given)] : [given]);
    if (merge) return admitted(call, bounds);
    return admitted(call, { ...bounds, data: stringifyExtendedJson({ ...given, _openid: openid }) });
  }

  #admitCreation(call: Call, openid: string): Call {
    const { collectionName, data } = readParameters(creation, call);
    const documents = data.map((text) => parseDocument(text, this.#now()));
    refuseOpenid(documents);
    const owned = documents.map((document) => ({ ...document, _openid: openid }));
    const access = this.#accessTo(collectionName);
    if (!owned.every((document) => access.mayCreate(document, openid))) throw permissionDenied();
    return admitted(call, { data: owned.map(stringifyExtendedJson) });
  }

  #accessTo(name: string): Access {
    const access = this.#access.get(name);
    if (!access) throw collectionMissing(name);
    return access;
  }

  #filter(text: string, openid: string): Document {
    return fillOpenid(text === '' ? {} : parseDocument(text, this.#now()), openid);
  }
}

/** The same action, for a shopper who reads or writes. */
export function throughDoor(admit: (call: Call) => Call, action: Action): Action {
  return (call) => action(admit(call));
}

/** Outside every transaction: those are functions' only. */
function admitted(call: Call, changed: Readonly<Record<string, unknown>>): Call {
  const { transactionId: _, ...body } = call.body;
  return { ...call, body: { ...body, ...changed } };
}

/** What fields are renamed to, as fields. */
function renamed({ $rename }: Document): Document {
  return isDocument($rename)
    ? Object.fromEntries(Object.values($rename).map((name) => [String(name), true]))
    : {};
}

function refuseOpenid(places: readonly (Value | undefined)[]): void {
  for (const place of places) {
    if (!isDocument(place)) continue;
    const isTouched = Object.keys(place).some((field) => field === '_openid' || field.startsWith('_openid.'));
    if (isTouched) throw parameterInvalid('Invalid Key Name: _openid');
  }
}
