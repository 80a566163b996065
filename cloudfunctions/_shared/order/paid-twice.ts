import { HOURLY_ORDERS_MAX } from './limits.ts';
import type { Order } from './order.ts';
import type { LedgerTransaction } from './ports.ts';

/** The most orders of a chain of superseding that are read before and after this one. */
const LINKS_MAX = HOURLY_ORDERS_MAX;

/**
 * The out_trade_no of a paid order in whose place this one was ordered, or that was ordered in place of this one, also
 * over others in between. Both are honoured, and one is to be refunded: the shopper meant to pay once.
 *
 * Two that are settled at once do not miss each other: both write the shopper's memberships, so that one of the two
 * transactions is run again and reads what the other wrote.
 */
export async function paidBeside(
  transaction: Pick<LedgerTransaction, 'link'>,
  order: Order,
): Promise<string | undefined> {
  for (const direction of ['supersedes', 'superseded_by'] as const) {
    let next = order[direction];
    for (let links = 0; next !== undefined && links < LINKS_MAX; links++) {
      const link = await transaction.link(next);
      if (link?.trade_state === 'SUCCESS') return next;
      next = link?.[direction];
    }
  }
  return undefined;
}
