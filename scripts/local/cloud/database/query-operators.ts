import { Query } from 'mingo/query';
import type { Options } from 'mingo/types';
import { queryRefused } from '../errors.ts';
import { regExp } from './extended-json.ts';
import { compareValues, typeRank } from './order.ts';
import { leavesAt } from './path.ts';
import { areEqual, isDocument, isList, typeName, type Value } from './value.ts';

type Leaf = Value | undefined;

/** One operator on one field: how a document is held against it. */
type Operator = (path: string, expected: unknown, options: Options) => (document: unknown) => boolean;

/**
 * MongoDB's filter operators over our reading of paths. mingo brings $and, $or, $nor, $not and $expr; its own
 * comparisons differ from MongoDB where a field is missing, in the order of fields, and between types.
 */
export const queryOperators: Record<`$${string}`, Operator> = {
  $eq: onEach((expected) => matchesValue(expected)),
  $ne: negated((expected) => matchesValue(expected)),
  $in: onEach((expected) => matchesAny(listFor('$in', expected))),
  $nin: negated((expected) => matchesAny(listFor('$nin', expected))),
  $gt: ordered((order) => order > 0),
  $gte: ordered((order) => order >= 0),
  $lt: ordered((order) => order < 0),
  $lte: ordered((order) => order <= 0),
  $exists: operator((expected) => {
    const wanted = expected !== false && expected !== 0 && expected !== null;
    return (leaves) => leaves.some((leaf) => leaf !== undefined) === wanted;
  }),
  $type: onEach((expected) => {
    const names = (isList(expected) ? expected : [expected]).map(typeTest);
    return (value) => value !== undefined && names.some((test) => test(value));
  }),
  $regex: onEach((expected) => {
    const pattern = expected instanceof RegExp ? expected : regExp(String(expected), '');
    return (value) => matchesRegExp(pattern, value);
  }),
  $mod: onEach(modulo),
  $size: operator((expected) => {
    if (typeof expected !== 'number') throw queryRefused('$size needs a number');
    return (leaves) => leaves.some((leaf) => isList(leaf) && leaf.length === expected);
  }),
  $all: operator((expected, options) => {
    const tests = listFor('$all', expected).map((item) => allItem(item, options));
    return (leaves) => tests.length > 0 && tests.every((test) => test(leaves));
  }),
  $elemMatch: operator((expected, options) => {
    const test = elementTest(expected, options);
    return (leaves) => leaves.some((leaf) => isList(leaf) && leaf.some(test));
  }),
};

/** How one element of an array is held against `$elemMatch`; also finds the place for the positional `$`. */
export function elementTest(expected: Value | undefined, options: Options): (element: Value) => boolean {
  if (!isDocument(expected)) throw queryRefused('$elemMatch needs an Object');
  const [first] = Object.keys(expected);
  const isOnValue = first?.startsWith('$') && !['$and', '$or', '$nor', '$expr'].includes(first);
  const query = new Query(isOnValue ? { element: expected } : expected, options);
  if (isOnValue) return (element) => query.test({ element });
  return (element) => isDocument(element) && query.test(element);
}

/** An operator that judges everything at a path at once. */
function operator(
  build: (expected: Value, options: Options) => (leaves: readonly Leaf[]) => boolean,
): Operator {
  return (path, expected, options) => {
    const test = build(expected as Value, options);
    return (document) => isDocument(document) && test(leavesAt(document, path));
  };
}

/** An operator that is content with one value at a path, be it an array's item or the array itself. */
function onEach(build: (expected: Value) => (value: Leaf) => boolean): Operator {
  return operator((expected) => {
    const test = build(expected);
    return (leaves) => leaves.some((leaf) => test(leaf) || (isList(leaf) && leaf.some(test)));
  });
}

function negated(build: (expected: Value) => (value: Leaf) => boolean): Operator {
  return operator((expected) => {
    const test = build(expected);
    return (leaves) => !leaves.some((leaf) => test(leaf) || (isList(leaf) && leaf.some(test)));
  });
}

/** Comparisons hold between values of one type only; null, and a missing field, only as equals. */
function ordered(accepts: (order: number) => boolean): Operator {
  return onEach((expected) => {
    if (expected instanceof RegExp) throw queryRefused("Can't have RegEx as arg to predicate over field");
    return (value) => {
      if (typeRank(value) !== typeRank(expected)) return false;
      if (Number.isNaN(value) !== Number.isNaN(expected)) return false;
      return accepts(compareValues(value, expected));
    };
  });
}

function matchesValue(expected: Value): (value: Leaf) => boolean {
  if (expected === null) return (value) => value === null || value === undefined;
  if (expected instanceof RegExp) return (value) => matchesRegExp(expected, value);
  return (value) => areEqual(value, expected);
}

function matchesAny(expected: readonly Value[]): (value: Leaf) => boolean {
  const tests = expected.map(matchesValue);
  return (value) => tests.some((test) => test(value));
}

function matchesRegExp(pattern: RegExp, value: Leaf): boolean {
  if (value instanceof RegExp) return areEqual(value, pattern);
  return typeof value === 'string' && pattern.test(value);
}

function modulo(expected: Value): (value: Leaf) => boolean {
  const [divisor, remainder, ...rest] = listFor('$mod', expected);
  if (rest.length > 0) throw queryRefused('malformed mod, too many elements');
  if (remainder === undefined) throw queryRefused('malformed mod, not enough elements');
  if (typeof divisor !== 'number') throw queryRefused('malformed mod, divisor not a number');
  if (typeof remainder !== 'number') throw queryRefused('malformed mod, remainder not a number');
  if (Math.trunc(divisor) === 0) throw queryRefused('divisor cannot be 0');
  return (value) =>
    typeof value === 'number' && Math.trunc(value) % Math.trunc(divisor) === Math.trunc(remainder);
}

function allItem(expected: Value, options: Options): (leaves: readonly Leaf[]) => boolean {
  if (isDocument(expected) && '$elemMatch' in expected) {
    const test = elementTest(expected.$elemMatch, options);
    return (leaves) => leaves.some((leaf) => isList(leaf) && leaf.some(test));
  }
  const test = matchesValue(expected);
  return (leaves) => leaves.some((leaf) => test(leaf) || (isList(leaf) && leaf.some(test)));
}

function listFor(name: string, expected: Value): readonly Value[] {
  if (!isList(expected))
    throw queryRefused(name === '$mod' ? 'malformed mod, needs to be an array' : `${name} needs an array`);
  return expected;
}

/** BSON's numbers of types, as far as our values have them. */
const TYPE_NUMBERS: Readonly<Record<number, string>> = {
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  8: 'bool',
  9: 'date',
  10: 'null',
  11: 'regex',
  16: 'int',
  18: 'long',
};

function typeTest(expected: Value): (value: Leaf) => boolean {
  const name = typeof expected === 'number' ? TYPE_NUMBERS[expected] : expected;
  if (name === 'number') return (value) => typeof value === 'number';
  if (typeof name !== 'string' || !Object.values(TYPE_NUMBERS).includes(name)) {
    throw queryRefused(`Unknown type name alias: ${String(expected)}`);
  }
  return (value) => typeName(value) === name;
}
