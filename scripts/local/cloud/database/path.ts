import { type Document, fieldOf, isDocument, isList, type Value } from './value.ts';

/**
 * What is at a dotted path, as MongoDB reads it for filters: arrays on the way are entered, their items that are
 * no documents are passed over, and a number also means a place in an array. A missing field gives one `undefined`.
 */
export function leavesAt(document: Document, path: string): (Value | undefined)[] {
  // By far the commonest path.
  if (!path.includes('.')) return [fieldOf(document, path)];
  const leaves: (Value | undefined)[] = [];
  collect(document, path.split('.'), 0, leaves);
  return leaves;
}

/** As `leavesAt`, with a last array opened: what an index keeps of a document and what a sort goes by. */
export function valuesAt(document: Document, path: string): (Value | undefined)[] {
  const values: (Value | undefined)[] = [];
  for (const leaf of leavesAt(document, path)) {
    if (!isList(leaf)) values.push(leaf);
    else if (leaf.length === 0) values.push(undefined);
    else values.push(...leaf);
  }
  return values.length === 0 ? [undefined] : values;
}

/** Whether a part of a path can name a place in an array. */
export function isPlace(part: string): boolean {
  return /^(0|[1-9]\d*)$/.test(part);
}

function collect(
  value: Value | undefined,
  parts: readonly string[],
  at: number,
  leaves: (Value | undefined)[],
): void {
  const part = parts[at];
  if (part === undefined) {
    leaves.push(value);
  } else if (isList(value)) {
    if (isPlace(part) && Number(part) < value.length) collect(value[Number(part)], parts, at + 1, leaves);
    for (const item of value) if (isDocument(item)) collect(item, parts, at, leaves);
  } else if (isDocument(value)) {
    collect(fieldOf(value, part), parts, at + 1, leaves);
  } else {
    leaves.push(undefined);
  }
}
