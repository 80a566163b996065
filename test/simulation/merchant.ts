import { stringifyExtendedJson } from '../../scripts/local/cloud/database/extended-json.ts';
import type { Document } from '../../scripts/local/cloud/database/value.ts';
import type { Chance } from './chance.ts';
import { isUnsettled, type StoredOrder } from './documents.ts';
import { NOTICE_FORGERIES } from './payment-side.ts';
import { VIP } from './products.ts';
import type { Shop } from './shop.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** After so long WeChat repeats no notice that it signed with the key before. */
const KEY_OVERLAP_MS = 30 * HOUR_MS;

/** Writes into a document as the merchant does in the console. */
export async function editByHand(
  { cloud, books }: Shop,
  collection: string,
  id: string,
  change: Document,
): Promise<void> {
  await books.byHand(id, () =>
    cloud.dispatch({
      action: 'database.modifyDocument',
      collectionName: collection,
      query: stringifyExtendedJson({ _id: id }),
      data: stringifyExtendedJson({ $set: change }),
      queryType: 'DOC',
      multi: false,
      merge: true,
      upsert: false,
    }),
  );
}

/** Edits the catalogue some time in the week: another price, off sale and on again, or nonsense for a while. */
export async function editCatalogue(shop: Shop, chance: Chance): Promise<void> {
  const { scheduler, log, alarms, books } = shop;
  const product_id = chance.pick(['city', 'market', 'premium'] as const);
  const options = [1, 3, 6, 12].map((months) => ({ months, total_fee: months * chance.whole(500, 9000) }));
  const act = chance.pick(['price', 'off sale', 'nonsense'] as const);
  log.record('merchant', `edits ${product_id}: ${act}`);
  if (act === 'price') return editByHand(shop, 'products', product_id, { options });
  if (act === 'nonsense') alarms.expect('product unreadable', product_id, { isSure: false });
  const change: Document = act === 'nonsense' ? { options: 'four of them' } : { on_sale: false };
  await editByHand(shop, 'products', product_id, change);
  await scheduler.sleep(chance.whole(1, 300) * MINUTE_MS);
  log.record('merchant', `corrects ${product_id}`);
  void books;
  return editByHand(shop, 'products', product_id, { on_sale: true, options });
}

/** Types another price for what has a published one: it is not sold until that is corrected. */
export async function reprice(shop: Shop, chance: Chance): Promise<void> {
  const { scheduler, log, alarms, books } = shop;
  const options = (fee: number) => [1, 3, 6, 12].map((months) => ({ months, total_fee: months * fee }));
  log.record('merchant', `types a price for ${VIP}`);
  alarms.expect('price without a published item', VIP, { isSure: false });
  books.repriced.add(VIP);
  await editByHand(shop, 'products', VIP, { options: options(1900) });
  await scheduler.sleep(chance.whole(1, 300) * MINUTE_MS);
  log.record('merchant', `corrects the price of ${VIP}`);
  await editByHand(shop, 'products', VIP, { options: options(1800) });
}

/** Somebody pushes an event that must not be believed, about an order of either channel. */
export async function forgeAnEvent({ books, virtual, log }: Shop, chance: Chance): Promise<void> {
  const [first, ...rest] = [...books.orders.values()];
  if (!first) return;
  const { out_trade_no, openid, total_fee: price } = chance.pick([first, ...rest]);
  const forgery = await virtual.forge({ out_trade_no, openid, price });
  log.record('forger', `pushed an event about ${out_trade_no}: ${forgery}`);
}

/** An order of the time before the merchant number was changed is still open. */
export async function changeMerchant(
  { books, cloud, alarms, scheduler, log }: Shop,
  chance: Chance,
): Promise<void> {
  const [first, ...rest] = [...books.orders.keys()];
  if (first === undefined) return;
  const id = chance.bytes(16).toString('hex');
  const like = cloud.documents('orders').find(({ _id }) => _id === chance.pick([first, ...rest]));
  // One that was written by hand is no order.
  if (!(like?.created_at instanceof Date) || like.channel === 'virtualpay') return;
  log.record('merchant', `has the order ${id} of another merchant number`);
  const open = { trade_state: 'NOTPAY', held: false, next_query_at: scheduler.now() };
  const unrefunded = { refunded_fee: 0, refund_reserved_fee: 0, refunds: [] };
  const order = {
    ...like,
    ...open,
    ...unrefunded,
    _id: id,
    request_id: `before-${id}`,
    mch_id: '1900000001',
  };
  books.ofAnotherMerchant.add(id);
  await books.byHand(id, () => cloud.insert('orders', order));
  // Sooner or later a run of the timer meets it undisturbed.
  alarms.expect('order of another merchant', id, { isSure: true });
}

/** Changes the API v2 key: the functions first, then WeChat; the one before is kept until no notice can carry it. */
export async function rotateKey(
  { scheduler, keys, platform, payments, log }: Shop,
  chance: Chance,
): Promise<void> {
  const key = keys.make();
  keys.change(key);
  platform.redeploy();
  log.record('merchant', 'gives the functions a new key');
  await scheduler.sleep(chance.whole(1, 60) * MINUTE_MS);
  payments.rotate(key);
  log.record('merchant', 'sets the new key at WeChat');
  await scheduler.sleep(KEY_OVERLAP_MS);
  keys.forgetPrevious();
  platform.redeploy();
  log.record('merchant', 'takes the old key from the functions');
}

/** The same in the wrong order: for a while WeChat refuses all that the functions sign. */
export async function rotateKeyWrongly(
  { scheduler, keys, platform, payments, log, alarms }: Shop,
  chance: Chance,
): Promise<void> {
  const key = keys.make();
  keys.wasMisconfigured = true;
  alarms.expect('key unknown to WeChat', 'SIGNERROR', { isSure: false });
  payments.rotate(key);
  log.record('merchant', 'sets a new key at WeChat, and forgets the functions');
  await scheduler.sleep(chance.whole(1, 40) * MINUTE_MS);
  keys.change(key);
  platform.redeploy();
  log.record('merchant', 'gives the functions the new key');
}

/** Gives somebody a membership by hand, or writes nonsense in its place. */
export async function editMembership(shop: Shop, chance: Chance): Promise<void> {
  const [first, ...rest] = [...shop.books.memberships.keys()];
  if (first === undefined) return;
  const openid = chance.pick([first, ...rest]);
  const product_id = chance.pick(['city', 'market', 'premium'] as const);
  const isNonsense = chance.happens(0.5);
  const expires_at = new Date(shop.scheduler.time + chance.whole(-40, 400) * 24 * HOUR_MS);
  shop.log.record(
    'merchant',
    `gives ${openid} ${product_id} by hand: ${isNonsense ? 'nonsense' : expires_at.toISOString()}`,
  );
  const unreadable = `${openid} ${product_id}`;
  if (isNonsense) shop.books.unreadable.add(unreadable);
  else shop.books.unreadable.delete(unreadable);
  await editByHand(shop, 'users', openid, {
    [`memberships.${product_id}`]: isNonsense ? 'gold' : { expires_at },
  });
}

/** In a shop that reminds, somebody's membership is made to end within days, by hand. */
export async function shortenMembership(shop: Shop, chance: Chance): Promise<void> {
  const held = [...shop.books.memberships].flatMap(([openid, ends]) =>
    [...ends.keys()].map((product_id) => ({ openid, product_id })),
  );
  const [first, ...rest] = held;
  if (!first || !shop.consents.isThere) return;
  const { openid, product_id } = chance.pick([first, ...rest]);
  const expires_at = new Date(shop.scheduler.time + chance.whole(12, 96) * HOUR_MS);
  shop.log.record('merchant', `lets ${product_id} of ${openid} end at ${expires_at.toISOString()}`);
  await editByHand(shop, 'users', openid, { [`memberships.${product_id}`]: { expires_at } });
}

/** Writes an order by hand that is none; the timer meets it, and must not stumble. */
export async function writeNonsense(
  { books, cloud, alarms, scheduler, log }: Shop,
  chance: Chance,
): Promise<void> {
  const id = `nonsense-${chance.whole(1, 9)}`;
  log.record('merchant', `writes the order ${id} by hand`);
  const order = { _id: id, trade_state: 'NOTPAY', next_query_at: scheduler.now() };
  await books.byHand(id, () => cloud.insert('orders', order));
  // Sooner or later a run of the timer meets it undisturbed.
  alarms.expect('order unreadable', id, { isSure: true });
}

/** The merchant's staff gives the money back in WeChat's own console. */
export async function refundAtWeChat({ payments, log, alarms }: Shop, chance: Chance): Promise<void> {
  const [first, ...rest] = payments.orders().filter(({ isPaid, paid_at }) => isPaid && paid_at === undefined);
  if (!first) return;
  const { out_trade_no } = chance.pick([first, ...rest]);
  log.record('merchant', `refunds ${out_trade_no} at WeChat`);
  // A part may have gone back before.
  alarms.expect('part refunded elsewhere', out_trade_no, { isSure: false });
  payments.refund(out_trade_no);
}

/** Somebody sends payNotify what must not be believed about one of the orders. */
export async function forgeANotice({ books, payments, notices, log }: Shop, chance: Chance): Promise<void> {
  const forgery = chance.pick(NOTICE_FORGERIES);
  const candidates = [...books.orders.values()].filter(
    ({ out_trade_no, channel }) => channel === 'wechatpay' && payments.order(out_trade_no),
  );
  const [first, ...rest] = candidates;
  if (!first) return;
  const { out_trade_no } = chance.pick([first, ...rest]);
  log.record('forger', `sends a notice of ${out_trade_no}: ${forgery}`);
  await notices.forging(forgery, () => payments.forge(out_trade_no, forgery));
}

/** Looks at the orders under review, and lets them go on. */
export async function releaseHeld(shop: Shop): Promise<void> {
  const { books, scheduler, log } = shop;
  for (const order of [...books.orders.values()]) {
    if (!order.held) continue;
    log.record('merchant', `releases ${order.out_trade_no}`);
    // One that is paid is asked about no more.
    const isAsked = isUnsettled(order) || order.trade_state === 'CLOSED';
    const asked = isAsked ? { next_query_at: scheduler.now() } : {};
    await editByHand(shop, 'orders', order.out_trade_no, { held: false, ...asked });
  }
}

/** Now and then money comes for an order that is closed on both sides. Only its notice reports it. */
export async function payClosed({ books, payments, keys, log }: Shop): Promise<void> {
  if (keys.wasMisconfigured) return;
  // Money for one under review waits for a human.
  const isClosed = ({ channel, trade_state, held, out_trade_no }: StoredOrder) =>
    channel === 'wechatpay' &&
    trade_state === 'CLOSED' &&
    !held &&
    payments.order(out_trade_no)?.trade_state === 'CLOSED';
  const closed = [...books.orders.values()].find(isClosed);
  if (!closed) return;
  log.record('WeChat', `takes money for ${closed.out_trade_no}, which is closed`);
  await payments.payClosed(closed.out_trade_no);
}
