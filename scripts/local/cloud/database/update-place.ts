import { writeRefused } from '../errors.ts';
import { conditionsOf } from './conditions.ts';
import { BACKFILL_PLACES_MAX } from './limits.ts';
import { isPlace } from './path.ts';
import { compileFilter, type Filter } from './query.ts';
import { type Document, fieldOf, isDocument, isList, show, type Value } from './value.ts';

/** Gives what is to be at a place, from what is there; undefined means nothing. */
export type Edit = (current: Value | undefined) => Value | undefined;

/**
 * The document with one place changed. Everything that is not on the way is shared with the old one.
 * @param options.create makes what is missing on the way; without it a way that leads nowhere changes nothing
 * @throws CloudError with MongoDB's text when `create` would have to go through a value that holds no fields
 */
export function editAt(
  document: Document,
  path: string,
  edit: Edit,
  { create }: { create: boolean },
): Document {
  const changed = editIn(document, path.split('.'), edit, { create, name: '' });
  return isDocument(changed) ? changed : document;
}

/** What is at a place, read without entering arrays by field name. */
export function readAt(document: Document, path: string): Value | undefined {
  let value: Value | undefined = document;
  for (const part of path.split('.')) value = childOf(value, part);
  return value;
}

/**
 * The places an update path means in this document: `$` is the place the filter matched, `$[]` every place.
 * @throws CloudError when the filter matched no place, or `$[]` meets no array
 */
export function expandPath(document: Document, path: string, filter: Filter): string[] {
  const parts = path.split('.');
  const at = parts.findIndex((part) => part.startsWith('$'));
  if (at === -1) return [path];
  const array = parts.slice(0, at).join('.');
  const rest = parts.slice(at + 1);
  return placesFor(parts[at] ?? '', array, { document, path, filter }).flatMap((place) =>
    expandPath(document, [array, place, ...rest].join('.'), filter),
  );
}

function placesFor(
  part: string,
  array: string,
  { document, path, filter }: { document: Document; path: string; filter: Filter },
): readonly (string | number)[] {
  if (part === '$') return [matchedPlace(document, array, filter)];
  if (part !== '$[]') {
    throw writeRefused(`No array filter found for identifier '${part.slice(2, -1)}' in path '${path}'`);
  }
  const list = readAt(document, array);
  if (list === undefined) {
    throw writeRefused(`The path '${array}' must exist in the document in order to apply array updates.`);
  }
  if (!isList(list)) {
    throw writeRefused(
      `Cannot apply array updates to non-array element ${array.split('.').pop()}: ${show(list)}`,
    );
  }
  return [...list.keys()];
}

/** The first place in the array that meets the filter's conditions on it, each condition on its own. */
function matchedPlace(document: Document, array: string, filter: Filter): number {
  const list = readAt(document, array);
  const conditions = conditionsOf(filter.source).filter(
    ([path]) => path === array || path.startsWith(`${array}.`),
  );
  if (isList(list)) {
    for (const [path, operator, expected] of conditions.reverse()) {
      const one = compileFilter({ [path]: { [operator]: expected } });
      const place = list.findIndex((item) =>
        one.matches(editAt(document, array, () => [item], { create: false })),
      );
      if (place !== -1) return place;
    }
  }
  throw writeRefused('The positional operator did not find the match needed from the query.');
}

function editIn(
  container: Value,
  parts: readonly string[],
  edit: Edit,
  { create, name }: { create: boolean; name: string },
): Value {
  const [part = '', ...rest] = parts;
  if (!isDocument(container) && !isList(container)) return unreachable(container, part, { create, name });
  if (isList(container) && !isPlace(part)) return unreachable(container, part, { create, name });
  const child = childOf(container, part);
  if (rest.length === 0) return put(container, part, edit(child));
  if (child === undefined) {
    if (!create) return container;
    const held = editIn({}, rest, edit, { create, name: part });
    return isDocument(held) && Object.keys(held).length === 0 ? container : put(container, part, held);
  }
  return put(container, part, editIn(child, rest, edit, { create, name: part }));
}

function unreachable(
  container: Value,
  part: string,
  { create, name }: { create: boolean; name: string },
): Value {
  if (!create) return container;
  throw writeRefused(`Cannot create field '${part}' in element {${name}: ${show(container)}}`);
}

function put(container: Document | readonly Value[], part: string, value: Value | undefined): Value {
  if (isList(container)) return putInList(container, Number(part), value);
  if (value === undefined) {
    const { [part]: _, ...kept } = container;
    return kept;
  }
  return { ...container, [part]: value };
}

/** Places never move: what is taken out of an array leaves null, what is put beyond its end fills up with null. */
function putInList(list: readonly Value[], place: number, value: Value | undefined): readonly Value[] {
  if (value === undefined && place >= list.length) return list;
  if (place - list.length > BACKFILL_PLACES_MAX) {
    throw writeRefused(`can't backfill more than ${BACKFILL_PLACES_MAX} elements`);
  }
  const changed = [...list];
  while (changed.length < place) changed.push(null);
  changed[place] = value ?? null;
  return changed;
}

function childOf(container: Value | undefined, part: string): Value | undefined {
  if (isList(container)) return isPlace(part) ? container[Number(part)] : undefined;
  return isDocument(container) ? fieldOf(container, part) : undefined;
}
