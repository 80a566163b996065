import * as v from 'valibot';
import type { DueFrom } from '../../../order/ports.ts';
import type { Database, Fields } from '../database.ts';

/** Reads documents that fit, at most a page of them, in the order of one field. */
interface Reader {
  read(filter: Fields, orderBy: '_id' | 'next_query_at'): Promise<unknown[]>;
  readonly command: Database['command'];
}

/** A page as it is asked for. `at`: what is due by then. */
interface Page {
  readonly at: Date;
  readonly limit: number;
  readonly from?: DueFrom | undefined;
}

/** The documents of a page, and where the next one begins. */
interface Documents {
  readonly documents: readonly unknown[];
  readonly next: DueFrom | undefined;
}

/**
 * Reads what is due in the order of (next_query_at, _id), and never sorts by both: the index `due` does not give that
 * order, so the database would sort everything that is due for each page. A full page may cut through those that are due
 * at its last moment, so that moment is left to the next page; where a page holds one moment only, it is read by _id.
 */
export async function dueDocuments(reader: Reader, { at, limit, from }: Page): Promise<Documents> {
  if (from?.after_id !== undefined) {
    return dueAt(reader, { ...from, after_id: from.after_id, limit });
  }
  const { read, command } = reader;
  const until = command.lte(at);
  const next_query_at = from ? command.and(command.gte(from.next_query_at), until) : until;
  const documents = await read({ next_query_at }, 'next_query_at');
  const last = documents.length < limit ? undefined : momentOf(documents.at(-1));
  if (!last) return { documents, next: undefined };
  const before = documents.filter((document) => Number(momentOf(document)) < last.getTime());
  if (before.length > 0) return { documents: before, next: { next_query_at: last } };
  return dueAt(reader, { next_query_at: last, after_id: '', limit });
}

/** The documents that are due at one moment, by _id. */
async function dueAt(
  { read, command }: Reader,
  { next_query_at, after_id, limit }: Required<DueFrom> & { limit: number },
): Promise<Documents> {
  const filter = { next_query_at: command.eq(next_query_at), _id: command.gt(after_id) };
  const documents = await read(filter, '_id');
  const last = documents.length < limit ? undefined : idOf(documents.at(-1));
  if (last) return { documents, next: { next_query_at, after_id: last } };
  return { documents, next: { next_query_at: new Date(next_query_at.getTime() + 1) } };
}

const Placed = v.object({ next_query_at: v.date() });
const Named = v.object({ _id: v.string() });

function momentOf(document: unknown): Date | undefined {
  return v.is(Placed, document) ? document.next_query_at : undefined;
}

function idOf(document: unknown): string | undefined {
  return v.is(Named, document) ? document._id : undefined;
}
