import type { Collection } from './collection.ts';
import type { Database } from './database.ts';
import { merged } from './merged.ts';
import { compareValues, comparison, type SortKeys } from './order.ts';
import { type Plan, plansFor } from './plan.ts';
import type { Filter } from './query.ts';
import type { Run } from './run.ts';
import type { Transaction } from './transaction.ts';
import { type Document, keyOf } from './value.ts';

export type Found = readonly [key: string, document: Document];

/** What is searched for. */
export interface Wanted {
  readonly filter: Filter;
  readonly sort?: SortKeys | undefined;
  /** As many, the first in the order, will do. */
  readonly enough: number;
}

/** Gives the document of a key where it matches. */
type Look = (key: string) => Found | undefined;

/**
 * The documents that match, in the order asked for, as the transaction sees them or as they were committed last. A
 * transaction without `_id` in its filter looks at every document, since indexes only know the latest state.
 */
export function search(
  database: Database,
  collection: Collection,
  wanted: Wanted,
  transaction?: Transaction,
): Found[] {
  const { filter, sort } = wanted;
  const look: Look = (key) => {
    collection.looks++;
    const document = database.read(collection, key, transaction);
    return document && filter.matches(document) ? [key, document] : undefined;
  };
  const { _id } = filter.source;
  if (typeof _id === 'string' || typeof _id === 'number') return [...matches([keyOf(_id)], look)];
  const plans = transaction ? [] : plansFor(collection.indexesWithId, filter, sort);
  const smallest = leastOf(plans);
  if (!smallest) return first(matches(collection.keys(), look), wanted);
  // What comes in the order asked for may be found early, or after a long way: no longer than the other way is.
  const ordered = leastOf(plans.filter(({ isOrdered }) => isOrdered));
  const early = ordered && follow(ordered, look, wanted, smallest.size);
  return early ?? follow(smallest, look, wanted) ?? [];
}

function leastOf(plans: readonly Plan[]): Plan | undefined {
  return [...plans].sort((a, b) => a.size - b.size)[0];
}

/** What a plan finds; undefined when it has not found enough after `looksMax` documents. */
function follow(
  { index, runs, isOrdered }: Plan,
  look: Look,
  { sort, enough }: Wanted,
  looksMax = Number.POSITIVE_INFINITY,
): Found[] | undefined {
  // Runs may overlap, and an array is listed under each of its items.
  const seen = runs.length > 1 || index.isMultikey ? new Set<string>() : undefined;
  let looks = 0;
  function* keysOf(run: Run): Generator<string> {
    for (const key of index.keysOf(run)) {
      if (seen?.has(key)) continue;
      seen?.add(key);
      if (++looks > looksMax) return;
      yield key;
    }
  }
  const found =
    isOrdered && sort
      ? first(
          merged(
            runs.map((run) => matches(keysOf(run), look)),
            byOrder(sort, runs[0]?.isReverse),
          ),
          { enough },
        )
      : first(matches(joined(runs.map(keysOf)), look), { sort, enough });
  return looks > looksMax ? undefined : found;
}

function* matches(keys: Iterable<string>, look: Look): Generator<Found> {
  for (const key of keys) {
    const found = look(key);
    if (found) yield found;
  }
}

/** Without a sort, the first that come; with one all of them, sorted, for the last may be the first. */
function first(found: Iterable<Found>, { sort, enough }: Omit<Wanted, 'filter'>): Found[] {
  if (sort) return [...found].sort(byOrder(sort));
  const taken: Found[] = [];
  if (enough === 0) return taken;
  for (const each of found) if (taken.push(each) >= enough) break;
  return taken;
}

function* joined(streams: readonly Iterable<string>[]): Generator<string> {
  for (const stream of streams) yield* stream;
}

/** Documents that are equal in the order are in that of `_id`, the way the index is read. */
function byOrder(sort: SortKeys, isReverse = false): (a: Found, b: Found) => number {
  const compare = comparison(sort);
  const turn = isReverse ? -1 : 1;
  return ([, a], [, b]) => compare(a, b) || compareValues(a._id, b._id) * turn;
}
