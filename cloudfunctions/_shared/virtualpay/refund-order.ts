import * as v from 'valibot';
import { type Asker, ask } from './client.ts';
import { VirtualPayError } from './errors.ts';

/** A refund of an order, or of a part of it; fees in fen. */
export interface RefundToAsk {
  readonly openid: string;
  readonly order_id: string;
  /** Ours: 8 to 32 letters, digits, _ and -. */
  readonly refund_order_id: string;
  /** Exactly what query_order says can still be refunded. */
  readonly left_fee: number;
  readonly refund_fee: number;
  /** Up to 1024 characters. */
  readonly biz_meta: string;
  readonly refund_reason: '0' | '1' | '2' | '3' | '4' | '5';
  readonly req_from: '1' | '2' | '3';
}

const Accepted = v.object({ refund_order_id: v.string(), refund_wx_order_id: v.nullish(v.string()) });

/**
 * Asks for a refund (refund_order). The answer says that it was accepted, and not that it is done: query_order of the
 * refund_order_id does. The same request again is answered the same.
 * @throws VirtualPayError REFUND_RUNNING, LEFT_FEE_CHANGED, …
 */
export async function refundOrder(
  asker: Asker,
  refund: RefundToAsk,
): Promise<{ refund_wx_order_id?: string }> {
  const { openid, order_id, refund_order_id, left_fee, refund_fee, biz_meta } = refund;
  const { refund_reason, req_from } = refund;
  const amounts = { left_fee, refund_fee };
  const fields = {
    ...{ openid, order_id, refund_order_id, ...amounts },
    ...{ biz_meta, refund_reason, req_from, env: asker.env },
  };
  const read = v.safeParse(Accepted, await ask(asker, { path: '/xpay/refund_order', fields }));
  if (!read.success || read.output.refund_order_id !== refund_order_id)
    throw new VirtualPayError('ANSWER_REFUSED', 'refund_order answered about another refund.');
  const { refund_wx_order_id } = read.output;
  return refund_wx_order_id ? { refund_wx_order_id } : {};
}
