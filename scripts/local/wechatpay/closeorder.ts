import { type Refused, refuse } from './errors.ts';
import { isUnpaid } from './ledger.ts';
import type { Answer, Work } from './work.ts';

/** An order cannot be closed right after it was made; measured here from the last unifiedorder that named it. */
const CLOSE_AFTER_MS = 5 * 60_000;

/** Takes no more money for an order; final. */
export function closeorder({ ledger, request, merchant, now }: Work): Answer | Refused {
  const order = ledger.find(merchant.mch_id, request.out_trade_no ?? '');
  if (!order || order.appid !== request.appid)
    return refuse('ORDERNOTEXIST', 'nothing was submitted under this number');
  if (order.trade_state === 'CLOSED') return refuse('ORDERCLOSED', 'closed before');
  if (!isUnpaid(order)) return refuse('ORDERPAID', 'too late, the money is there', 'order paid');
  if (now.getTime() < order.ordered_at.getTime() + CLOSE_AFTER_MS) {
    return refuse('TRADE_STATE_ERROR', 'under five minutes since unifiedorder last named it');
  }
  ledger.change(order, { trade_state: 'CLOSED' });
  return { kind: 'answer', fields: { sub_mch_id: '', result_msg: 'OK' } };
}
