import { fieldsOf, textIn } from '../fields';
import type { Store } from '../store';

/** What the shopper chose to buy. Its price is not part of it: a changed price is still the same request. */
export interface Choice {
  readonly product_id: string;
  readonly months: number;
}

const KEY = 'request_ids';

/**
 * The `request_id` of a choice, made and stored before it is first used, so that whoever asks again after a lost answer
 * asks for the same order. Each choice has its own.
 */
export async function requestIdFor(
  store: Store,
  choice: Choice,
  make: () => Promise<string>,
): Promise<string> {
  const kept = readAll(store)[nameOf(choice)];
  if (kept !== undefined) return kept;
  const made = await make();
  // Making takes a moment, in which a second tap may have stored its own.
  const all = { [nameOf(choice)]: made, ...readAll(store) };
  store.write(KEY, all);
  return all[nameOf(choice)] ?? made;
}

/** Once its order is paid, closed or cancelled: the next purchase of the same choice is a new one. */
export function forgetRequestId(store: Store, request_id: string): void {
  const all = Object.entries(readAll(store));
  const others = all.filter(([, kept]) => kept !== request_id);
  if (others.length < all.length) store.write(KEY, Object.fromEntries(others));
}

/** 16 to 64 of A-Z a-z 0-9 _ - is what createOrder accepts; 16 random bytes are 32 of them. */
export function requestIdFrom(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function nameOf({ product_id, months }: Choice): string {
  return `${product_id}/${months}`;
}

function readAll(store: Store): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(fieldsOf(store.read(KEY)) ?? {})) {
    const request_id = textIn(value);
    if (request_id !== undefined) kept[name] = request_id;
  }
  return kept;
}
