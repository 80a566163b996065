import { countIn, fieldsOf, momentIn, textIn } from '../fields';

/** Money that is given back, as an order lists it: the whole price or a part of it, in fen. */
export interface Refund {
  readonly out_refund_no: string;
  readonly refund_fee: number;
  /** ABNORMAL: it could not be given back yet, and the shop is looking into it. */
  readonly state: 'PROCESSING' | 'SUCCESS' | 'ABNORMAL';
  /** When the shopper got the money, as ISO 8601. */
  readonly success_time: string | null;
}

/** The refunds of an order, the oldest first; those that came to nothing, or give no money back, are left out. */
export function refundsIn(found: unknown): Refund[] {
  return Array.isArray(found) ? found.flatMap((one) => refundFrom(one) ?? []) : [];
}

const STATES: readonly Refund['state'][] = ['PROCESSING', 'SUCCESS', 'ABNORMAL'];

function refundFrom(found: unknown): Refund | undefined {
  const fields = fieldsOf(found);
  const out_refund_no = textIn(fields?.out_refund_no);
  const refund_fee = countIn(fields?.refund_fee);
  const state = STATES.find((one) => one === fields?.state);
  if (out_refund_no === undefined || refund_fee === undefined || state === undefined) return undefined;
  return { out_refund_no, refund_fee, state, success_time: momentIn(fields?.success_time) ?? null };
}

/** The refund that is under way; an order has one at most. */
export function openRefund({ refunds }: { readonly refunds: readonly Refund[] }): Refund | undefined {
  return refunds.find(({ state }) => state !== 'SUCCESS');
}
