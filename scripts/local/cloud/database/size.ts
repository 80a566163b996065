import { type Document, isDocument, isList, type Value } from './value.ts';

const HEADER_BYTES = 5;

/** How many bytes a document takes as BSON, which is what MongoDB's limits count. */
export function documentSize(document: Document | readonly Value[]): number {
  let bytes = HEADER_BYTES;
  for (const [field, value] of Object.entries(document)) {
    bytes += 2 + Buffer.byteLength(field) + valueSize(value);
  }
  return bytes;
}

function valueSize(value: Value): number {
  if (value === null) return 0;
  if (typeof value === 'boolean') return 1;
  if (typeof value === 'string') return HEADER_BYTES + Buffer.byteLength(value);
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 4 : 8;
  if (value instanceof Date) return 8;
  if (value instanceof RegExp) return value.source.length + value.flags.length + 2;
  if (isList(value) || isDocument(value)) return documentSize(value);
  return 0;
}
