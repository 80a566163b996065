import * as v from 'valibot';
import type { LedgerOrder } from './ledger.ts';

/** JSON has no dates: what was one comes back as its text. */
const MOMENT = v.pipe(
  v.union([v.date(), v.pipe(v.string(), v.isoTimestamp())]),
  v.transform((moment) => new Date(moment)),
);

const NOTICES = v.array(
  v.object({
    at: MOMENT,
    outcome: v.picklist(['SUCCESS', 'FAIL', 'lost', 'reply lost', 'unreachable', 'refused']),
    why: v.exactOptional(v.string()),
  }),
);

const ORDER = v.object({
  mch_id: v.string(),
  appid: v.string(),
  out_trade_no: v.string(),
  parameters: v.record(v.string(), v.string()),
  sign_type: v.picklist(['MD5', 'HMAC-SHA256']),
  created_at: MOMENT,
  ordered_at: MOMENT,
  prepays: v.array(v.object({ prepay_id: v.string(), created_at: MOMENT })),
  trade_state: v.picklist([
    'NOTPAY',
    'USERPAYING',
    'PAYERROR',
    'SUCCESS',
    'CLOSED',
    'REFUND',
    'REVOKED',
    'ACCEPT',
  ]),
  payment: v.exactOptional(
    v.object({
      transaction_id: v.string(),
      time_end: MOMENT,
      bank_type: v.string(),
      cash_fee: v.number(),
      is_subscribe: v.picklist(['Y', 'N']),
      coupons: v.exactOptional(
        v.array(
          v.object({
            coupon_id: v.string(),
            coupon_type: v.picklist(['CASH', 'NO_CASH']),
            coupon_fee: v.number(),
          }),
        ),
      ),
    }),
  ),
  refunds: v.exactOptional(
    v.array(
      v.object({
        out_refund_no: v.string(),
        refund_id: v.string(),
        refund_fee: v.number(),
        refund_desc: v.exactOptional(v.string()),
        notify_url: v.exactOptional(v.string()),
        refund_status: v.picklist(['PROCESSING', 'SUCCESS', 'CHANGE', 'REFUNDCLOSE']),
        source: v.picklist(['API', 'VENDOR_PLATFORM']),
        created_at: MOMENT,
        ended_at: v.exactOptional(MOMENT),
        notices: NOTICES,
        next_notice_at: v.optional(MOMENT),
      }),
    ),
  ),
  notices: NOTICES,
  next_notice_at: v.optional(MOMENT),
});

/**
 * An order that `orders()` gave in an earlier run, also when it went through JSON since.
 * @throws valibot's ValiError when it is none
 */
export function readStoredOrder(stored: unknown): LedgerOrder {
  const order = v.parse(ORDER, stored);
  return { ...order, next_notice_at: order.next_notice_at };
}
