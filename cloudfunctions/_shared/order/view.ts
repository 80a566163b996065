import type { OrderView } from '../contract.ts';
import type { Order } from './order.ts';
import { entryViewOf } from './refunds/refund-view.ts';
import { termFieldsOf } from './term.ts';

/** The part of an order that its owner may see, as it crosses the wire. */
export function viewOf(order: Order): OrderView {
  return {
    out_trade_no: order._id,
    request_id: order.request_id,
    ...(order.channel && { channel: order.channel }),
    product_id: order.product_id,
    ...termFieldsOf(order),
    body: order.body,
    total_fee: order.total_fee,
    trade_state: order.trade_state,
    held: order.under_review,
    created_at: order.created_at.toISOString(),
    time_expire: order.time_expire.toISOString(),
    cancelled_at: order.cancelled_at?.toISOString() ?? null,
    time_end: order.time_end?.toISOString() ?? null,
    expires_at: order.expires_at?.toISOString() ?? null,
    ...(order.refunded_fee !== undefined && { refunded_fee: order.refunded_fee }),
    ...(order.refund_reserved_fee !== undefined && { refund_reserved_fee: order.refund_reserved_fee }),
    ...(order.refunds && { refunds: order.refunds.map(entryViewOf) }),
    transaction_id: order.transaction_id,
    bank_type: order.bank_type,
  };
}
