import { writeRefused } from '../errors.ts';
import { compareValues, comparison, type SortKeys } from './order.ts';
import { compileFilter } from './query.ts';
import { areEqual, type Document, isDocument, isList, show, typeName, type Value } from './value.ts';

type Held = Value | undefined;

/** `$push`, with $each, $position, $sort and $slice. */
export function push(
  held: Held,
  argument: Value,
  at: { path: string; document: Document },
): readonly Value[] {
  if (held !== undefined && !isList(held)) {
    throw writeRefused(
      `The field '${at.path}' must be an array but is of type ${typeName(held)} in document {_id: ${show(at.document._id)}}`,
    );
  }
  const list = held ?? [];
  if (!isDocument(argument) || !('$each' in argument)) return [...list, argument];
  const { $each, $position, $sort, $slice, ...others } = argument;
  const [other] = Object.keys(others);
  if (other !== undefined) throw writeRefused(`Unrecognized clause in $push: ${other}`);
  const placed = insertAt(list, eachOf('$push', $each), $position);
  return cut(sorted(placed, $sort), $slice);
}

/** `$addToSet`, with $each: what is there already is not added again. */
export function addToSet(held: Held, argument: Value, path: string): readonly Value[] {
  if (held !== undefined && !isList(held)) {
    throw writeRefused(
      `Cannot apply $addToSet to non-array field. Field named '${path.slice(path.lastIndexOf('.') + 1)}' has non-array type ${typeName(held)}`,
    );
  }
  const set = [...(held ?? [])];
  const each = isDocument(argument) && '$each' in argument ? eachOf('$addToSet', argument.$each) : [argument];
  for (const item of each) if (!set.some((one) => areEqual(one, item))) set.push(item);
  return set;
}

/** `$pull`: a document is a filter on documents, operators are a filter on values, anything else is equality. */
export function pull(held: Held, argument: Value): readonly Value[] | undefined {
  if (held === undefined) return undefined;
  if (!isList(held)) throw writeRefused('Cannot apply $pull to a non-array value');
  const isPulled = pullTest(argument);
  return held.filter((item) => !isPulled(item));
}

export function pullAll(held: Held, argument: Value): readonly Value[] | undefined {
  if (!isList(argument)) {
    throw writeRefused(`$pullAll requires an array argument but was given a ${typeName(argument)}`);
  }
  if (held === undefined) return undefined;
  if (!isList(held)) throw writeRefused('Cannot apply $pull to a non-array value');
  return held.filter((item) => !argument.some((pulled) => areEqual(item, pulled)));
}

/** `$pop`: 1 takes the last item, -1 the first. */
export function pop(held: Held, argument: Value, path: string): readonly Value[] | undefined {
  if (typeof argument !== 'number') throw writeRefused(`Expected a number in: ${path}: ${show(argument)}`);
  if (argument !== 1 && argument !== -1) throw writeRefused(`$pop expects 1 or -1, found: ${argument}`);
  if (held === undefined) return undefined;
  if (!isList(held)) {
    throw writeRefused(`Path '${path}' contains an element of non-array type '${typeName(held)}'`);
  }
  return argument === 1 ? held.slice(0, -1) : held.slice(1);
}

function pullTest(argument: Value): (item: Value) => boolean {
  if (argument instanceof RegExp || (isDocument(argument) && Object.keys(argument)[0]?.startsWith('$'))) {
    const filter = compileFilter({ item: argument });
    return (item) => filter.matches({ item });
  }
  if (!isDocument(argument)) return (item) => areEqual(item, argument);
  const filter = compileFilter(argument);
  return (item) => isDocument(item) && filter.matches(item);
}

function eachOf(operator: string, each: Held): readonly Value[] {
  if (isList(each)) return each;
  throw writeRefused(
    `The argument to $each in ${operator} must be an array but it was of type: ${typeName(each)}`,
  );
}

function insertAt(list: readonly Value[], items: readonly Value[], position: Held): readonly Value[] {
  if (position === undefined) return [...list, ...items];
  if (typeof position !== 'number' || !Number.isInteger(position)) {
    throw writeRefused(
      `The value for $position must be an integer value, not of type: ${typeName(position)}`,
    );
  }
  return list.toSpliced(position, 0, ...items);
}

function sorted(list: readonly Value[], sort: Held): readonly Value[] {
  if (sort === undefined) return list;
  if (sort === 1 || sort === -1) return list.toSorted((a, b) => compareValues(a, b) * sort);
  const keys = isDocument(sort) ? Object.entries(sort).flatMap(sortKey) : [];
  if (keys.length === 0 || !isDocument(sort) || keys.length < Object.keys(sort).length) {
    throw writeRefused(
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  }
  const compare = comparison(keys);
  return list.toSorted((a, b) => compare(isDocument(a) ? a : {}, isDocument(b) ? b : {}));
}

function sortKey([path, direction]: [string, Value]): SortKeys[number][] {
  return direction === 1 || direction === -1 ? [[path, direction]] : [];
}

function cut(list: readonly Value[], slice: Held): readonly Value[] {
  if (slice === undefined) return list;
  if (typeof slice !== 'number' || !Number.isInteger(slice)) {
    throw writeRefused(
      `The value for $slice must be an integer value but was given type: ${typeName(slice)}`,
    );
  }
  return slice < 0 ? list.slice(slice) : list.slice(0, slice);
}
