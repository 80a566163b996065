import type { OrderRequest } from './draft.ts';
import { isUnsettled, type Order, outTradeNo } from './order.ts';
import type { Ports } from './ports.ts';
import { ask, isAskable } from './reconcile.ts';
import { paidOrHeld, type Refusal } from './refusal.ts';
import { givenUpQueryAt } from './schedule.ts';

/** The number of the order that a request is to take the place of: derived from who asks, so it can only be their own. */
export function supersededNumber(request: OrderRequest): string | undefined {
  return request.supersedes === undefined
    ? undefined
    : outTradeNo({ ...request, request_id: request.supersedes });
}

/**
 * The order that a request is to take the place of, as WeChat says it is now; undefined where there is nothing to give up.
 * ORDER_PAID or ORDER_HELD where its money came, so that nobody pays twice.
 *
 * @param newest orders of the shopper that were read already
 * @throws ChannelError where WeChat gave no clear answer
 */
export async function findSuperseded(
  ports: Ports,
  request: OrderRequest,
  newest: readonly Order[],
): Promise<Order | Refusal | undefined> {
  const out_trade_no = supersededNumber(request);
  if (out_trade_no === undefined) return undefined;
  const order = newest.find(({ _id }) => _id === out_trade_no) ?? (await ports.orders.find(out_trade_no));
  return order && askWhetherOpen(ports, order);
}

/** An order of the merchant that the functions had before is taken as it is stored: WeChat cannot be asked about it. */
async function askWhetherOpen(ports: Ports, order: Order): Promise<Order | Refusal | undefined> {
  const known = mayBePaid(ports, order) && isAskable(ports, order) ? await ask(ports, order) : order;
  return paidOrHeld(known) ?? (mayBePaid(ports, known) ? known : undefined);
}

/**
 * Gives an order up for another, which is saved already: no more signatures for it, and WeChat's side is closed by the
 * timer as soon as it is old enough. Until then it may still be paid, and then it is honoured.
 * Answers ORDER_PAID or ORDER_HELD where its money came meanwhile.
 */
export async function giveUp(
  ports: Ports,
  order: Order,
  superseded_by: string,
): Promise<Refusal | undefined> {
  if (await mark(ports, order, superseded_by)) return undefined;
  const after = await ports.orders.find(order._id);
  if (after && isOpenOrCancelled(after)) await mark(ports, after, superseded_by);
  return after && paidOrHeld(after);
}

/** One that the shopper cancelled keeps when. It is marked all the same: in a cashier that is open it can still be paid. */
async function mark({ clock, logger, orders, channelOf }: Ports, order: Order, superseded_by: string) {
  const now = clock.now();
  const next_query_at =
    order.cancelled_at === null ? givenUpQueryAt(order, now, channelOf(order)) : order.next_query_at;
  const change = { superseded_by, cancelled_at: order.cancelled_at ?? now, next_query_at };
  const isMarked = await orders.markSuperseded(order, change);
  if (isMarked) logger.info('order.superseded', { out_trade_no: order._id, superseded_by });
  return isMarked;
}

/** Goes on where an earlier call may have ended: its order is saved, and the one before it perhaps not given up yet. */
export async function finishSuperseding(
  ports: Ports,
  { _id, supersedes }: Order,
): Promise<Refusal | undefined> {
  if (supersedes === undefined) return undefined;
  const order = await ports.orders.find(supersedes);
  const open = order && (await askWhetherOpen(ports, order));
  if (open && 'kind' in open) return open;
  const unmarked = open ?? order;
  return unmarked && isOpenOrCancelled(unmarked) ? giveUp(ports, unmarked, _id) : undefined;
}

/** Whether somebody can pay it now. What nobody can close can be paid in its cashier as before, also once it is cancelled. */
function mayBePaid({ channelOf }: Ports, order: Order): boolean {
  if (!isOpenOrCancelled(order)) return false;
  return order.cancelled_at === null || channelOf(order).close === undefined;
}

/** Whether money may still come for it, and no other order took its place. */
function isOpenOrCancelled(order: Order): boolean {
  return isUnsettled(order) && !order.under_review && order.superseded_by === undefined;
}
