import type { Collection } from './collection.ts';
import { parseDocument, stringifyExtendedJson } from './extended-json.ts';
import { type Document, isDocument, isList, type Value } from './value.ts';

/**
 * Where a database keeps what it committed, entry by entry; what it wrote of them, it gives back as lines. The engine
 * knows nothing of files: a simulation reads the entries as they come.
 */
export interface Journal {
  /**
   * The lines kept so far, oldest first. Called once, before the first `append`.
   * @param snapshot gives lines that say everything at once, for when the kept ones have grown too many
   */
  open(snapshot: () => Iterable<string>): Iterable<string>;
  /** Resolves when the entry is safe, and with it all before it. Rejects when it can never be. */
  append(entry: JournalEntry): Promise<void>;
  dispose(): Promise<void>;
}

/** One write; without `document` it is a removal. */
export interface JournalWrite {
  readonly collection: string;
  readonly id: Value;
  readonly document: Document | undefined;
}

/** One line of a journal. The writes of one line happened together or not at all. */
export type JournalEntry =
  | { readonly kind: 'collection'; readonly name: string }
  | { readonly kind: 'writes'; readonly writes: readonly JournalWrite[] };

export function writeEntry(entry: JournalEntry): string {
  if (entry.kind === 'collection') return stringifyExtendedJson({ collection: entry.name });
  const writes = entry.writes.map(({ collection, id, document }) =>
    document ? { in: collection, put: document } : { in: collection, remove: id },
  );
  return stringifyExtendedJson({ writes });
}

/** Lines that say all that these collections hold. */
export function* snapshotLines(collections: Iterable<Collection>): Generator<string> {
  for (const collection of collections) {
    yield writeEntry({ kind: 'collection', name: collection.name });
    for (const [, document] of collection.latest()) {
      const write = { collection: collection.name, id: document._id ?? null, document };
      yield writeEntry({ kind: 'writes', writes: [write] });
    }
  }
}

/** @throws Error when the line is none of ours */
export function readEntry(line: string): JournalEntry {
  const entry = parseDocument(line, new Date(0));
  if (typeof entry.collection === 'string') return { kind: 'collection', name: entry.collection };
  if (!isList(entry.writes)) throw new Error(`Not an entry of a journal: ${line.slice(0, 80)}`);
  return { kind: 'writes', writes: entry.writes.filter(isDocument).map(readWrite) };
}

function readWrite(write: Document): JournalWrite {
  const { in: collection, put, remove } = write;
  const document = isDocument(put) ? put : undefined;
  return { collection: String(collection), id: document?._id ?? remove ?? null, document };
}
