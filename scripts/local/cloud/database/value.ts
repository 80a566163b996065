/** What a document can hold. Numbers are one type here: the SDK cannot distinguish 1 from 1.0 either. */
export type Value = null | boolean | number | string | Date | RegExp | readonly Value[] | Document;

/** A stored document is never changed, only replaced: readers may keep what they were given. */
export interface Document {
  readonly [field: string]: Value;
}

export function isDocument(value: unknown): value is Document {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof RegExp)
  );
}

/** `Array.isArray` for readonly arrays, which TypeScript's own does not narrow to. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Reads an own field; `constructor` and its like are fields as any other and never inherited. */
export function fieldOf(document: Document, field: string): Value | undefined {
  return Object.hasOwn(document, field) ? document[field] : undefined;
}

/** Builds a document from fields, `__proto__` included. */
export function documentOf(fields: Iterable<readonly [string, Value]>): Document {
  return Object.fromEntries(fields);
}

/** Equal as MongoDB compares: sub-documents also by the order of their fields. */
export function areEqual(a: Value | undefined, b: Value | undefined): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof RegExp && b instanceof RegExp) return a.source === b.source && a.flags === b.flags;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, at) => areEqual(item, b[at]));
  if (isDocument(a) && isDocument(b)) {
    const fields = Object.keys(a);
    const others = Object.keys(b);
    return (
      fields.length === others.length &&
      fields.every((field, at) => field === others[at] && areEqual(a[field], b[field]))
    );
  }
  return false;
}

/** MongoDB's name of a value's type, as its error texts use it. */
export function typeName(value: Value | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (isList(value)) return 'array';
  if (value instanceof Date) return 'date';
  if (value instanceof RegExp) return 'regex';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return numberType(value);
  return typeof value;
}

function numberType(value: number): string {
  if (!Number.isInteger(value)) return 'double';
  return value >= -(2 ** 31) && value < 2 ** 31 ? 'int' : 'long';
}

/** A value as MongoDB's error texts show it: `{ a: [ 1, "x" ] }`. */
export function show(value: Value | undefined): string {
  if (value === undefined) return 'MISSING';
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (isList(value)) return value.length === 0 ? '[]' : `[ ${value.map(show).join(', ')} ]`;
  if (isDocument(value)) {
    const fields = Object.entries(value).map(([field, held]) => `${field}: ${show(held)}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  return String(value);
}

/** A text that two values share exactly when they are equal: what maps of documents and of index keys go by. */
export function keyOf(value: Value | undefined): string {
  if (typeof value === 'string') return `"${value}`;
  if (typeof value === 'number') return `${value === 0 ? 0 : value}`;
  if (value === undefined || value === null) return 'null';
  if (value instanceof Date) return `date ${value.getTime()}`;
  if (isList(value)) return `[${value.map((item) => JSON.stringify(keyOf(item))).join()}]`;
  if (isDocument(value)) {
    return `{${Object.entries(value)
      .map(([field, held]) => `${JSON.stringify(field)}:${JSON.stringify(keyOf(held))}`)
      .join()}}`;
  }
  return String(value);
}
