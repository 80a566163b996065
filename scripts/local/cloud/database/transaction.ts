import type { Cancel } from '../../clock.ts';
import type { Collection } from './collection.ts';
import type { CollectionIndex } from './collection-index.ts';
import type { Document } from './value.ts';

/** A write that waits for its transaction to commit. Without a document it is a removal. */
export interface PendingWrite {
  readonly collection: Collection;
  readonly key: string;
  readonly document: Document | undefined;
}

/** An open transaction: what it sees, what it holds, what it is about to write. */
export class Transaction {
  readonly id: string;
  /** The invocation of a function that began it, where one is known. */
  readonly invocation: string | undefined;
  /** Resolves when the transaction has ended, one way or the other: its locks are free then. */
  readonly ended: Promise<void>;
  readonly writes = new Map<string, PendingWrite>();
  readonly locks: { readonly collection: Collection; readonly key: string }[] = [];
  readonly reservations: { readonly index: CollectionIndex; readonly entry: string }[] = [];
  /** What was committed up to here is what it sees. Taken at its first operation, as MongoDB takes it. */
  snapshot: number | undefined;
  /** Whether an operation is under way: the platform refuses a second one meanwhile. */
  isBusy = false;
  operations = 0;
  cancelExpiry: Cancel = () => {};
  #end: () => void = () => {};

  constructor(id: string, invocation: string | undefined) {
    this.id = id;
    this.invocation = invocation;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** What this transaction itself wrote for a document; undefined when it wrote nothing. */
  pending(collection: Collection, key: string): PendingWrite | undefined {
    return this.writes.get(writeKey(collection, key));
  }

  write(write: PendingWrite): void {
    this.writes.set(writeKey(write.collection, write.key), write);
  }

  end(): void {
    this.cancelExpiry();
    this.#end();
  }
}

function writeKey(collection: Collection, key: string): string {
  return `${collection.name}\0${key}`;
}
