import { isUnsettled, type Order } from './order.ts';
import type { Ports } from './ports.ts';
import { claimOutOfTurn, isAskable, reconcile } from './reconcile.ts';
import { notFound, type Refusal } from './refusal.ts';

/**
 * The order page asks what WeChat says of one order, now. Only its owner may ask, and WeChat is asked at most every
 * three seconds; in between the answer is what is known. So it is for an order of another merchant, about which WeChat
 * cannot be asked: the timer raises an alarm about those.
 */
export async function check(
  ports: Ports,
  { openid, out_trade_no }: { openid: string; out_trade_no: string },
): Promise<Order | Refusal> {
  const order = await ports.orders.find(out_trade_no);
  if (!order || order._openid !== openid) return notFound;
  if (!isUnsettled(order) || order.under_review || !isAskable(ports, order)) return order;
  const claimed = await claimOutOfTurn(ports, order, ports.clock.now());
  return claimed ? reconcile(ports, claimed) : order;
}
