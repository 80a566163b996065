import { valuesAt } from './path.ts';
import { type Document, isDocument, isList, type Value } from './value.ts';

/** Keys of a sort in their order of importance. */
export type SortKeys = readonly (readonly [path: string, direction: 1 | -1])[];

/** MongoDB's order of types: values of different types are ordered by their type alone. */
export function typeRank(value: Value | undefined): number {
  if (value === undefined || value === null) return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  if (isDocument(value)) return 4;
  if (isList(value)) return 5;
  if (typeof value === 'boolean') return 8;
  if (value instanceof Date) return 9;
  return 11;
}

/** Below 0, 0 or above 0, as MongoDB orders any two values. A missing field is as null. */
export function compareValues(a: Value | undefined, b: Value | undefined): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
  if (a instanceof Date && b instanceof Date) return compareNumbers(a.getTime(), b.getTime());
  const rank = typeRank(a);
  const ranks = rank - typeRank(b);
  if (ranks !== 0 || rank === 1) return ranks;
  if (isList(a) && isList(b)) return compareLists(a, b);
  if (isDocument(a) && isDocument(b)) return compareDocuments(a, b);
  if (a instanceof RegExp && b instanceof RegExp) return compareText(String(a), String(b));
  return Number(a) - Number(b);
}

/** A comparison of whole documents by the given keys. Ascending takes an array's least item, descending its greatest. */
export function comparison(keys: SortKeys): (a: Document, b: Document) => number {
  return (a, b) => {
    for (const [path, direction] of keys) {
      const order = compareValues(sortValue(a, path, direction), sortValue(b, path, direction));
      if (order !== 0) return order * direction;
    }
    return 0;
  };
}

function sortValue(document: Document, path: string, direction: 1 | -1): Value | undefined {
  let chosen: Value | undefined;
  let isFirst = true;
  for (const value of valuesAt(document, path)) {
    if (isFirst || compareValues(value, chosen) * direction < 0) chosen = value;
    isFirst = false;
  }
  return chosen;
}

function compareLists(a: readonly Value[], b: readonly Value[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const order = compareValues(a[at], b[at]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Field by field in stored order: first the type, then the name, then the value. */
function compareDocuments(a: Document, b: Document): number {
  const fields = Object.entries(a);
  const others = Object.entries(b);
  for (const [at, [field, value]] of fields.entries()) {
    const other = others[at];
    if (!other) return 1;
    const order =
      typeRank(value) - typeRank(other[1]) || compareText(field, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return fields.length - others.length;
}

/** MongoDB compares the bytes of UTF-8; JavaScript's own order differs only above U+D800. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const unit = a.charCodeAt(at);
    const other = b.charCodeAt(at);
    if (unit !== other) return rankOf(unit) - rankOf(other);
  }
  return a.length - b.length;
}

/** Where a unit of UTF-16 stands in UTF-8: halves of pairs stand for characters beyond all that have one unit. */
function rankOf(unit: number): number {
  const isHalf = unit >= 0xd800 && unit < 0xe000;
  return isHalf ? unit + 0x10000 : unit;
}

/** NaN is the least number and equal to itself. */
function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  if (Number.isNaN(b)) return 1;
  return a - b || 0;
}
