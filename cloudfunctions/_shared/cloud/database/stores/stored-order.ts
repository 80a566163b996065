import * as v from 'valibot';
import { type Order, OrderSchema } from '../../../order/order.ts';
import type { OrderChange } from '../../../order/ports.ts';

const { under_review, ...sameName } = OrderSchema.entries;

/**
 * A document of `orders`. It calls `under_review` `held`: documents that exist, filters, the security rules, phones and
 * the instances of an earlier release know it by that name.
 */
export const StoredOrderSchema = v.object({ ...sameName, held: under_review });

export type StoredOrder = v.InferOutput<typeof StoredOrderSchema>;

export function orderFrom({ held, ...same }: StoredOrder): Order {
  return { ...same, under_review: held };
}

export function storedOrder({ under_review, ...same }: Order): StoredOrder {
  return { ...same, held: under_review };
}

/** What is written of an order that is there. */
export function storedChange({
  under_review,
  ...same
}: OrderChange): Partial<Omit<StoredOrder, 'grants' | 'refunds'>> {
  return under_review === undefined ? same : { ...same, held: under_review };
}
