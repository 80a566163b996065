import { CloudError } from '../cloud/errors.ts';
import { DONE, refusal } from './answers.ts';
import { newestFirst } from './fields.ts';
import { MASK, masked } from './mask.ts';
import type { ConsoleParts } from './parts.ts';
import type { CollectionDocuments, Outcome } from './wire.ts';

/** What fits a table that somebody reads. */
const DOCUMENTS_MAX = 50;

type Parts = Pick<ConsoleParts, 'cloud' | 'secrets' | 'reset'>;
type Fields = Readonly<Record<string, unknown>>;

/** The newest documents of a collection that fit a filter in Extended JSON; an outcome where it is none. */
export function documentsOf(
  { cloud, secrets }: Parts,
  name: string,
  filter: string,
): CollectionDocuments | Outcome {
  if (!cloud.collections().includes(name)) return noSuchCollection(name);
  const found = refused(() => cloud.hands.find(name, filter || '{}'), 'FILTER_REFUSED');
  if ('ok' in found) return found;
  const shown = newestFirst(found.result, createdAt).slice(0, DOCUMENTS_MAX);
  const documents = shown.map((document) => shownDocument(document, secrets));
  return { name, count: found.result.length, documents };
}

/** The newest documents of every collection, in the order of their names. */
export function everyCollection(parts: Parts): readonly CollectionDocuments[] {
  return parts.cloud.collections().flatMap((name) => {
    const found = documentsOf(parts, name, '');
    return 'ok' in found ? [] : [found];
  });
}

/** One document as Extended JSON, for an editor: dates keep their type, as ISO 8601 text. */
export function documentText({ cloud, secrets }: Parts, name: string, _id: string): string | undefined {
  if (!cloud.collections().includes(name)) return undefined;
  const found = refused(() => cloud.hands.read(name, _id), 'DOCUMENT_REFUSED');
  if ('ok' in found || found.result === undefined) return undefined;
  return JSON.stringify(masked(JSON.parse(found.result, readableDate), secrets), null, 2);
}

export async function putDocument({ cloud }: Parts, name: string, document: string): Promise<Outcome> {
  if (!cloud.collections().includes(name)) return noSuchCollection(name);
  if (document.includes(MASK))
    return refusal('DOCUMENT_MASKED', 'The document has a masked field, and would lose what is in it.');
  return outcomeOf(() => cloud.hands.put(name, document));
}

export async function removeDocument({ cloud }: Parts, name: string, _id: string): Promise<Outcome> {
  if (!cloud.collections().includes(name)) return noSuchCollection(name);
  let wasThere = false;
  const outcome = await outcomeOf(async () => {
    wasThere = await cloud.hands.remove(name, _id);
  });
  if (!outcome.ok || wasThere) return outcome;
  return refusal('NO_SUCH_DOCUMENT', 'There is no such document any more.');
}

export async function resetCollection({ cloud, reset }: Parts, name: string): Promise<Outcome> {
  if (!cloud.collections().includes(name)) return noSuchCollection(name);
  return outcomeOf(() => reset(name));
}

export function noSuchCollection(name: string): Outcome {
  return refusal('NO_SUCH_COLLECTION', `There is no collection ${name}.`);
}

async function outcomeOf(work: () => Promise<void>): Promise<Outcome> {
  try {
    await work();
    return DONE;
  } catch (error) {
    return refusalOf(error, 'DOCUMENT_REFUSED');
  }
}

function refused<Result>(
  work: () => Result,
  code: 'FILTER_REFUSED' | 'DOCUMENT_REFUSED',
): { readonly result: Result } | Outcome {
  try {
    return { result: work() };
  } catch (error) {
    return refusalOf(error, code);
  }
}

/** The database's own words say what is wrong. */
function refusalOf(error: unknown, code: 'FILTER_REFUSED' | 'DOCUMENT_REFUSED'): Outcome {
  if (!(error instanceof CloudError)) throw error;
  return refusal(code, error.message);
}

/** The wire writes milliseconds, plain or typed; people read ISO 8601, which Extended JSON has as well. */
function readableDate(name: string, value: unknown): unknown {
  if (name !== '$date') return value;
  const [typed] = typeof value === 'object' && value !== null ? Object.values(value) : [value];
  return new Date(Number(typed)).toISOString();
}

/** Dates become ISO 8601 text by JSON; a regular expression, which JSON would empty, becomes its text. */
function shownDocument(document: Fields, secrets: readonly string[]): Record<string, unknown> {
  const fields = Object.entries(document).map(([field, value]) => [
    field,
    value instanceof RegExp ? String(value) : value,
  ]);
  return Object(masked(Object.fromEntries(fields), secrets));
}

function createdAt({ created_at }: Fields): number {
  return created_at instanceof Date ? created_at.getTime() : 0;
}
