import { writeRefused } from '../errors.ts';
import { DOCUMENT_BYTES_MAX } from './limits.ts';
import type { Filter } from './query.ts';
import { isLarger } from './size.ts';
import { type Change, updateOperators } from './update-operators.ts';
import { expandPath } from './update-place.ts';
import { areEqual, type Document, isDocument, show, typeName, type Value } from './value.ts';

/**
 * Applies MongoDB's update operators to a document and gives the new one; the old one is left as it is.
 * Rules and texts are those of MongoDB's update reference (https://www.mongodb.com/docs/manual/reference/operator/update/).
 * @param context.filter found the document; the positional `$` stands for the place it matched
 * @throws CloudError with MongoDB's text when MongoDB would refuse
 */
export function applyUpdate(
  document: Document,
  update: Document,
  context: { readonly filter: Filter; readonly now: Date },
): Document {
  checkUpdate(update);
  const taken: string[] = [];
  let changed = document;
  for (const [operator, fields] of Object.entries(update)) {
    const change = updateOperators[operator];
    if (!change || !isDocument(fields)) continue;
    for (const [path, argument] of Object.entries(fields)) {
      const touched = new Set(operator === '$rename' ? [path, String(argument)] : [path]);
      for (const one of touched) claimPath(one, taken);
      changed = applyAt(changed, change, { path, argument, ...context });
    }
  }
  if (!areEqual(document._id, changed._id)) throw immutableIdentity();
  return checkSize(changed);
}

/** What `doc.set` does: everything but `_id` is as given. */
export function replaceDocument(document: Document, replacement: Document): Document {
  checkReplacement(replacement);
  if (replacement._id !== undefined && !areEqual(replacement._id, document._id)) throw immutableIdentity();
  const { _id, ...fields } = replacement;
  return checkSize(document._id === undefined ? fields : { _id: document._id, ...fields });
}

/** @throws CloudError when a whole document was meant and an update came */
export function checkReplacement(replacement: Document): void {
  if (Object.keys(replacement)[0]?.startsWith('$')) {
    throw writeRefused("replacement document cannot contain keys beginning with '$'");
  }
}

/** The refusals that MongoDB gives before it looks at any document. */
export function checkUpdate(update: Document): void {
  if (Object.keys(update).length === 0) throw writeRefused('update document must have at least one element');
  for (const [operator, fields] of Object.entries(update)) {
    if (!operator.startsWith('$')) throw writeRefused("update document must contain key beginning with '$'");
    if (!updateOperators[operator]) {
      throw writeRefused(
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isDocument(fields)) {
      throw writeRefused(
        `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${show(fields)}}`,
      );
    }
    if (Object.keys(fields).length === 0) {
      throw writeRefused(
        `'${operator}' is empty. You must specify a field like so: {${operator}: {<field>: ...}}`,
      );
    }
  }
}

function applyAt(
  document: Document,
  change: Change,
  at: { path: string; argument: Value; filter: Filter; now: Date },
): Document {
  let changed = document;
  for (const path of expandPath(document, at.path, at.filter)) {
    changed = change(changed, { path, argument: at.argument, now: at.now });
  }
  return changed;
}

function checkSize(document: Document): Document {
  if (!isLarger(document, DOCUMENT_BYTES_MAX)) return document;
  throw writeRefused(`Resulting document after update is larger than ${DOCUMENT_BYTES_MAX}`);
}

/** Two operators must not write to one field, nor one of them into what the other writes. */
function claimPath(path: string, taken: string[]): void {
  checkPath(path);
  const other = taken.find(
    (earlier) => earlier === path || path.startsWith(`${earlier}.`) || earlier.startsWith(`${path}.`),
  );
  if (other !== undefined) {
    const shorter = other.length < path.length ? other : path;
    throw writeRefused(`Updating the path '${path}' would create a conflict at '${shorter}'`);
  }
  taken.push(path);
}

function checkPath(path: string): void {
  if (path === '') throw writeRefused('An empty update path is not valid.');
  const parts = path.split('.');
  if (parts.includes('')) {
    throw writeRefused(`The update path '${path}' contains an empty field name, which is not allowed.`);
  }
  const [first] = parts;
  const isPositional = (part: string) => part === '$' || part.startsWith('$[');
  if (first && isPositional(first)) {
    throw writeRefused(`Cannot have positional (i.e. '$') element in the first position in path '${path}'`);
  }
  const dollar = parts.find((part) => part.startsWith('$') && !isPositional(part));
  if (dollar) {
    throw writeRefused(`The dollar ($) prefixed field '${dollar}' in '${path}' is not valid for storage.`);
  }
}

function immutableIdentity(): Error {
  return writeRefused("Performing an update on the path '_id' would modify the immutable field '_id'");
}
