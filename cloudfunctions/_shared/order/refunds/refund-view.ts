import type { OperatorRefundView, RefundView } from '../../contract.ts';
import type { RefundEntry } from './entry.ts';
import { entryOf, type Refund } from './refund.ts';

/** A refund as its shopper may see it. */
export function entryViewOf(entry: RefundEntry): RefundView {
  return {
    ...entry,
    requested_at: entry.requested_at.toISOString(),
    success_time: entry.success_time?.toISOString() ?? null,
  };
}

/** A refund as operators see it. */
export function refundViewOf(refund: Refund): OperatorRefundView {
  const { out_trade_no, reason, takes, state, requested_by, sent_at, err_code, err_code_des } = refund;
  return {
    ...entryViewOf(entryOf(refund)),
    ...{ out_trade_no, reason, takes, state, requested_by, err_code, err_code_des },
    sent_at: sent_at?.toISOString() ?? null,
  };
}
