import type { Database, Fields } from '../database.ts';
import { documentsByMoment } from './moments.ts';

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

/** Reads a page of a list. */
export async function newestFirst(
  { find, command }: Database,
  { collection, filter, by }: List,
  { limit, from }: { readonly limit: number; readonly from?: Place | undefined },
): Promise<Listed> {
  const { documents, next } = await documentsByMoment({
    ...{ command, limit, field: by, direction: 'desc', until: command.gt(ALL_TIME) },
    read: (found, orderBy) =>
      find(
        collection,
        { ...filter, ...found },
        { orderBy, direction: orderBy === '_id' ? 'asc' : 'desc', limit },
      ),
    from: from && placeAt(from),
  });
  return { documents, next: next && { at: next.moment, after_id: next.after_id } };
}

function placeAt({ at, after_id }: Place) {
  return { moment: at, ...(after_id !== undefined && { after_id }) };
}
