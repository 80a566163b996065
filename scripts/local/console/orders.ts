import { newestFirst, textOf } from './fields.ts';
import { isOrderFound, ORDERS_SHOWN_MAX } from './finding.ts';
import { type OrderThere, ordersAtWeChat } from './orders-there.ts';
import type { ConsoleParts } from './parts.ts';
import type { OrderHereAndThere, RefundsHereAndThere } from './wire.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Orders of either side, newest first: one that only WeChat has may be another program's.
 * @param find a part of a number, a transaction number, an openid or a name; all where it is empty
 */
export function ordersOf(
  parts: ConsoleParts,
  find: string,
  most = ORDERS_SHOWN_MAX,
): { readonly orders: readonly OrderHereAndThere[]; readonly orderCount: number } {
  const { cloud } = parts;
  const documents = cloud.collections().includes('orders') ? cloud.documents('orders') : [];
  const here = new Map(documents.map((document) => [String(document._id), document]));
  const there = ordersAtWeChat(parts);
  const rows = [...new Set([...here.keys(), ...there.keys()])].map((out_trade_no) =>
    rowOf(out_trade_no, here.get(out_trade_no) ?? {}, there.get(out_trade_no)),
  );
  const found = rows.filter((row) => isOrderFound(row, find));
  const newest = newestFirst(found, ({ created_at }) => Date.parse(created_at ?? '') || 0);
  return { orders: newest.slice(0, most), orderCount: rows.length };
}

function rowOf(out_trade_no: string, document: Fields, order: OrderThere | undefined): OrderHereAndThere {
  return {
    out_trade_no,
    channel: document.channel === 'virtualpay' ? 'virtualpay' : (order?.channel ?? 'wechatpay'),
    body: textOf(document.body) ?? order?.body ?? '',
    openid: textOf(document._openid) ?? order?.openid ?? null,
    transaction_id: textOf(document.transaction_id) ?? order?.transaction_id ?? null,
    total_fee: numberOf(document.total_fee) ?? order?.total_fee ?? null,
    created_at: momentOf(document.created_at) ?? order?.created_at.toISOString() ?? null,
    time_expire: momentOf(document.time_expire),
    expires_at: momentOf(document.expires_at),
    here: textOf(document.trade_state),
    there: order?.trade_state ?? null,
    next_query_at: momentOf(document.next_query_at),
    cancelled: momentOf(document.cancelled_at) !== null,
    under_review: document.held === true,
    notices: order?.notices ?? null,
    ...(order?.paid && { refunds: refundsOf(document, order.paid) }),
  };
}

/** What was given back of a paid order: as the database has it, and as WeChat has it. */
function refundsOf(
  document: Fields,
  { total, refunded, running }: NonNullable<OrderThere['paid']>,
): RefundsHereAndThere {
  return {
    here: numberOf(document.refunded_fee) ?? 0,
    reserved: numberOf(document.refund_reserved_fee) ?? 0,
    there: refunded,
    left: total - refunded - running,
  };
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function momentOf(value: unknown): string | null {
  return value instanceof Date ? value.toISOString() : null;
}
