import { Lazy } from 'mingo/lazy';
import { queryRefused } from '../errors.ts';
import { projected } from './every-operator.ts';
import { translated } from './query.ts';
import { editAt } from './update-place.ts';
import { type Document, fieldOf, isDocument, isList, type Value } from './value.ts';

/** The asked-for part of each document. Without a projection, or an empty one, all of it. */
export function project(documents: readonly Document[], projection: Document | undefined): Document[] {
  const fields = Object.entries(projection ?? {});
  if (!projection || fields.length === 0) return [...documents];
  if (fields.every(([path, wanted]) => wanted === 1 && !path.includes('.'))) {
    return documents.map((document) => pick(document, ['_id', ...fields.map(([path]) => path)]));
  }
  if (fields.every(([, wanted]) => isDocument(wanted) && '$slice' in wanted)) {
    return documents.map((document) => sliced(document, fields));
  }
  return translated(() =>
    projected(Lazy(structuredClone(documents)), projection)
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

/** A projection of nothing but $slice shortens arrays and keeps everything else. */
function sliced(document: Document, fields: readonly (readonly [string, Value])[]): Document {
  let part = document;
  for (const [path, wanted] of fields) {
    const slice = isDocument(wanted) ? wanted.$slice : undefined;
    part = editAt(part, path, (held) => (isList(held) ? cut(held, slice) : held), { create: false });
  }
  return part;
}

/** `n` takes the first n, `-n` the last n, `[skip, n]` n from a place on. */
function cut(list: readonly Value[], slice: Value | undefined): readonly Value[] {
  if (typeof slice === 'number') return slice < 0 ? list.slice(slice) : list.slice(0, slice);
  const [skip, count] = isList(slice) ? slice : [];
  if (typeof skip !== 'number' || typeof count !== 'number') {
    throw queryRefused('$slice only supports numbers and [skip, limit] arrays');
  }
  return list.slice(skip).slice(0, count);
}
