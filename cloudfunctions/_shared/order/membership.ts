import * as v from 'valibot';

/** A shopper who is registered now. */
export interface NewUser {
  /** The openid. */
  readonly _id: string;
  /** The openid again; the security rules look at this one. */
  readonly _openid: string;
  readonly user_id: string;
  readonly created_at: Date;
  readonly memberships: Readonly<Record<string, Membership>>;
}

export interface Membership {
  readonly expires_at: Date;
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

const MembershipSchema = v.object({ expires_at: v.date() });

/** Shoppers live by Beijing's calendar, which has no summer time. */
const BEIJING_MS = 8 * 3_600_000;

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

/**
 * The user with `months` more of a membership, counted from now, or from its end if that is later. What is there but
 * cannot be read counts as none: `unreadable` is that, as JSON, for a human to look at.
 */
export function extended(
  user: User,
  { product_id, months, now }: { product_id: string; months: number; now: Date },
): { user: Member; expires_at: Date; unreadable?: string } {
  const memberships = isRecord(user.memberships) ? user.memberships : {};
  const held = membershipOf(user, product_id);
  const expiry = expiryOf(user, product_id);
  const expires_at = addMonths(expiry !== undefined && expiry > now ? expiry : now, months);
  const membership = { ...(isRecord(held) ? held : {}), expires_at };
  const unreadable = unreadableOf(user, product_id);
  return {
    user: { ...user, memberships: { ...memberships, [product_id]: membership } },
    expires_at,
    ...(unreadable === undefined ? {} : { unreadable: JSON.stringify(unreadable) }),
  };
}

/** What is there in the place of a membership, or of all of them, and is none. */
function unreadableOf(user: User, product_id: string): unknown {
  if (user.memberships !== undefined && !isRecord(user.memberships)) return user.memberships;
  return expiryOf(user, product_id) === undefined ? membershipOf(user, product_id) : undefined;
}

/** The same day and time so many months on in Beijing; the month's last day where that day does not exist. */
export function addMonths(from: Date, months: number): Date {
  const beijing = new Date(from.getTime() + BEIJING_MS);
  const day = beijing.getUTCDate();
  beijing.setUTCDate(1);
  beijing.setUTCMonth(beijing.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(beijing.getUTCFullYear(), beijing.getUTCMonth() + 1, 0)).getUTCDate();
  beijing.setUTCDate(Math.min(day, lastDay));
  return new Date(beijing.getTime() - BEIJING_MS);
}

function expiryOf(user: Pick<User, 'memberships'> | undefined, product_id: string): Date | undefined {
  const read = v.safeParse(MembershipSchema, user && membershipOf(user, product_id));
  return read.success ? read.output.expires_at : undefined;
}

function membershipOf({ memberships }: Pick<User, 'memberships'>, product_id: string): unknown {
  return isRecord(memberships) && Object.hasOwn(memberships, product_id)
    ? memberships[product_id]
    : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
