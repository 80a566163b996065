import type { IndexManifest } from '../../../manifest.ts';
import type { Holder } from './holder.ts';
import { valuesAt } from './path.ts';
import { type Document, keyOf, show } from './value.ts';

/** What has to be known of an index to keep it; `sparse` leaves out documents that have none of its fields. */
export type IndexDefinition = IndexManifest & { readonly sparse?: boolean };

/**
 * Where documents stand under an index. It describes the latest committed state; a transaction's own writes and its
 * snapshot are the transaction's to consider. A missing field counts as null, as in MongoDB.
 */
export class CollectionIndex {
  readonly definition: IndexDefinition;
  /** Entries that open transactions are about to write, so that two of them cannot both have one that is unique. */
  readonly reserved = new Map<string, Holder>();
  readonly #entries = new Map<string, Set<string>>();
  readonly #byFirstField = new Map<string, Set<string>>();

  constructor(definition: IndexDefinition) {
    this.definition = definition;
  }

  /** Every entry a document makes: more than one where a field holds an array. */
  entriesOf(document: Document): string[] {
    const columns = this.definition.keys.map(([path]) => valuesAt(document, path));
    if (this.definition.sparse && columns.every((values) => values.every((value) => value === undefined))) {
      return [];
    }
    let rows: string[][] = [[]];
    for (const values of columns) {
      const keys = [...new Set(values.map(keyOf))];
      rows = rows.flatMap((row) => keys.map((key) => [...row, key]));
    }
    return rows.map((row) => JSON.stringify(row));
  }

  add(document: Document, key: string): void {
    for (const entry of this.entriesOf(document)) put(this.#entries, entry, key);
    for (const first of this.#firstValues(document)) put(this.#byFirstField, first, key);
  }

  remove(document: Document, key: string): void {
    for (const entry of this.entriesOf(document)) take(this.#entries, entry, key);
    for (const first of this.#firstValues(document)) take(this.#byFirstField, first, key);
  }

  /** The keys of the documents under an entry. */
  holders(entry: string): ReadonlySet<string> {
    return this.#entries.get(entry) ?? NONE;
  }

  /** The keys of the documents whose first indexed field is, or holds, a value with this `keyOf`. */
  withFirst(value: string): ReadonlySet<string> {
    return this.#byFirstField.get(value) ?? NONE;
  }

  /** The key of a document as the error about a duplicate shows it. */
  show(document: Document): string {
    const fields = this.definition.keys.map(
      ([path]) => `${path}: ${show(valuesAt(document, path)[0] ?? null)}`,
    );
    return `{ ${fields.join(', ')} }`;
  }

  #firstValues(document: Document): Set<string> {
    const [first] = this.definition.keys;
    return new Set(first ? valuesAt(document, first[0]).map(keyOf) : []);
  }
}

const NONE: ReadonlySet<string> = new Set();

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
