import { isUnsettled, type Order } from './order.ts';
import type { Ports } from './ports.ts';
import { claim, reconcile } from './reconcile.ts';
import { endOf, leaseUntil, nextQueryAt } from './schedule.ts';

/**
 * The timer's turn with one order: it is taken, WeChat is asked, and what it says is settled. Answers the order as it is
 * then; undefined when another has it, or had it a moment ago. Whatever goes wrong, it comes due again.
 */
export async function takeTurn(ports: Ports, order: Order): Promise<Order | undefined> {
  const now = ports.clock.now();
  const claimed = await claim(ports, order, { now, until: leaseUntil(order, now) });
  if (!claimed) return undefined;
  try {
    const after = await reconcile(ports, claimed);
    if (isUnsettled(after) && !after.held) await rest(ports, claimed);
    return after;
  } catch (error) {
    // Before its end an order is worth asking about again when the lease is over; afterwards ever more seldom.
    if (ports.clock.now() >= endOf(claimed)) await rest(ports, claimed);
    throw error;
  }
}

/** Trades the lease for the order's next step, where that is later. */
async function rest(ports: Ports, claimed: Order): Promise<void> {
  const next_query_at = nextQueryAt(claimed, ports.clock.now());
  if (claimed.next_query_at && next_query_at <= claimed.next_query_at) return;
  await ports.orders.claim(claimed, {
    queried_at: claimed.queried_at,
    next_query_at,
    query_count: claimed.query_count,
  });
}
