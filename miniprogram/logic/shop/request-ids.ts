import { fieldsOf, textIn } from '../fields';
import type { Store } from '../store';
import { type Term, termKey } from '../term';

/** What the shopper chose to buy. Its price is not part of it: a changed price is still the same request. */
export interface Choice extends Term {
  readonly product_id: string;
}

/** Under which id a choice is ordered, and under which one it was ordered before at another price. */
export interface RequestIds {
  readonly request_id: string;
  readonly supersedes?: string;
}

const KEY = 'request_ids';

/**
 * The `request_id` of a choice, made and stored before it is first used, so that whoever asks again after a lost answer
 * asks for the same order. Each choice has its own.
 */
export async function requestIdsFor(
  store: Store,
  choice: Choice,
  make: () => Promise<string>,
): Promise<RequestIds> {
  const kept = requestIdsKept(store, choice);
  if (kept !== undefined) return kept;
  const made = await make();
  // Making takes a moment, in which a second tap may have stored its own.
  const quicker = requestIdsKept(store, choice);
  if (quicker !== undefined) return quicker;
  const { supersedes } = readAll(store)[nameOf(choice)] ?? {};
  const ids = { request_id: made, ...(supersedes === undefined ? {} : { supersedes }) };
  write(store, { ...readAll(store), [nameOf(choice)]: ids });
  return ids;
}

/** The ids of a choice that was ordered before, as far as this phone knows. */
export function requestIdsKept(store: Store, choice: Choice): RequestIds | undefined {
  const { request_id, ...others } = readAll(store)[nameOf(choice)] ?? {};
  return request_id === undefined ? undefined : { request_id, ...others };
}

/** Under which id a choice was ordered last, also when its next purchase is to take the place of that order. */
export function lastRequestId(store: Store, choice: Choice): string | undefined {
  const { request_id, supersedes } = readAll(store)[nameOf(choice)] ?? {};
  return request_id ?? supersedes;
}

/** Once its order is paid, closed or cancelled: the next purchase of the same choice is a new one. */
export function forgetRequestId(store: Store, request_id: string): void {
  replace(store, {}, (entry) => (entry.request_id ?? entry.supersedes) === request_id);
}

/**
 * Its order has another price than the one that is shown, or was given up and may still be paid: the next purchase of the
 * choice takes its place.
 */
export function supersedeRequestId(store: Store, request_id: string): void {
  replace(
    store,
    { supersedes: request_id },
    (entry) => (entry.request_id ?? entry.supersedes) === request_id,
  );
}

/** The order of an id cannot be paid under its number any more: the next purchase of the choice takes its place. */
export function supersedeChoice(store: Store, choice: Choice, request_id: string): void {
  const all = readAll(store);
  // One that takes its place may have been asked for already, and its answer lost.
  if (all[nameOf(choice)]?.supersedes !== request_id)
    write(store, { ...all, [nameOf(choice)]: { supersedes: request_id } });
}

/** 16 to 64 of A-Z a-z 0-9 _ - is what createOrder accepts; 16 random bytes are 32 of them. */
export function requestIdFrom(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function nameOf(choice: Choice): string {
  return `${choice.product_id}/${termKey(choice)}`;
}

/** One without a request_id waits for the one that supersedes; one that supersedes nothing is kept as its text alone. */
interface Entry {
  readonly request_id?: string;
  readonly supersedes?: string;
}

function replace(store: Store, next: Entry, isMeant: (entry: Entry) => boolean): void {
  const all = readAll(store);
  const found = Object.entries(all).find(([, entry]) => isMeant(entry));
  if (found !== undefined) write(store, { ...all, [found[0]]: next });
}

function write(store: Store, all: Readonly<Record<string, Entry>>): void {
  const kept = Object.entries(all).filter(([, entry]) => Object.keys(entry).length > 0);
  store.write(
    KEY,
    Object.fromEntries(
      kept.map(([name, entry]) => [name, entry.supersedes === undefined ? entry.request_id : entry]),
    ),
  );
}

function readAll(store: Store): Record<string, Entry> {
  const kept = Object.entries(fieldsOf(store.read(KEY)) ?? {});
  return Object.fromEntries(kept.map(([name, value]) => [name, entryFrom(value)]));
}

function entryFrom(found: unknown): Entry {
  const request_id = textIn(found) ?? textIn(fieldsOf(found)?.request_id);
  const supersedes = textIn(fieldsOf(found)?.supersedes);
  return {
    ...(request_id === undefined ? {} : { request_id }),
    ...(supersedes === undefined ? {} : { supersedes }),
  };
}
