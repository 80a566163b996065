import * as v from 'valibot';
import { VirtualPayFieldsSchema } from '../../../channels/virtualpay.ts';
import { WeChatPayFieldsSchema } from '../../../channels/wechatpay.ts';
import { type Order, OrderSchema } from '../../../order/order.ts';
import type { OrderChange } from '../../../order/ports.ts';
import type { Database } from '../database.ts';

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
  virtualpay: v.exactOptional(VirtualPayFieldsSchema),
});

export type StoredOrder = v.InferOutput<typeof StoredOrderSchema>;

export function orderFrom(stored: StoredOrder): Order {
  const { held, prepay_id, sign_type, spbill_create_ip, notify_url, virtualpay, ...same } = stored;
  const wechatpay = { prepay_id, sign_type, spbill_create_ip, notify_url };
  return { ...same, under_review: held, by_channel: virtualpay ? { virtualpay } : { wechatpay } };
}

export function storedOrder({ under_review, by_channel, ...same }: Order): StoredOrder {
  const { wechatpay = NOT_OF_WECHAT_PAY, virtualpay } = by_channel;
  return {
    ...same,
    held: under_review,
    ...v.parse(WeChatPayFieldsSchema, wechatpay),
    ...(virtualpay && { virtualpay: v.parse(VirtualPayFieldsSchema, virtualpay) }),
  };
}

/** What an order of another channel has in their place: instances of an earlier release read nothing without them. */
const NOT_OF_WECHAT_PAY = {
  prepay_id: null,
  sign_type: 'HMAC-SHA256',
  spbill_create_ip: '',
  notify_url: '',
} as const;

/** Fields that lie flat in the document. */
const Flat = v.record(v.string(), v.nullable(v.string()));

/** What is written of an order that is there. */
export function storedChange(
  { under_review, by_channel, ...same }: OrderChange,
  command: Database['command'],
) {
  return {
    ...same,
    ...(under_review === undefined ? {} : { held: under_review }),
    ...(by_channel?.wechatpay && v.parse(Flat, by_channel.wechatpay)),
    // As a whole: the database would write into it field by field.
    ...(by_channel?.virtualpay && { virtualpay: command.set(by_channel.virtualpay) }),
  };
}
