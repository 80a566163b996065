import { fieldsOf, textIn, wholeIn } from '../../logic/fields';
import type { Store } from '../../logic/store';
import { type OrderInFull, takesIn } from './history';
import type { Wanted } from './refund-form';
import { leftOf } from './takes';

/** A refund that was asked for and whose answer has not come: asked again under the same request_id, it is the same one. */
export interface KeptRefund extends Wanted {
  readonly out_trade_no: string;
  readonly request_id: string;
}

/** Older ones are forgotten: the server knows that the same money is not given back twice. */
export const KEPT_REFUNDS_MAX = 20;

const KEY = 'refunds';

export function keptRefund(store: Store, out_trade_no: string): KeptRefund | undefined {
  return readAll(store).find((kept) => kept.out_trade_no === out_trade_no);
}

/**
 * The one of an order whose answer is still open. Where less is left than it asks for, it has arrived, or it never can: there is
 * nothing to ask again, and it is forgotten.
 */
export function awaitedRefund(
  store: Store,
  order: Parameters<typeof leftOf>[0] & Pick<OrderInFull, 'out_trade_no'>,
): KeptRefund | undefined {
  const kept = keptRefund(store, order.out_trade_no);
  if (kept === undefined || kept.refund_fee <= leftOf(order)) return kept;
  forgetRefund(store, order.out_trade_no);
  return undefined;
}

/** The one that asks for just this and waits for its answer, or a new one under `newRequestId`. Kept before it is sent. */
export function keepRefund(
  store: Store,
  { out_trade_no, wanted, newRequestId }: { out_trade_no: string; wanted: Wanted; newRequestId: string },
): KeptRefund {
  const known = keptRefund(store, out_trade_no);
  if (known !== undefined && isSame(known, wanted)) return known;
  const kept = { out_trade_no, request_id: newRequestId, ...wanted };
  const others = readAll(store).filter((each) => each.out_trade_no !== out_trade_no);
  store.write(KEY, [...others, kept].slice(-KEPT_REFUNDS_MAX));
  return kept;
}

export function forgetRefund(store: Store, out_trade_no: string): void {
  const all = readAll(store);
  const others = all.filter((kept) => kept.out_trade_no !== out_trade_no);
  if (others.length < all.length) store.write(KEY, others);
}

function isSame(kept: Wanted, { refund_fee, takes, reason }: Wanted): boolean {
  const isSameTakes = JSON.stringify(kept.takes) === JSON.stringify(takes);
  return kept.refund_fee === refund_fee && isSameTakes && kept.reason === reason;
}

function readAll(store: Store): KeptRefund[] {
  const kept = store.read(KEY);
  return Array.isArray(kept) ? kept.flatMap(entryFrom) : [];
}

function entryFrom(found: unknown): KeptRefund[] {
  const fields = fieldsOf(found);
  const out_trade_no = textIn(fields?.out_trade_no);
  const request_id = textIn(fields?.request_id);
  const refund_fee = wholeIn(fields?.refund_fee);
  const reason = textIn(fields?.reason);
  if (!out_trade_no || !request_id || refund_fee === undefined || !reason) return [];
  return [{ out_trade_no, request_id, refund_fee, reason, takes: takesIn(fields?.takes) }];
}
