import { type Document, isDocument, isList, type Value } from './value.ts';

const HEADER_BYTES = 5;

/** A character takes so many bytes at most. */
const CHARACTER_BYTES_MAX = 3;

/** Whether a document is larger than so many bytes. Most are so small that their characters need not be looked at. */
export function isLarger(document: Document, bytes: number): boolean {
  return (
    sizeOf(document, (text) => text.length * CHARACTER_BYTES_MAX) > bytes && documentSize(document) > bytes
  );
}

/** How many bytes a document takes as BSON, which is what MongoDB's limits count. */
export function documentSize(document: Document): number {
  return sizeOf(document, Buffer.byteLength);
}

type TextSize = (text: string) => number;

function sizeOf(held: Document | readonly Value[], textSize: TextSize): number {
  let bytes = HEADER_BYTES;
  for (const [field, value] of Object.entries(held))
    bytes += 2 + textSize(field) + valueSize(value, textSize);
  return bytes;
}

function valueSize(value: Value, textSize: TextSize): number {
  if (value === null) return 0;
  if (typeof value === 'boolean') return 1;
  if (typeof value === 'string') return HEADER_BYTES + textSize(value);
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 4 : 8;
  if (value instanceof Date) return 8;
  if (value instanceof RegExp) return value.source.length + value.flags.length + 2;
  if (isList(value) || isDocument(value)) return sizeOf(value, textSize);
  return 0;
}
