import type { Document } from '../../scripts/local/cloud/database/value.ts';
import type { Chance } from './chance.ts';
import { editByHand } from './merchant.ts';
import { MONTHS, VIP } from './products.ts';
import type { Shop } from './shop.ts';

const MINUTE_MS = 60_000;
/** As the deployment writes it: half an hour after the publication. */
const EFFECTIVE_AFTER_MS = 30 * MINUTE_MS;

/** Sells through the other channel for a while; open orders of the one before go on as they were. */
export async function switchChannel(shop: Shop, chance: Chance): Promise<void> {
  const { scheduler, log } = shop;
  log.record('merchant', `sells ${VIP} through WeChat Pay`);
  await editByHand(shop, 'products', VIP, { channel: 'wechatpay' });
  await scheduler.sleep(chance.whole(1, 600) * MINUTE_MS);
  log.record('merchant', `sells ${VIP} through virtual payment again`);
  await editByHand(shop, 'products', VIP, { channel: 'virtualpay' });
}

/** Deploys a new price: its items are published, and effective half an hour later. */
export async function publishAnew(shop: Shop): Promise<void> {
  const { scheduler, log, virtual, cloud } = shop;
  const now = scheduler.now();
  const effective_at = new Date(now.getTime() + EFFECTIVE_AFTER_MS).toISOString();
  const options = MONTHS.map((months) => ({ months, total_fee: months * 2000 }));
  log.record('merchant', `deploys a new price of ${VIP}`);
  const items = options.map(({ months, total_fee: price }): Document => {
    const item_id = `${VIP}_${months}m_${price}`;
    virtual.publish({ id: item_id, price, published_at: now, effective_at });
    return { item_id, months, price, env: 0, effective_at };
  });
  const { items: published = [] } = cloud.documents('products').find(({ _id }) => _id === VIP) ?? {};
  const all = Array.isArray(published) ? [...published, ...items] : items;
  await editByHand(shop, 'products', VIP, { options, items: all });
}

/** A shopper asks Apple for the money back, and Apple asks the shop. */
export async function askApple({ virtual, log }: Shop, chance: Chance): Promise<void> {
  const [first, ...rest] = virtual.paidByApple();
  if (first === undefined) return;
  const out_trade_no = chance.pick([first, ...rest]);
  log.record('shopper', `asks Apple for the money of ${out_trade_no}`);
  const { answer, isRefunded } = await virtual.askApple(out_trade_no);
  log.record('Apple', `${isRefunded ? 'refunds' : 'does not refund'} ${out_trade_no}: ${answer}`);
}

/** A shopper complains to WeChat about what they paid for. */
export async function complain({ virtual, log, alarms }: Shop, chance: Chance): Promise<void> {
  const [first, ...rest] = virtual.paid();
  if (first === undefined) return;
  const out_trade_no = chance.pick([first, ...rest]);
  log.record('shopper', `complains about ${out_trade_no}`);
  // Whether the event arrives is not said; that it did is seen by its answer.
  alarms.expect('complaint of a shopper', out_trade_no, { isSure: false });
  await virtual.complain(out_trade_no);
}

/** Staff gives money back in WeChat's own console: all of it, or a part. */
export async function refundInConsole(shop: Shop, chance: Chance): Promise<void> {
  const { virtual, log, alarms, books, isPlain } = shop;
  const [first, ...rest] = virtual.refundable();
  if (first === undefined) return;
  const out_trade_no = chance.pick([first, ...rest]);
  const { total_fee = 0 } = books.orders.get(out_trade_no) ?? {};
  const fee = chance.happens(0.5) ? undefined : chance.whole(1, total_fee);
  log.record('merchant', `gives ${fee ?? 'all'} of ${out_trade_no} back in WeChat's console`);
  alarms.expect('part refunded elsewhere', out_trade_no, { isSure: false });
  const late = chance.branch('shown late');
  virtual.refund(out_trade_no, fee, !isPlain && late.happens(0.5) ? late.whole(1, 3) : 0);
}
