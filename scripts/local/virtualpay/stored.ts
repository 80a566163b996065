import * as v from 'valibot';
import type { Item } from './items.ts';
import type { LedgerOrder } from './ledger.ts';

/** JSON has no dates: what was one comes back as its text. */
const MOMENT = v.pipe(
  v.union([v.date(), v.pipe(v.string(), v.isoTimestamp())]),
  v.transform((moment) => new Date(moment)),
);

const ENV = v.picklist([0, 1]);
const BODY = v.record(v.string(), v.unknown());

/** JSON leaves out what is undefined. */
const EVENT = v.pipe(
  v.object({
    body: BODY,
    attempts: v.array(
      v.object({
        at: MOMENT,
        outcome: v.picklist(['ok', 'refused', 'lost', 'reply lost', 'unreachable']),
        why: v.exactOptional(v.string()),
      }),
    ),
    next_at: v.optional(MOMENT),
  }),
  v.transform(({ body, attempts, next_at }) => ({ body, attempts, next_at })),
);

const REFUND = v.object({
  refund_order_id: v.string(),
  refund_wx_order_id: v.string(),
  refund_fee: v.number(),
  request: v.exactOptional(v.string()),
  created_at: MOMENT,
  state: v.picklist(['running', 'done', 'failed']),
  ended_at: v.exactOptional(MOMENT),
  event: v.exactOptional(EVENT),
});

const ORDER = v.object({
  out_trade_no: v.string(),
  openid: v.string(),
  env: ENV,
  product_id: v.string(),
  orig_price: v.number(),
  price: v.number(),
  attach: v.string(),
  is_apple: v.boolean(),
  wx_order_id: v.string(),
  channel_order_id: v.string(),
  created_at: MOMENT,
  updated_at: MOMENT,
  status: v.picklist([0, 1, 2, 3, 4, 5, 6, 7, 8]),
  payment: v.exactOptional(v.object({ paid_at: MOMENT, transaction_id: v.string(), visible_at: MOMENT })),
  provided_at: v.exactOptional(MOMENT),
  refunds: v.array(REFUND),
  event: v.exactOptional(EVENT),
  odd_until: v.exactOptional(MOMENT),
});

const ITEM = v.object({
  id: v.string(),
  name: v.string(),
  price: v.number(),
  remark: v.string(),
  item_url: v.string(),
  env: ENV,
  uploaded_at: MOMENT,
  published_at: v.exactOptional(MOMENT),
  review: v.exactOptional(v.picklist(['ok', 'failed'])),
});

/**
 * An order that `orders()` gave in an earlier run, also when it went through JSON since.
 * @throws valibot's ValiError when it is none
 */
export function readStoredOrder(stored: unknown): LedgerOrder {
  return v.parse(ORDER, stored);
}

/** The same for an item of `items()`. */
export function readStoredItem(stored: unknown): Item {
  return v.parse(ITEM, stored);
}
