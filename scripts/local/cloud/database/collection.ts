import { duplicateKey } from '../errors.ts';
import { CollectionIndex, type IndexDefinition } from './collection-index.ts';
import { chooseIndex } from './plan.ts';
import type { Filter } from './query.ts';
import type { Transaction } from './transaction.ts';
import { type Document, keyOf } from './value.ts';

/** What one document was and is. A version without a document is its removal. */
interface Cell {
  versions: { readonly at: number; readonly document: Document | undefined }[];
  lock: Transaction | undefined;
}

/** A collection's documents, with as many of their earlier versions as open transactions may still read. */
export class Collection {
  readonly name: string;
  readonly indexes: CollectionIndex[] = [];
  readonly #cells = new Map<string, Cell>();
  /** Cells with more than a latest document: earlier versions, or only a removal. */
  readonly #withHistory = new Set<string>();

  constructor(name: string) {
    this.name = name;
  }

  /** @throws CloudError E11000 when documents that are here already break a unique index */
  addIndex(definition: IndexDefinition): void {
    const kept = this.indexes.findIndex((index) => index.definition.name === definition.name);
    if (kept !== -1) this.indexes.splice(kept, 1);
    const index = new CollectionIndex(definition);
    for (const [key, document] of this.latest()) {
      const clashes = index.entriesOf(document).some((entry) => index.holders(entry).size > 0);
      if (definition.unique && clashes) throw this.duplicate(index, document);
      index.add(document, key);
    }
    this.indexes.push(index);
  }

  duplicate(index: CollectionIndex, document: Document): Error {
    return duplicateKey('FailedOperation.Insert', {
      collection: this.name,
      index: index.definition.name,
      key: index.show(document),
    });
  }

  /** The document as it was committed last, or as a snapshot sees it. */
  read(key: string, snapshot = Number.POSITIVE_INFINITY): Document | undefined {
    return this.#cells.get(key)?.versions.findLast((version) => version.at <= snapshot)?.document;
  }

  /** When the document was last written; 0 when it never was. */
  writtenAt(key: string): number {
    return this.#cells.get(key)?.versions.at(-1)?.at ?? 0;
  }

  lockOf(key: string): Transaction | undefined {
    return this.#cells.get(key)?.lock;
  }

  lock(key: string, transaction: Transaction): void {
    this.#cell(key).lock = transaction;
  }

  unlock(key: string): void {
    const cell = this.#cells.get(key);
    if (!cell) return;
    cell.lock = undefined;
    if (cell.versions.length === 0) this.#cells.delete(key);
  }

  /** Commits one write. With `keepHistory` the earlier versions stay for the snapshots that are open. */
  write(
    key: string,
    document: Document | undefined,
    { at, keepHistory }: { at: number; keepHistory: boolean },
  ): void {
    const cell = this.#cell(key);
    const before = cell.versions.at(-1)?.document;
    for (const index of this.indexes) {
      if (before) index.remove(before, key);
      if (document) index.add(document, key);
    }
    if (!keepHistory) cell.versions = [];
    cell.versions.push({ at, document });
    if (keepHistory || !document) this.#withHistory.add(key);
    if (!keepHistory) this.#forget(key);
  }

  /** Drops what only ended transactions could have read. */
  forgetHistory(): void {
    for (const key of this.#withHistory) this.#forget(key);
  }

  /** Everything that is here now, by key. */
  *latest(): Generator<[key: string, document: Document]> {
    for (const [key, cell] of this.#cells) {
      const document = cell.versions.at(-1)?.document;
      if (document) yield [key, document];
    }
  }

  /**
   * The keys a search has to look at. A transaction without `_id` in its filter looks at all of them, since indexes
   * only know the latest state.
   */
  candidates(filter: Filter, inTransaction: boolean): Iterable<string> {
    const id = filter.source._id;
    if (typeof id === 'string' || typeof id === 'number') return [keyOf(id)];
    const chosen = inTransaction ? undefined : chooseIndex(this.indexes, filter);
    if (!chosen) return [...this.#cells.keys()];
    return new Set(chosen.values.flatMap((value) => [...chosen.index.withFirst(keyOf(value))]));
  }

  #cell(key: string): Cell {
    const kept = this.#cells.get(key);
    if (kept) return kept;
    const cell: Cell = { versions: [], lock: undefined };
    this.#cells.set(key, cell);
    return cell;
  }

  #forget(key: string): void {
    const cell = this.#cells.get(key);
    this.#withHistory.delete(key);
    if (!cell) return;
    cell.versions = cell.versions.slice(-1);
    if (cell.versions[0]?.document === undefined && !cell.lock) this.#cells.delete(key);
  }
}
