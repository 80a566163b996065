import type { IndexManifest } from '../../../manifest.ts';
import type { Holder } from './holder.ts';
import { compareValues } from './order.ts';
import { valuesAt } from './path.ts';
import { type Run, side } from './run.ts';
import { SortedList } from './sorted-list.ts';
import { type Document, fieldOf, keyOf, show, type Value } from './value.ts';

/** What has to be known of an index to keep it; `sparse` leaves out documents that have none of its fields. */
export type IndexDefinition = IndexManifest & { readonly sparse?: boolean };

/** A document's place in an index: its values under the index's fields, `_id` last. */
interface Entry {
  readonly values: readonly (Value | undefined)[];
  readonly key: string;
}

/**
 * The places of documents under an index, in its order. It describes the latest committed state; a transaction's own
 * writes and its snapshot are the transaction's to consider. A missing field counts as null, as in MongoDB.
 */
export class CollectionIndex {
  readonly definition: IndexDefinition;
  /** The fields it is sorted by. Documents that are equal in those of its definition are in the order of `_id`. */
  readonly fields: IndexManifest['keys'];
  /** Entries that open transactions are about to write, so that two of them cannot both have one that is unique. */
  readonly reserved = new Map<string, Holder>();
  readonly #directions: readonly (1 | -1)[];
  readonly #entries: SortedList<Entry>;
  readonly #holders = new Map<string, Set<string>>();
  #severalfold = 0;

  constructor(definition: IndexDefinition) {
    this.definition = definition;
    const hasId = definition.keys.some(([path]) => path === '_id');
    this.fields = hasId ? definition.keys : [...definition.keys, ['_id', 1]];
    this.#directions = this.fields.map(([, direction]) => direction);
    this.#entries = new SortedList((a, b) => compareRows(a.values, b.values, this.#directions));
  }

  /** Whether a document may be in several places, since a field of it holds an array. */
  get isMultikey(): boolean {
    return this.#severalfold > 0;
  }

  /** Every entry a document makes under the fields of the definition, for the sake of uniqueness. */
  entriesOf(document: Document): string[] {
    const rows = this.#rowsOf(document).map((row) => row.slice(0, this.definition.keys.length).map(keyOf));
    return rows.map((row) => JSON.stringify(row));
  }

  /** Takes the document's place from `before` to `after`; undefined is a document that is not there. */
  move(key: string, before: Document | undefined, after: Document | undefined): void {
    if (before && after && this.#staysThere(before, after)) return;
    const old = before ? this.#rowsOf(before) : [];
    const rows = after ? this.#rowsOf(after) : [];
    this.#severalfold += Number(rows.length > 1) - Number(old.length > 1);
    if (this.definition.unique) {
      for (const entry of before ? this.entriesOf(before) : []) take(this.#holders, entry, key);
      for (const entry of after ? this.entriesOf(after) : []) put(this.#holders, entry, key);
    }
    if (areSame(old, rows)) return;
    for (const values of old) this.#entries.delete({ values, key });
    for (const values of rows) this.#entries.add({ values, key });
  }

  /** Whether a change left every field of the index as it was: most changes touch few of them. */
  #staysThere(before: Document, after: Document): boolean {
    return this.fields.every(([path]) => {
      if (path.includes('.')) return false;
      const [old, value] = [fieldOf(before, path), fieldOf(after, path)];
      return old === value || (old instanceof Date && value instanceof Date && Number(old) === Number(value));
    });
  }

  /** The keys of the documents under an entry of a unique index. */
  holders(entry: string): ReadonlySet<string> {
    return this.#holders.get(entry) ?? NONE;
  }

  /** The keys of the documents of a run, in its order; a multikey index may give one more than once. */
  *keysOf(run: Run): Generator<string> {
    for (const { key } of this.#entries.within(this.#position(run), run.isReverse)) yield key;
  }

  /** How many keys a run gives, without giving them. */
  count(run: Run): number {
    return this.#entries.count(this.#position(run));
  }

  /** The key of a document as the error about a duplicate shows it. */
  show(document: Document): string {
    const fields = this.definition.keys.map(
      ([path]) => `${path}: ${show(valuesAt(document, path)[0] ?? null)}`,
    );
    return `{ ${fields.join(', ')} }`;
  }

  #position({ prefix, range }: Run): (entry: Entry) => number {
    const directions = this.#directions.slice(0, prefix.length);
    const direction = this.#directions[prefix.length] ?? 1;
    return ({ values }) => {
      const order = compareRows(values, prefix, directions);
      return order === 0 && range ? side(values[prefix.length], range) * direction : order;
    };
  }

  /** One row of values where no field holds an array; else one for each way to take an item of every array. */
  #rowsOf(document: Document): (Value | undefined)[][] {
    const columns = this.definition.keys.map(([path]) => valuesAt(document, path));
    if (this.definition.sparse && columns.flat().every((value) => value === undefined)) return [];
    let rows: (Value | undefined)[][] = [[]];
    for (const column of columns) {
      const values =
        column.length === 1 ? column : [...new Map(column.map((value) => [keyOf(value), value])).values()];
      rows = rows.flatMap((row) => values.map((value) => [...row, value]));
    }
    if (this.fields.length > this.definition.keys.length) for (const row of rows) row.push(document._id);
    return rows;
  }
}

const NONE: ReadonlySet<string> = new Set();

/** By as many values as there are directions. */
function compareRows(
  row: readonly (Value | undefined)[],
  other: readonly (Value | undefined)[],
  directions: readonly (1 | -1)[],
): number {
  for (let at = 0; at < directions.length; at++) {
    const order = compareValues(row[at], other[at]);
    if (order !== 0) return directions[at] === 1 ? order : -order;
  }
  return 0;
}

function areSame(rows: readonly (Value | undefined)[][], others: readonly (Value | undefined)[][]): boolean {
  const isEqual = (row: readonly (Value | undefined)[], other: readonly (Value | undefined)[] = []) =>
    row.every((value, at) => compareValues(value, other[at]) === 0);
  return rows.length === others.length && rows.every((row, at) => isEqual(row, others[at]));
}

function put(map: Map<string, Set<string>>, entry: string, key: string): void {
  const keys = map.get(entry);
  if (keys) keys.add(key);
  else map.set(entry, new Set([key]));
}

function take(map: Map<string, Set<string>>, entry: string, key: string): void {
  const keys = map.get(entry);
  keys?.delete(key);
  if (keys?.size === 0) map.delete(entry);
}
