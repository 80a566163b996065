import { isUnsettled, type Order } from './order.ts';
import { type Refusal, refusal } from './refusal.ts';

// Both limits are soft: calls made at once may pass them, harmlessly.
/** How many orders a shopper may leave unpaid. */
export const UNPAID_ORDERS_MAX = 5;
/** How many orders a shopper may place within an hour, whatever became of them: each costs the merchant calls. */
export const HOURLY_ORDERS_MAX = 20;
/** So many of a shopper's newest orders answer both: no order lives two hours, in which forty can be placed. */
export const NEWEST_ORDERS = 2 * HOURLY_ORDERS_MAX;

const HOUR_MS = 3_600_000;

/**
 * Why a shopper with these newest orders may not place another now; undefined where they may.
 * @param instead_of the out_trade_no of an order that the new one is to take the place of
 */
export function limitReached(
  newest: readonly Order[],
  { now, instead_of }: { now: Date; instead_of: string | undefined },
): Refusal | undefined {
  const unpaid = newest.filter((order) => order._id !== instead_of && isPayable(order, now)).length;
  if (unpaid >= UNPAID_ORDERS_MAX) {
    return refusal('TOO_MANY_UNPAID_ORDERS', `${unpaid} orders are unpaid: pay or cancel one of them first.`);
  }
  const placed = newest.filter(({ created_at }) => now.getTime() - created_at.getTime() < HOUR_MS).length;
  if (placed < HOURLY_ORDERS_MAX) return undefined;
  return refusal('TOO_MANY_ORDERS', `${placed} orders were placed within an hour: wait a little.`);
}

/** One that is not prepared cannot be paid, and one under review the shopper cannot change: neither counts. */
function isPayable(order: Order, now: Date): boolean {
  const isOpen = isUnsettled(order) && order.cancelled_at === null && !order.under_review;
  return isOpen && order.prepaid_at !== null && now < order.time_expire;
}
