import type { WorldClock } from '../../clock.ts';
import {
  type CloudError,
  collectionExists,
  collectionMissing,
  transactionBusy,
  transactionConflict,
  transactionGone,
} from '../errors.ts';
import { Collection } from './collection.ts';
import type { Holder } from './holder.ts';
import { type Journal, type JournalEntry, readEntry, snapshotLines } from './journal.ts';
import { TRANSACTION_LIFETIME_MS, TRANSACTION_OPERATIONS_MAX } from './limits.ts';
import { type PendingWrite, Transaction } from './transaction.ts';
import { findClash, reserve } from './unique.ts';
import { type Document, keyOf } from './value.ts';

/** Thrown to a plain write that meets a lock; it waits for the transaction to end and tries again. */
class Held extends Error {
  readonly holder: Holder;
  constructor(holder: Holder) {
    super('held by a transaction');
    this.holder = holder;
  }
}

/**
 * Documents in memory under snapshot isolation, as MongoDB's transactions have it: a transaction sees what was
 * committed before its first operation and its own writes; the first to write a document wins, whoever comes second
 * is refused at once and loses its transaction. Reads are never held up.
 */
export class Database {
  readonly #clock: WorldClock;
  readonly #random: () => number;
  readonly #journal: Journal | undefined;
  readonly #collections = new Map<string, Collection>();
  readonly #transactions = new Map<string, Transaction>();
  readonly #listeners = new Set<(collections: ReadonlySet<string>) => void>();
  /** Counts commits; every version of a document carries the count it came with. */
  #commits = 0;
  #begun = 0;

  constructor({
    clock,
    random,
    journal,
  }: { clock: WorldClock; random: () => number; journal?: Journal | undefined }) {
    this.#clock = clock;
    this.#random = random;
    this.#journal = journal;
    for (const line of journal?.open(() => snapshotLines(this.#collections.values())) ?? [])
      this.#replay(readEntry(line));
  }

  now(): Date {
    return this.#clock.now();
  }

  /** 32 hexadecimal digits that begin with the time, as the platform's own. */
  newId(): string {
    const seconds = Math.floor(this.#clock.now().getTime() / 1000).toString(16);
    return seconds.padStart(8, '0') + Array.from({ length: 24 }, () => this.#digit()).join('');
  }

  names(): string[] {
    return [...this.#collections.keys()];
  }

  has(name: string): boolean {
    return this.#collections.has(name);
  }

  /** @throws CloudError when it was never declared: CloudBase does not make collections on first use */
  collection(name: string): Collection {
    const collection = this.#collections.get(name);
    if (!collection) throw collectionMissing(name);
    return collection;
  }

  async createCollection(name: string): Promise<void> {
    if (this.#collections.has(name)) throw collectionExists();
    this.#collections.set(name, new Collection(name));
    await this.#append({ kind: 'collection', name });
  }

  begin(invocation?: string): Transaction {
    const id = `${++this.#begun}-${this.newId()}`;
    const transaction = new Transaction(id, invocation);
    const expiry = new Date(this.now().getTime() + TRANSACTION_LIFETIME_MS);
    transaction.cancelExpiry = this.#clock.schedule(expiry, () => this.abort(transaction));
    this.#transactions.set(id, transaction);
    return transaction;
  }

  /** Calls with the names of the collections that each commit changes; the answer ends it. */
  onCommit(listener: (collections: ReadonlySet<string>) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The open transactions, for whoever watches over them. */
  open(): Iterable<Transaction> {
    return this.#transactions.values();
  }

  /** @throws CloudError when it has ended or an operation of it is still under way */
  transaction(id: string): Transaction {
    const transaction = this.#transactions.get(id);
    if (!transaction) throw transactionGone();
    if (transaction.isBusy) throw transactionBusy();
    return transaction;
  }

  /** Fixes what the transaction sees, at its first operation, and counts its operations. */
  enter(transaction: Transaction): void {
    transaction.snapshot ??= this.#commits;
    if (++transaction.operations > TRANSACTION_OPERATIONS_MAX) {
      this.abort(transaction);
      throw transactionGone();
    }
  }

  /** Makes all of a transaction's writes visible at once. Resolves when they are safe. */
  async commit(transaction: Transaction): Promise<void> {
    const writes = [...transaction.writes.values()];
    this.#end(transaction);
    if (writes.length > 0) await this.#commit(writes);
  }

  abort(transaction: Transaction): void {
    if (this.#transactions.has(transaction.id)) this.#end(transaction);
  }

  /** Ends the transaction, if there is one, and gives the refusal to throw: MongoDB aborts on any write's failure. */
  refuse<Refusal extends Error>(refusal: Refusal, transaction: Transaction | undefined): Refusal {
    if (transaction) this.abort(transaction);
    return refusal;
  }

  /** A document as the transaction sees it, or as it was committed last. */
  read(collection: Collection, key: string, transaction?: Transaction): Document | undefined {
    const pending = transaction?.pending(collection, key);
    if (pending) return pending.document;
    return collection.read(key, transaction?.snapshot);
  }

  /**
   * Runs one attempt to write. Outside a transaction it waits while another's lock is in the way; inside one it
   * never waits. `attempt` decides on what it reads and calls `stage`; both happen in one turn.
   */
  async attempt<Result>(attempt: () => Result): Promise<Result> {
    for (;;) {
      try {
        return attempt();
      } catch (error) {
        if (!(error instanceof Held)) throw error;
        await error.holder.ended;
      }
    }
  }

  /** Refuses, or makes wait, whoever may not write this document now. */
  claim(collection: Collection, key: string, transaction: Transaction | undefined): void {
    const holder = collection.lockOf(key);
    if (holder && holder !== transaction) throw this.#heldBy(holder, transaction);
    if (!transaction) return;
    if (collection.writtenAt(key) > (transaction.snapshot ?? 0)) throw this.#conflict(transaction);
    if (!holder) {
      collection.lock(key, transaction);
      transaction.locks.push({ collection, key });
    }
  }

  /** Writes one document, now or with its transaction. Resolves when it is safe, or staged. */
  stage(write: PendingWrite, transaction: Transaction | undefined): Promise<void> {
    this.claim(write.collection, write.key, transaction);
    const clash = findClash(write, transaction);
    if (clash?.kind === 'held') throw this.#heldBy(clash.holder, transaction);
    if (clash) throw this.refuse(clash.error, transaction);
    if (!transaction) return this.#commit([write]);
    reserve(write, transaction);
    transaction.write(write);
    return Promise.resolve();
  }

  async dispose(): Promise<void> {
    for (const transaction of [...this.#transactions.values()]) this.abort(transaction);
    await this.#journal?.dispose();
  }

  #heldBy(holder: Holder, transaction: Transaction | undefined): Error {
    return transaction ? this.#conflict(transaction) : new Held(holder);
  }

  #conflict(transaction: Transaction): CloudError {
    return this.refuse(transactionConflict(), transaction);
  }

  #end(transaction: Transaction): void {
    this.#transactions.delete(transaction.id);
    for (const { collection, key } of transaction.locks) collection.unlock(key);
    for (const { index, entry } of transaction.reservations) index.reserved.delete(entry);
    transaction.end();
    const oldest = this.#oldestSnapshot();
    for (const collection of this.#collections.values()) collection.forgetHistory(oldest);
  }

  #commit(writes: readonly PendingWrite[]): Promise<void> {
    const entry = writes.map((write) => ({
      collection: write.collection.name,
      id: write.document?._id ?? write.collection.read(write.key)?._id ?? null,
      document: write.document,
    }));
    this.#apply(writes);
    if (this.#listeners.size > 0) this.#report(new Set(writes.map(({ collection }) => collection.name)));
    return this.#append({ kind: 'writes', writes: entry });
  }

  #report(collections: ReadonlySet<string>): void {
    for (const listener of [...this.#listeners]) listener(collections);
  }

  #apply(writes: readonly PendingWrite[]): void {
    const at = ++this.#commits;
    const oldest = this.#oldestSnapshot();
    for (const { collection, key, document } of writes) collection.write(key, document, { at, oldest });
  }

  /** A transaction without a snapshot will take one that is not older than now. */
  #oldestSnapshot(): number {
    let oldest = this.#commits;
    for (const { snapshot } of this.#transactions.values()) oldest = Math.min(oldest, snapshot ?? oldest);
    return oldest;
  }

  #append(entry: JournalEntry): Promise<void> {
    return this.#journal?.append(entry) ?? Promise.resolve();
  }

  #replay(entry: JournalEntry): void {
    if (entry.kind === 'collection') {
      if (!this.has(entry.name)) this.#collections.set(entry.name, new Collection(entry.name));
      return;
    }
    this.#apply(
      entry.writes.map(({ collection, id, document }) => ({
        collection: this.collection(collection),
        key: keyOf(id),
        document,
      })),
    );
  }

  #digit(): string {
    return Math.floor(this.#random() * 16).toString(16);
  }
}
