import { cutBy } from '../grants.ts';
import { isRecord, type Member, type User } from '../membership.ts';
import { grantsOf, type Order } from '../order.ts';
import { daysOfTerm } from '../term.ts';
import { feesOf } from './entry.ts';
import type { Takes } from './refund.ts';

/** What a refund takes unless somebody says otherwise: everything when all is given back, else days by its share. */
export function proposedTakes(order: Order, refund_fee: number): Takes {
  const { refunded } = feesOf(order);
  if (refunded + refund_fee >= order.total_fee) return 'all';
  const [first] = grantsOf(order);
  const days = first ? Math.round((daysOfTerm(first.term) * refund_fee) / order.total_fee) : 0;
  return days < 1 ? 'none' : { days };
}

/**
 * The user after a refund of the order took its part, and whether anything changed. Days are those of the order's first
 * membership; of each other one it takes the same share. What is used up, or cannot be read, stays as it is.
 */
export function taken(
  user: User,
  { order, takes, now }: { order: Order; takes: Takes; now: Date },
): { user: Member; isChanged: boolean } {
  const memberships: Record<string, unknown> = isRecord(user.memberships) ? { ...user.memberships } : {};
  if (takes === 'none') return { user: { ...user, memberships }, isChanged: false };
  const grants = grantsOf(order);
  const first = grants[0] ? daysOfTerm(grants[0].term) : 0;
  let isChanged = false;
  for (const { membership, term } of grants) {
    const stored = Object.hasOwn(memberships, membership) ? memberships[membership] : undefined;
    const share = takes === 'all' || first === 0 ? undefined : takes.days / first;
    const days = share === undefined ? undefined : Math.ceil(daysOfTerm(term) * share);
    const next = cutBy(stored, { out_trade_no: order._id, term, cut_at: now, days });
    if (!next) continue;
    memberships[membership] = { ...(isRecord(stored) ? stored : {}), ...next };
    isChanged = true;
  }
  return { user: { ...user, memberships }, isChanged };
}
