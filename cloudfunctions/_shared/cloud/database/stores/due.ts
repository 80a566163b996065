import type { DueFrom } from '../../../order/ports.ts';
import type { Database, Fields } from '../database.ts';
import { documentsByMoment } from './moments.ts';

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

/** Reads what is due in the order of (next_query_at, _id). */
export async function dueDocuments({ read, command }: Reader, { at, limit, from }: Page): Promise<Documents> {
  const until = command.lte(at);
  const { documents, next } = await documentsByMoment({
    ...{ read, command, limit, until },
    field: 'next_query_at',
    from: from && { ...from, moment: from.next_query_at },
  });
  if (!next) return { documents, next };
  const { moment: next_query_at, ...rest } = next;
  return { documents, next: { next_query_at, ...rest } };
}
