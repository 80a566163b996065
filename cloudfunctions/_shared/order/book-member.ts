import type { Member, Unreadable, User } from './membership.ts';
import type { Order } from './order.ts';
import type { LedgerTransaction } from './ports.ts';

/**
 * Writes a shopper's memberships within a transaction. A shopper whose document is gone has paid all the same, and is
 * registered again under the same number.
 */
export async function bookMember(
  transaction: LedgerTransaction,
  {
    order: { _openid, user_id },
    known,
    user,
    now,
  }: { order: Order; known: User | undefined; user: Member; now: Date },
): Promise<void> {
  if (known) return transaction.writeMemberships(user);
  const { memberships } = user;
  await transaction.addUser({ _id: _openid, _openid, user_id, created_at: now, memberships });
}

/** What was there is kept here, since the membership is written over: a typing error must not block a payment. */
export function replaced({ user_id }: Order, { membership, was }: Unreadable): string {
  return `The membership ${membership} of ${user_id} could not be read; the paid time counts from now. It was: ${was}`;
}
