import { environmentId } from '../env';
import { type Answered, type CodesOf, ERROR_CODES, type Lost, refusalFrom } from '../logic/answer';
import { fieldsOf } from '../logic/fields';
import { askServer } from './clock';
import { isOffline } from './device';

/** A little more than the platform lets a function run (20 s), so that a slow answer is still received. */
const CALL_TIMEOUT_MS = 25_000;
const READ_TIMEOUT_MS = 10_000;

/** The most documents that the platform returns to a mini-program at once. */
export const DOCUMENTS_MAX = 20;

/** The platform puts the caller's openid in this place; its rules refuse a query that does not say it. */
export const MINE = { _openid: '{openid}' } as const;

export function startCloud(): void {
  wx.cloud.init(environmentId === '' ? {} : { env: environmentId });
}

/** Calls a function of the shop. `read` turns what it answers into a type; what it cannot read counts as lost. */
export function call<T>(
  name: string,
  data: object,
  read: (found: unknown) => T | undefined,
): Promise<Answered<T>> {
  return callRefusing(ERROR_CODES, { name, data, read });
}

/** The same of a function that refuses with codes of its own. */
export async function callRefusing<T, Code extends string>(
  codes: CodesOf<Code>,
  {
    name,
    data,
    read,
  }: { readonly name: string; readonly data: object; readonly read: (found: unknown) => T | undefined },
): Promise<Answered<T, Code | 'INTERNAL_ERROR'>> {
  const noteTime = askServer();
  try {
    const { result } = await within(CALL_TIMEOUT_MS, wx.cloud.callFunction({ name, data }));
    noteTime(fieldsOf(result)?.now);
    const error = refusalFrom(result, codes);
    if (error !== undefined) return { kind: 'refused', error };
    const answer = read(result);
    return answer === undefined
      ? lost(`${name} answered something unreadable`)
      : { kind: 'answered', answer };
  } catch (cause) {
    return lost(cause);
  }
}

/** What a read of the database came to. */
export type Read<T> = { readonly kind: 'read'; readonly found: T } | Lost;

/** Reads documents; which of them may be read is for the security rules to say. */
export async function readDocuments(query: { get(): unknown }): Promise<Read<readonly unknown[]>> {
  try {
    const documents = fieldsOf(await within(READ_TIMEOUT_MS, Promise.resolve(query.get())))?.data;
    return Array.isArray(documents) ? { kind: 'read', found: documents } : lost('no documents in the answer');
  } catch (cause) {
    return lost(cause);
  }
}

/** So many pages of a collection are read, 400 documents; a catalogue has fewer. */
const PAGES_MAX = 20;

/** A query whose order is fixed, so that its pages join. */
interface Ordered {
  skip(count: number): { limit(max: number): { get(): unknown } };
}

/** Reads all documents of a query, however many pages the platform makes of them. */
export async function readAllDocuments(query: Ordered): Promise<Read<readonly unknown[]>> {
  const found: unknown[] = [];
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const read = await readDocuments(query.skip(found.length).limit(DOCUMENTS_MAX));
    if (read.kind === 'lost') return read;
    found.push(...read.found);
    if (read.found.length < DOCUMENTS_MAX) break;
  }
  return { kind: 'read', found };
}

async function lost(cause: unknown): Promise<Lost> {
  console.warn('cloud', cause);
  return { kind: 'lost', offline: await isOffline() };
}

/** The platform may never answer on a bad network; the page says after this long that the outcome is unknown. */
function within<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
