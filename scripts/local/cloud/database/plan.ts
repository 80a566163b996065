import type { CollectionIndex } from './collection-index.ts';
import { conditionsOf } from './conditions.ts';
import type { SortKeys } from './order.ts';
import type { Filter } from './query.ts';
import { isDocument, isList, type Value } from './value.ts';

/** An index whose first field the filter pins to a few values. */
export interface Choice {
  readonly index: CollectionIndex;
  readonly values: readonly Value[];
}

/** The index that leaves least to look at, if one fits: its first field is asked for by $eq or $in. */
export function chooseIndex(indexes: readonly CollectionIndex[], filter: Filter): Choice | undefined {
  const conditions = conditionsOf(filter.source);
  for (const index of indexes) {
    const [first] = index.definition.keys;
    if (!first || index.definition.sparse) continue;
    for (const [path, operator, expected] of conditions) {
      if (path !== first[0]) continue;
      if (operator === '$eq' && isExact(expected)) return { index, values: [expected] };
      if (operator === '$in' && isList(expected) && expected.every(isExact))
        return { index, values: expected };
    }
  }
  return undefined;
}

const INDEXED_OPERATORS = ['$eq', '$in', '$gt', '$gte', '$lt', '$lte'];

/** Whether MongoDB could answer this filter from an index (or `_id`) rather than by looking at every document. */
export function isIndexed(indexes: readonly CollectionIndex[], filter: Filter): boolean {
  const firstFields = ['_id', ...indexes.map((index) => index.definition.keys[0]?.[0])];
  return conditionsOf(filter.source).some(
    ([path, operator]) => firstFields.includes(path) && INDEXED_OPERATORS.includes(operator),
  );
}

/**
 * Whether an index gives the order asked for: its keys are fields that the filter pins, then the sort's. A field is
 * pinned by $eq, and by $in too: MongoDB merges the runs of its values.
 */
export function isSortIndexed(indexes: readonly CollectionIndex[], filter: Filter, sort: SortKeys): boolean {
  const exact = new Set(
    conditionsOf(filter.source).flatMap(([path, operator]) =>
      ['$eq', '$in'].includes(operator) ? [path] : [],
    ),
  );
  const wanted = sort.filter(([path]) => !exact.has(path));
  if (wanted.length === 0 || exact.has('_id')) return true;
  const orders = [[['_id', 1] as const], ...indexes.map((index) => index.definition.keys)];
  return orders.some((keys) => {
    const rest = keys.filter(([path]) => !exact.has(path));
    const turn = (rest[0]?.[1] ?? 1) * (wanted[0]?.[1] ?? 1);
    return wanted.every(([path, direction], at) => {
      const key = rest[at];
      return key?.[0] === path && key[1] * turn === direction;
    });
  });
}

/** A value that is looked up as it is. An array or a document in a filter can also match otherwise. */
function isExact(value: Value): boolean {
  return !(value instanceof RegExp) && !isList(value) && !isDocument(value);
}
