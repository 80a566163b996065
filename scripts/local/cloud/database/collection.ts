import { duplicateKey } from '../errors.ts';
import { CollectionIndex, type IndexDefinition } from './collection-index.ts';
import type { Holder } from './holder.ts';
import type { Document } from './value.ts';

/** What one document was and is. A version without a document is its removal. */
interface Cell {
  versions: { readonly at: number; readonly document: Document | undefined }[];
  lock: Holder | undefined;
}

/** A collection's documents, with as many of their earlier versions as open transactions may still read. */
export class Collection {
  readonly name: string;
  readonly indexes: CollectionIndex[] = [];
  /** How many documents searches have looked at: what an index saves. */
  looks = 0;
  readonly #ids = new CollectionIndex({ name: '_id_', keys: [['_id', 1]] });
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
      const isTaken = (entry: string) => index.holders(entry).size > 0;
      if (definition.unique && index.entriesOf(document).some(isTaken)) throw this.duplicate(index, document);
      index.move(key, undefined, document);
    }
    this.indexes.push(index);
  }

  duplicate(index: CollectionIndex, document: Document): Error {
    return duplicateKey({
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

  lockOf(key: string): Holder | undefined {
    return this.#cells.get(key)?.lock;
  }

  lock(key: string, holder: Holder): void {
    this.#cell(key).lock = holder;
  }

  unlock(key: string): void {
    const cell = this.#cells.get(key);
    if (!cell) return;
    cell.lock = undefined;
    if (cell.versions.length === 0) this.#cells.delete(key);
  }

  /**
   * Commits one write.
   * @param oldest the oldest snapshot that is open: what it and later ones see is kept
   */
  write(key: string, document: Document | undefined, { at, oldest }: { at: number; oldest: number }): void {
    const cell = this.#cell(key);
    const before = cell.versions.at(-1)?.document;
    for (const index of this.indexesWithId) index.move(key, before, document);
    cell.versions.push({ at, document });
    this.#withHistory.add(key);
    this.#forget(key, oldest);
  }

  /** Drops what no snapshot from `oldest` on can read. */
  forgetHistory(oldest: number): void {
    for (const key of this.#withHistory) this.#forget(key, oldest);
  }

  /** Everything that is here now, by key. */
  *latest(): Generator<[key: string, document: Document]> {
    for (const [key, cell] of this.#cells) {
      const document = cell.versions.at(-1)?.document;
      if (document) yield [key, document];
    }
  }

  /** The key of every document that is here, or was when an open transaction began. */
  keys(): Iterable<string> {
    return [...this.#cells.keys()];
  }

  /** The declared indexes, and the one over `_id` that every collection has. */
  get indexesWithId(): readonly CollectionIndex[] {
    return [this.#ids, ...this.indexes];
  }

  #cell(key: string): Cell {
    const kept = this.#cells.get(key);
    if (kept) return kept;
    const cell: Cell = { versions: [], lock: undefined };
    this.#cells.set(key, cell);
    return cell;
  }

  #forget(key: string, oldest: number): void {
    const cell = this.#cells.get(key);
    if (!cell) {
      this.#withHistory.delete(key);
      return;
    }
    const first = cell.versions.findLastIndex((version) => version.at <= oldest);
    if (first > 0) cell.versions.splice(0, first);
    const [version] = cell.versions;
    if (cell.versions.length > 1 || !version || version.at > oldest) return;
    if (version.document) this.#withHistory.delete(key);
    else if (!cell.lock) {
      this.#withHistory.delete(key);
      this.#cells.delete(key);
    }
  }
}
