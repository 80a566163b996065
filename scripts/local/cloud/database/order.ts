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

/** What sorts elsewhere in UTF-16, which is JavaScript's order, than in UTF-8, which is MongoDB's: halves of pairs. */
const HIGH_UNIT = /[\ud800-\uffff]/;

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  if (HIGH_UNIT.test(a) && HIGH_UNIT.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

/** NaN is the least number and equal to itself. */
function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  if (Number.isNaN(b)) return 1;
  return a - b || 0;
}
