import type { Order } from '../../cloudfunctions/_shared/order/order.ts';
import { sampleOrder } from '../order/samples.ts';

/** What virtual payment keeps with the sample. */
export const VIRTUALPAY_FIELDS = { offer_id: '1450000000', env: 0, item_id: 'city_3m_4800' } as const;

/** The sample as an order of virtual payment. */
export function virtualOrder(change: Partial<Order> = {}): Order {
  const by_channel = { virtualpay: VIRTUALPAY_FIELDS };
  return sampleOrder({ channel: 'virtualpay', mch_id: '', by_channel, attach: 'test', ...change });
}
