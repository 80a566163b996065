import * as v from 'valibot';
import type { Condition, SdkCommand } from '../sdk.ts';

/** A place among documents, in the order of (a moment of theirs, _id). */
export interface Place {
  readonly moment: Date;
  /** Of those of that moment, the ones up to this were read; none of them when it is absent. */
  readonly after_id?: string;
}

interface Page<Field extends string> {
  readonly command: Pick<SdkCommand, 'and' | 'gte' | 'lte' | 'gt' | 'eq'>;
  /** Reads documents that fit, at most a page of them, in the order of one field: `_id` upwards, a moment in `direction`. */
  readonly read: (
    filter: Readonly<Record<string, Condition>>,
    orderBy: '_id' | Field,
  ) => Promise<readonly unknown[]>;
  readonly field: Field;
  /** Upwards unless said. */
  readonly direction?: 'asc' | 'desc';
  /** What the moments must be, besides not before `from` in their order. */
  readonly until: Condition;
  readonly limit: number;
  readonly from?: Place | undefined;
}

/** The documents of a page, and where the next one begins. */
interface Documents {
  readonly documents: readonly unknown[];
  readonly next: Place | undefined;
}

/**
 * Reads documents in the order of (a moment, _id), the moments upwards or downwards, and never sorts by both: an index of the moment alone does not give that
 * order, so the database would sort everything for each page. A full page may cut through those of its last moment, so that
 * moment is left to the next page; where a page holds one moment only, it is read by _id.
 */
export async function documentsByMoment<Field extends string>(page: Page<Field>): Promise<Documents> {
  const { command, read, field, until, limit, from, direction = 'asc' } = page;
  if (from?.after_id !== undefined) return documentsAt(page, from.moment, from.after_id);
  const filter: Record<string, Condition> = {};
  const notBefore = direction === 'asc' ? command.gte : command.lte;
  filter[field] = from ? command.and(notBefore(from.moment), until) : until;
  const documents = await read(filter, field);
  const last = documents.length < limit ? undefined : momentOf(documents.at(-1), field);
  if (!last) return { documents, next: undefined };
  const before = documents.filter((document) => {
    const moment = Number(momentOf(document, field));
    return direction === 'asc' ? moment < last.getTime() : moment > last.getTime();
  });
  if (before.length > 0) return { documents: before, next: { moment: last } };
  return documentsAt(page, last, '');
}

/** The documents of one moment, by _id. */
async function documentsAt<Field extends string>(
  { command, read, field, limit, direction = 'asc' }: Page<Field>,
  moment: Date,
  after_id: string,
): Promise<Documents> {
  const filter: Record<string, Condition> = { _id: command.gt(after_id) };
  filter[field] = command.eq(moment);
  const documents = await read(filter, '_id');
  const last = documents.length < limit ? undefined : idOf(documents.at(-1));
  if (last) return { documents, next: { moment, after_id: last } };
  return { documents, next: { moment: new Date(moment.getTime() + (direction === 'asc' ? 1 : -1)) } };
}

const Moments = v.record(v.string(), v.unknown());
const Named = v.object({ _id: v.string() });

function momentOf(document: unknown, field: string): Date | undefined {
  const value = v.is(Moments, document) ? document[field] : undefined;
  return value instanceof Date ? value : undefined;
}

function idOf(document: unknown): string | undefined {
  return v.is(Named, document) ? document._id : undefined;
}
