import { Lazy } from 'mingo/lazy';
import { $project } from 'mingo/operators/pipeline';
import { MINGO_OPTIONS, translated } from './query.ts';
import { type Document, fieldOf, isDocument } from './value.ts';

/** The asked-for part of each document. Without a projection, or an empty one, all of it. */
export function project(documents: readonly Document[], projection: Document | undefined): Document[] {
  const fields = Object.entries(projection ?? {});
  if (!projection || fields.length === 0) return [...documents];
  if (fields.every(([path, wanted]) => wanted === 1 && !path.includes('.'))) {
    return documents.map((document) => pick(document, ['_id', ...fields.map(([path]) => path)]));
  }
  return translated(() =>
    $project(Lazy(structuredClone(documents)), projection, MINGO_OPTIONS)
      .collect<Document>()
      .filter(isDocument),
  );
}

/** By far the commonest projection: whole fields, in the order they are stored in. */
function pick(document: Document, fields: readonly string[]): Document {
  return Object.fromEntries(
    Object.keys(document).flatMap((field) => {
      const value = fieldOf(document, field);
      return value !== undefined && fields.includes(field) ? [[field, value]] : [];
    }),
  );
}
