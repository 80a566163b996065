import * as v from 'valibot';
import { WeChatPayFieldsSchema } from '../../../channels/wechatpay.ts';
import { type Order, OrderSchema } from '../../../order/order.ts';
import type { OrderChange } from '../../../order/ports.ts';

const { under_review, by_channel: _, ...sameName } = OrderSchema.entries;

/**
 * A document of `orders`. It calls `under_review` `held`, and what WeChat Pay keeps with an order lies flat in it: documents
 * that exist, filters, the security rules, phones and the instances of an earlier release know it so. Any other channel has
 * a field of its own name.
 */
export const StoredOrderSchema = v.object({
  ...sameName,
  held: under_review,
  ...WeChatPayFieldsSchema.entries,
});

export type StoredOrder = v.InferOutput<typeof StoredOrderSchema>;

export function orderFrom(stored: StoredOrder): Order {
  const { held, prepay_id, sign_type, spbill_create_ip, notify_url, ...same } = stored;
  const wechatpay = { prepay_id, sign_type, spbill_create_ip, notify_url };
  return { ...same, under_review: held, by_channel: { wechatpay } };
}

export function storedOrder({ under_review, by_channel, ...same }: Order): StoredOrder {
  return { ...same, held: under_review, ...v.parse(WeChatPayFieldsSchema, by_channel.wechatpay) };
}

/** Fields that lie flat in the document. */
const Flat = v.record(v.string(), v.nullable(v.string()));

/** What is written of an order that is there. */
export function storedChange({ under_review, by_channel, ...same }: OrderChange) {
  return {
    ...same,
    ...(under_review === undefined ? {} : { held: under_review }),
    ...(by_channel?.wechatpay && v.parse(Flat, by_channel.wechatpay)),
  };
}
