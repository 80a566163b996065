import { digestOf, grantsOf, type Order } from '../order.ts';
import { termFieldsOf } from '../term.ts';
import type { Reminders } from './ports.ts';
import type { Reminder } from './reminder.ts';

/**
 * Notes that the order's shopper agreed on the phone to be reminded before its membership ends. The phone's word is good for no more
 * than a message to whoever holds it, and WeChat sends none without a consent of its own. When it is due is found out
 * when it is looked at first: the payment may not be settled yet.
 */
export async function agree(
  { reminders, clock }: { reminders: Reminders; clock: { now(): Date } },
  order: Order,
): Promise<void> {
  const [grant] = grantsOf(order);
  if (grant === undefined) return;
  const now = clock.now();
  const { _openid, appid, product_id } = order;
  await reminders.agree({
    _id: idOf(_openid, grant.membership),
    ...{ _openid, appid, membership: grant.membership, product_id, ...termFieldsOf(order) },
    ...{ agreed_at: now, due_at: new Date(now.getTime() + FIRST_LOOK_MS), tried_at: null },
  });
}

/** By then the payment is settled, and the end that it gives is known. */
const FIRST_LOOK_MS = 86_400_000;

function idOf(openid: string, membership: string): Reminder['_id'] {
  return digestOf([openid, membership]).slice(0, 32);
}
