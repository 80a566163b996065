import type { CollectionIndex } from './collection-index.ts';
import { conditionsOf } from './conditions.ts';
import type { SortKeys } from './order.ts';
import type { Filter } from './query.ts';

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
