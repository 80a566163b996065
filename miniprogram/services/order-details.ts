import { type KeptOrder, keptOrder } from '../logic/kept-orders';
import { attemptFor } from '../logic/order/attempts';
import { nameIn } from '../logic/order/order';
import type { OrderKnown } from '../logic/order/order-known';
import { isWithheldOnIos } from '../logic/shop/catalogue';
import { readLabels, readMemberships } from './catalogue';
import type { Read } from './cloud';
import { isIos } from './device';
import { readOrder } from './orders';
import { storage } from './storage';

/** What is shown around an order: its product, and the shopper's membership of it. */
export type OrderDetails = Pick<OrderKnown, 'order' | 'productName' | 'isWithheld' | 'memberUntil'>;

export type FoundDetails =
  | { readonly kind: 'found'; readonly details: OrderDetails }
  | { readonly kind: 'absent' | 'unreadable' };

/** Reads an order of this shopper's with what the page shows beside it. */
export async function readOrderDetails(out_trade_no: string): Promise<Read<FoundDetails>> {
  const [read, labels, memberships] = await Promise.all([
    readOrder(out_trade_no),
    readLabels(),
    readMemberships(),
  ]);
  if (read.kind === 'lost') return read;
  if (labels.kind === 'lost') return labels;
  if (memberships.kind === 'lost') return memberships;
  if (read.found.kind !== 'order') return { kind: 'read', found: read.found };
  const { order } = read.found;
  const label = labels.found.find(({ product_id }) => product_id === order.product_id);
  const expires_at = memberships.found[order.product_id];
  const details = {
    order,
    productName: label?.name ?? nameIn(order),
    isWithheld: isIos() && isWithheldOnIos({ virtual: label?.virtual === true, channel: order.channel }),
    memberUntil: expires_at === undefined ? undefined : new Date(expires_at),
  };
  return { kind: 'read', found: { kind: 'found', details } };
}

/**
 * An order that was just paid for, as createOrder answered it, for when nothing can be read: the shopper must not be
 * left without a word on the money that they gave. Of another order the phone does not know enough to show it.
 */
export function detailsOnPhone(
  out_trade_no: string,
): { details: OrderDetails; receivedAt: Date } | undefined {
  const kept: KeptOrder | undefined =
    attemptFor(storage, out_trade_no)?.kind === 'done' ? keptOrder(storage, out_trade_no) : undefined;
  if (kept === undefined) return undefined;
  const { order, now } = kept;
  const details = { order, productName: nameIn(order), isWithheld: false, memberUntil: 'unread' } as const;
  return { details, receivedAt: new Date(now) };
}
