import { type Asker, ask } from './client.ts';

/**
 * Marks a paid order as delivered (notify_provide_goods), for when the event never came whose answer is that mark. Saying
 * it again is harmless; the answer may be empty.
 * @throws VirtualPayError
 */
export async function notifyProvideGoods(asker: Asker, order_id: string): Promise<void> {
  const fields = { order_id, env: asker.env };
  await ask(asker, { path: '/xpay/notify_provide_goods', fields, mayBeEmpty: true });
}
