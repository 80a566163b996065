import type { CollectionIndex } from './collection-index.ts';
import type { Holder } from './holder.ts';
import type { PendingWrite, Transaction } from './transaction.ts';

/** Why a document cannot have its place in a unique index: someone is about to take it, or has it. */
export type Clash =
  | { readonly kind: 'held'; readonly holder: Holder }
  | { readonly kind: 'taken'; readonly error: Error };

/** Looks for a clash with what is committed, with what other transactions stage, and with what this one does. */
export function findClash(write: PendingWrite, transaction: Transaction | undefined): Clash | undefined {
  for (const [index, entry] of uniqueEntries(write)) {
    const holder = index.reserved.get(entry);
    if (holder && holder !== transaction) return { kind: 'held', holder };
    if (write.document && isTaken(write, transaction, { index, entry })) {
      return { kind: 'taken', error: write.collection.duplicate(index, write.document) };
    }
  }
  return undefined;
}

/** Keeps the write's places for its transaction until that ends. */
export function reserve(write: PendingWrite, transaction: Transaction): void {
  for (const [index, entry] of uniqueEntries(write)) {
    index.reserved.set(entry, transaction);
    transaction.reservations.push({ index, entry });
  }
}

/** A document that the transaction itself stages counts as it will be, not as it was committed. */
function isTaken(
  write: PendingWrite,
  transaction: Transaction | undefined,
  { index, entry }: { index: CollectionIndex; entry: string },
): boolean {
  const staged = [...(transaction?.writes.values() ?? [])].filter(
    (other) => other.collection === write.collection && other.key !== write.key,
  );
  const committed = [...index.holders(entry)].filter((key) => key !== write.key);
  return (
    committed.some((key) => !staged.some((other) => other.key === key)) ||
    staged.some((other) => other.document && index.entriesOf(other.document).includes(entry))
  );
}

function uniqueEntries({ collection, document }: PendingWrite): [index: CollectionIndex, entry: string][] {
  if (!document) return [];
  return collection.indexes
    .filter((index) => index.definition.unique)
    .flatMap((index) => index.entriesOf(document).map((entry): [CollectionIndex, string] => [index, entry]));
}
