import type { CollectionIndex } from './collection-index.ts';
import { branchesOf, type Condition } from './conditions.ts';
import { compareValues, type SortKeys, typeRank } from './order.ts';
import type { Filter } from './query.ts';
import type { Limit, Range, Run } from './run.ts';
import { isDocument, isList, keyOf, type Value } from './value.ts';

/** A way to find what a filter wants: runs of an index that hold every match. */
export interface Plan {
  readonly index: CollectionIndex;
  readonly runs: readonly Run[];
  /** Whether each run has the order asked for, so that they need only be merged. */
  readonly isOrdered: boolean;
  /** How many documents there are to look at in all of it. */
  readonly size: number;
}

/** More runs are not made: the fields that follow are left to the filter. */
const RUNS_MAX = 1000;

/** The ways to find, by the indexes that fit. None means to look at everything. */
export function plansFor(
  indexes: readonly CollectionIndex[],
  filter: Filter,
  sort: SortKeys | undefined,
): Plan[] {
  const branches = branchesOf(filter.source);
  return indexes.flatMap((index) => {
    if (index.definition.sparse) return [];
    const bound = branches.flatMap((branch) => runsOf(index, branch));
    const isBound = bound.every(({ prefix, range }) => prefix.length > 0 || range);
    const runs: readonly Run[] = isBound ? bound : [{ prefix: [] }];
    // An array's place in the order is its least item's, or its greatest, whatever item the filter asks for.
    const turned = sort && !index.isMultikey ? runs.flatMap((run) => inOrder(index, run, sort)) : undefined;
    const isOrdered = turned?.length === runs.length;
    if (!isBound && !isOrdered) return [];
    const size = runs.reduce((sum, run) => sum + index.count(run), 0);
    return [{ index, runs: isOrdered ? turned : runs, isOrdered, size }];
  });
}

/** The runs that hold every match of these conditions: one for each way to choose the values of its first fields. */
function runsOf(index: CollectionIndex, conditions: readonly Condition[]): Run[] {
  let prefixes: Value[][] = [[]];
  let range: Range | undefined;
  for (const [path] of index.fields) {
    const own = conditions.filter(([field]) => field === path);
    const values = exactValues(own);
    // Of an array one item may meet one limit and another the next.
    if (!values) range = rangeOf(index.isMultikey ? own.filter(isLimit).slice(0, 1) : own);
    if (!values || prefixes.length * values.length > RUNS_MAX) break;
    prefixes = prefixes.flatMap((prefix) => values.map((value) => [...prefix, value]));
  }
  return prefixes.map((prefix) => ({ prefix, range }));
}

/** The run, read forwards or backwards so that it has the order; nothing when neither gives it. */
function inOrder({ fields }: CollectionIndex, run: Run, sort: SortKeys): Run[] {
  const isSame = (path: string) => fields.slice(0, run.prefix.length).some(([field]) => field === path);
  const wanted = sort.filter(([path]) => !isSame(path));
  const rest = fields.slice(run.prefix.length);
  const turn = wanted[0] && rest[0] ? wanted[0][1] * rest[0][1] : 1;
  const end = rest.findIndex(([path]) => path === '_id') + 1; // After the _id nothing is left to be sorted.
  const gives = wanted.slice(0, end).every(([path, direction], at) => {
    const field = rest[at];
    return field?.[0] === path && field[1] * turn === direction;
  });
  return gives ? [{ ...run, isReverse: turn === -1 }] : [];
}

/** The few values that a field is pinned to, where it is. */
function exactValues(conditions: readonly Condition[]): readonly Value[] | undefined {
  for (const [, operator, expected] of conditions) {
    if (operator === '$eq' && isExact(expected)) return [expected];
    if (operator !== '$in' || !isList(expected) || !expected.every(isExact)) continue;
    return [...new Map(expected.map((value) => [keyOf(value), value])).values()];
  }
  return undefined;
}

function isLimit([, operator, expected]: Condition): boolean {
  return ['$gt', '$gte', '$lt', '$lte'].includes(operator) && isExact(expected);
}

/** What all the limits leave; those of another type than the first are left to the filter, which nothing can meet. */
function rangeOf(conditions: readonly Condition[]): Range | undefined {
  const limits = conditions.filter(isLimit);
  const [first] = limits;
  if (!first) return undefined;
  const type = typeRank(first[2]);
  let low: Limit | undefined;
  let high: Limit | undefined;
  for (const [, operator, value] of limits) {
    if (typeRank(value) !== type) continue;
    const limit = { value, isIncluded: operator.endsWith('e') };
    if (operator.startsWith('$g')) low = low && compareValues(low.value, value) > 0 ? low : limit;
    else high = high && compareValues(high.value, value) < 0 ? high : limit;
  }
  return { type, low, high };
}

/** A value that is looked up as it is. An array or a document in a filter can also match otherwise. */
function isExact(value: Value): boolean {
  return !(value instanceof RegExp) && !isList(value) && !isDocument(value);
}
