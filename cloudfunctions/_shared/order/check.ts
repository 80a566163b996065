import { isUnsettled, type Order } from './order.ts';
import type { Ports } from './ports.ts';
import { claimOutOfTurn, isAskable, reconcile } from './reconcile.ts';
import { notFound, type Refusal } from './refusal.ts';

/** Which order, and whose it must be. */
export interface OwnOrder {
  readonly openid: string;
  readonly out_trade_no: string;
}

/** The shopper's own order; undefined when there is none, or it is somebody else's. */
export async function findOwn(
  { orders }: Pick<Ports, 'orders'>,
  { openid, out_trade_no }: OwnOrder,
): Promise<Order | undefined> {
  const order = await orders.find(out_trade_no);
  return order?._openid === openid ? order : undefined;
}

/**
 * The order page asks what WeChat says of one order, now. Only its owner may ask, and WeChat is asked at most every
 * three seconds; in between the answer is what is known. So it is for an order of another merchant, about which WeChat
 * cannot be asked: the timer raises an alarm about those.
 */
export async function check(ports: Ports, which: OwnOrder): Promise<Order | Refusal> {
  const order = await findOwn(ports, which);
  if (!order) return notFound;
  if (!isUnsettled(order) || order.under_review || !isAskable(ports, order)) return order;
  const claimed = await claimOutOfTurn(ports, order, ports.clock.now());
  return claimed ? reconcile(ports, claimed) : order;
}
