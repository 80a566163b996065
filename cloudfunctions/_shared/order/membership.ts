import { endOf, readMembership, withGrant } from './grants.ts';
import type { Term } from './term.ts';

/** A shopper who is registered now. */
export interface NewUser {
  /** The openid. */
  readonly _id: string;
  /** The openid again; the security rules look at this one. */
  readonly _openid: string;
  readonly user_id: string;
  readonly created_at: Date;
  readonly memberships: Readonly<Record<string, unknown>>;
}

/**
 * A document of `users`, as far as this project looks at it. Merchants grant memberships by hand, and add fields of
 * their own: what is not looked at is kept as it is, and a membership that cannot be read must not block a payment.
 */
export interface User {
  readonly _id: string;
  /** By product_id; typed by hand, it can be anything. */
  readonly memberships?: unknown;
}

/** The same, with memberships as we write them. */
export interface Member extends User {
  readonly memberships: Readonly<Record<string, unknown>>;
}

/**
 * Whether the user may use what `product_id` gives, at `now`. For the merchant's own functions: read the document
 * `users/<openid>` and ask this.
 */
export function isMember(
  user: Pick<User, 'memberships'> | undefined,
  product_id: string,
  now: Date,
): boolean {
  const expiresAt = expiryOf(user, product_id);
  return expiresAt !== undefined && expiresAt > now;
}

/** What a paid order gives. */
export interface PaidTerms {
  readonly out_trade_no: string;
  /** For how long of which memberships; a membership is named by the `_id` of its product. */
  readonly grants: readonly { readonly membership: string; readonly term: Term }[];
  /** The moment of settlement. */
  readonly granted_at: Date;
}

/** Something in the place of a membership that cannot be read, as JSON. */
export interface Unreadable {
  readonly membership: string;
  readonly was: string;
}

/**
 * The user with what an order gives: each term counts from now, or from the end of what is there if that is later.
 * What is there but cannot be read counts as none, and is returned for a human to look at. `expires_at` is the end of
 * the first membership that the order gives.
 */
export function granted(
  user: User,
  { grants, out_trade_no, granted_at }: PaidTerms,
): { user: Member; expires_at: Date | null; unreadable: readonly Unreadable[] } {
  const memberships: Record<string, unknown> = isRecord(user.memberships) ? { ...user.memberships } : {};
  const unreadable: Unreadable[] = [];
  let first: Date | undefined;
  for (const { membership, term } of grants) {
    const was = unreadableOf(user, membership);
    if (was !== undefined) unreadable.push({ membership, was: JSON.stringify(was) });
    const stored = membershipOf({ memberships }, membership);
    const next = withGrant(readMembership(stored), { out_trade_no, term, granted_at });
    memberships[membership] = { ...(isRecord(stored) ? stored : {}), ...next };
    first ??= next.expires_at;
  }
  return { user: { ...user, memberships }, expires_at: first ?? null, unreadable };
}

/** What is there in the place of a membership, or of all of them, and is none. */
function unreadableOf(user: User, product_id: string): unknown {
  if (user.memberships !== undefined && !isRecord(user.memberships)) return user.memberships;
  return expiryOf(user, product_id) === undefined ? membershipOf(user, product_id) : undefined;
}

/** When a user's membership ends; undefined where there is none that can be read. */
export function expiryOf(user: Pick<User, 'memberships'> | undefined, product_id: string): Date | undefined {
  return user && endOf(membershipOf(user, product_id));
}

function membershipOf({ memberships }: Pick<User, 'memberships'>, product_id: string): unknown {
  return isRecord(memberships) && Object.hasOwn(memberships, product_id)
    ? memberships[product_id]
    : undefined;
}

/** Whether a stored value holds fields by name. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
