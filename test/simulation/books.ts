import type { Journal, JournalEntry } from '../../scripts/local/cloud/database/journal.ts';
import type { Document } from '../../scripts/local/cloud/database/value.ts';
import {
  membershipEnds,
  memberships,
  prices,
  type StoredMembership,
  type StoredOrder,
  type StoredRefund,
  storedOrder,
  storedRefund,
} from './documents.ts';

/** A document before and after a commit. */
export interface Change<Read> {
  readonly id: string;
  readonly before: Read | undefined;
  readonly after: Read;
}

/** What one commit wrote, all at once. */
export interface Commit {
  readonly orders: readonly Change<StoredOrder>[];
  /** Membership ends by product. */
  readonly users: readonly Change<ReadonlyMap<string, number>>[];
  readonly alarms: readonly Change<Document>[];
  readonly refunds: readonly Change<StoredRefund>[];
  readonly reminders: readonly Change<Document>[];
  /** Whether it wrote how far people have been told. */
  readonly isProgress: boolean;
  /** The same memberships with their grants. */
  readonly granted: readonly { readonly id: string; readonly after: ReadonlyMap<string, StoredMembership> }[];
  /** Whether the merchant wrote it by hand, in the console. */
  readonly isByHand: boolean;
}

interface PriceTag {
  readonly from: number;
  readonly prices: ReadonlyMap<number, number>;
}

/**
 * What the database holds, kept beside it from its journal: every commit is received at the moment it happens, whoever
 * made it, and before anybody can act on it.
 */
export class Books implements Journal {
  readonly orders = new Map<string, StoredOrder>();
  readonly memberships = new Map<string, ReadonlyMap<string, number>>();
  readonly alarms = new Map<string, Document>();
  readonly refunds = new Map<string, StoredRefund>();
  readonly reminders = new Map<string, Document>();
  /** How far the merchant's people have been told. */
  progress: Document | undefined;
  readonly #ordered = new Map<string, string>();
  readonly #priceTags = new Map<string, PriceTag[]>();
  readonly #listeners: ((commit: Commit) => void)[] = [];
  readonly #now: () => number;
  /** Memberships that the merchant made unreadable, as `openid product_id`. */
  readonly unreadable = new Set<string>();
  /** Orders that were made under another merchant number. */
  readonly ofAnotherMerchant = new Set<string>();
  /** Products whose published price the merchant changed by hand. */
  readonly repriced = new Set<string>();
  /** When an event about a refund of an order last came: the timer then looks at that order once more. */
  readonly refundHints = new Map<string, number>();
  #handling: string | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  onCommit(listener: (commit: Commit) => void): void {
    this.#listeners.push(listener);
  }

  /** Marks what `write` commits to this one document as written by hand. */
  async byHand(id: string, write: () => Promise<unknown>): Promise<void> {
    this.#handling = id;
    await write();
    this.#handling = undefined;
  }

  /** Every price of a product for so many months that was in the catalogue at some time since `from`. */
  pricesSince(product_id: string, months: number, from: number): readonly number[] {
    const tags = this.#priceTags.get(product_id) ?? [];
    const valid = tags.filter((_, at) => (tags[at + 1]?.from ?? Number.POSITIVE_INFINITY) >= from);
    return valid.flatMap(({ prices: listed }) => listed.get(months) ?? []);
  }

  /** Whether a product could be read and bought at any time. */
  wasAlwaysOnSale(product_id: string): boolean {
    return this.#priceTags.get(product_id)?.every(({ prices: listed }) => listed.size > 0) ?? false;
  }

  /** The number of the order that a shopper's request_id made; empty when there is none. */
  ordered(openid: string, request_id: string): string {
    return this.#ordered.get(`${openid} ${request_id}`) ?? '';
  }

  open(): Iterable<string> {
    return [];
  }

  async append(entry: JournalEntry): Promise<void> {
    if (entry.kind === 'writes') this.#keep(entry);
  }

  async dispose(): Promise<void> {}

  #keep({ writes }: Extract<JournalEntry, { kind: 'writes' }>): void {
    const orders: Change<StoredOrder>[] = [];
    const users: Change<ReadonlyMap<string, number>>[] = [];
    const alarms: Change<Document>[] = [];
    const refunds: Change<StoredRefund>[] = [];
    const reminders: Change<Document>[] = [];
    const granted: { id: string; after: ReadonlyMap<string, StoredMembership> }[] = [];
    for (const { collection, id: key, document } of writes) {
      const id = String(key);
      if (!document) throw new Error(`${collection} ${id} was removed, and nobody here removes anything.`);
      if (collection === 'orders') {
        const change = put(this.orders, id, storedOrder(document));
        this.#ordered.set(`${change.after.openid} ${change.after.request_id}`, id);
        orders.push(change);
      }
      if (collection === 'users') {
        users.push(put(this.memberships, id, membershipEnds(document)));
        granted.push({ id, after: memberships(document) });
      }
      if (collection === 'refunds') refunds.push(put(this.refunds, id, storedRefund(document)));
      if (collection === 'alarms') alarms.push(put(this.alarms, id, document));
      if (collection === 'products') this.#price(id, document);
      if (collection === 'progress') this.progress = document;
      if (collection === 'reminders') reminders.push(put(this.reminders, id, document));
    }
    const isByHand = writes.length === 1 && String(writes[0]?.id) === this.#handling;
    const isProgress = writes.some(({ collection }) => collection === 'progress');
    const commit = { orders, users, alarms, refunds, reminders, granted, isProgress, isByHand };
    for (const listener of this.#listeners) listener(commit);
  }

  #price(product_id: string, document: Document): void {
    const tags = this.#priceTags.get(product_id) ?? [];
    tags.push({ from: this.#now(), prices: prices(document) });
    this.#priceTags.set(product_id, tags);
  }
}

function put<Read>(map: Map<string, Read>, id: string, after: Read): Change<Read> {
  const before = map.get(id);
  map.set(id, after);
  return { id, before, after };
}
