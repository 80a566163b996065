import * as v from 'valibot';
import type { Database, Fields } from '../database.ts';

/** A place in a list that is read newest first: what is older than `at`, or of that moment what comes after `after_id`. */
export interface Place {
  readonly at: Date;
  readonly after_id?: string | undefined;
}

/** A part of a list, and where the next part begins; undefined when there is none. */
export interface Listed {
  readonly documents: readonly unknown[];
  readonly next: Place | undefined;
}

interface List {
  readonly collection: string;
  readonly filter: Fields;
  /** The field that says how new a document is. Those in which it is no date are left out. */
  readonly by: 'created_at' | 'done_at';
}

const ALL_TIME = new Date(0);

/**
 * Reads a page of a list. No index gives the order of two fields, so a full page may cut through those of its last moment:
 * they are left to the next page, and where a page holds one moment only it is read by _id. As `dueDocuments`, the other
 * way round.
 */
export async function newestFirst(
  database: Database,
  list: List,
  { limit, from }: { readonly limit: number; readonly from?: Place | undefined },
): Promise<Listed> {
  if (from?.after_id !== undefined) {
    return ofOneMoment(database, list, { limit, at: from.at, after_id: from.after_id });
  }
  const { command } = database;
  const until = from ? command.and(command.gt(ALL_TIME), command.lte(from.at)) : command.gt(ALL_TIME);
  const filter = { ...list.filter, [list.by]: until };
  const order = { orderBy: list.by, direction: 'desc', limit } as const;
  const documents = await database.find(list.collection, filter, order);
  const at = documents.length < limit ? undefined : momentIn(documents.at(-1), list.by);
  if (!at) return { documents, next: undefined };
  const newer = documents.filter((document) => Number(momentIn(document, list.by)) > at.getTime());
  if (newer.length > 0) return { documents: newer, next: { at } };
  return ofOneMoment(database, list, { limit, at, after_id: '' });
}

async function ofOneMoment(
  { find, command }: Database,
  { collection, filter, by }: List,
  { limit, at, after_id }: { readonly limit: number; readonly at: Date; readonly after_id: string },
): Promise<Listed> {
  const those = { ...filter, [by]: command.eq(at), _id: command.gt(after_id) };
  const documents = await find(collection, those, { orderBy: '_id', direction: 'asc', limit });
  const last = documents.length < limit ? undefined : idIn(documents.at(-1));
  return {
    documents,
    next: last === undefined ? { at: new Date(at.getTime() - 1) } : { at, after_id: last },
  };
}

const Named = v.object({ _id: v.string() });
const Dated = {
  created_at: v.pipe(
    v.object({ created_at: v.date() }),
    v.transform(({ created_at }) => created_at),
  ),
  done_at: v.pipe(
    v.object({ done_at: v.date() }),
    v.transform(({ done_at }) => done_at),
  ),
} as const;

function momentIn(document: unknown, by: List['by']): Date | undefined {
  const read = v.safeParse(Dated[by], document);
  return read.success ? read.output : undefined;
}

function idIn(document: unknown): string | undefined {
  return v.is(Named, document) ? document._id : undefined;
}
