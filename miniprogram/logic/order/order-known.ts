import type { Attempt } from './attempts';
import type { Order } from './order';
import type { Polling } from './order-watch';

/** From here on waiting is longer than usual, and the page says so. */
export const SLOW_AFTER_MS = 30_000;

/** All that the order page knows. Moments in text are ISO 8601. */
export interface OrderKnown {
  readonly order: Order;
  readonly productName: string;
  /** The product may not be paid for on this phone. */
  readonly isWithheld: boolean;
  /** When the membership of this product ends, as the shopper's document says; `unread` when that could not be read. */
  readonly memberUntil: Date | undefined | 'unread';
  readonly attempt: Attempt | undefined;
  readonly polling: Polling;
  /** The shopper asked to cancel while this page was open. */
  readonly wasCancelTried: boolean;
  readonly now: Date;
}

/** Whether the page has waited longer than is usual. */
export function isSlow({ polling, now }: OrderKnown): boolean {
  return polling.since !== undefined && now.getTime() - polling.since.getTime() > SLOW_AFTER_MS;
}
