import * as v from 'valibot';

/** A document of `users`: a shopper and what they hold. */
export const UserSchema = v.object({
  /** The openid. */
  _id: v.string(),
  /** The openid again; the security rules look at this one. */
  _openid: v.string(),
  user_id: v.string(),
  created_at: v.date(),
  memberships: v.record(v.string(), v.object({ expires_at: v.date() })),
});

export type User = v.InferOutput<typeof UserSchema>;

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

/** Until when the membership lasts after `months` more: counted from now, or from its end if that is later. */
export function extendedUntil(
  user: Pick<User, 'memberships'> | undefined,
  { product_id, months, now }: { product_id: string; months: number; now: Date },
): Date {
  const held = expiryOf(user, product_id);
  return addMonths(held !== undefined && held > now ? held : now, months);
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
  if (!user || !Object.hasOwn(user.memberships, product_id)) return undefined;
  return user.memberships[product_id]?.expires_at;
}
