import { alarm } from './alarms.ts';
import type { CannotSell, Refused } from './channel.ts';
import { draftOf, type OrderRequest, type OrderTerms } from './draft.ts';
import { limitReached, NEWEST_ORDERS } from './limits.ts';
import { type Order, outTradeNo, withFields } from './order.ts';
import { type Asked, type Payable, payableOf } from './payable.ts';
import type { Ports } from './ports.ts';
import { ask } from './reconcile.ts';
import { closed, type Refusal, refusal, unclear } from './refusal.ts';
import { findSuperseded, finishSuperseding, giveUp, supersededNumber } from './supersede.ts';

/** For so long after an order was placed, "number used" may mean a call of ours that is still on its way. */
const REPEATED_GRACE_MS = 30_000;

/**
 * Places an order, or finds the one that this request_id placed before. The order is saved before WeChat is asked, and
 * the price is the catalogue's. An order that exists rules: no limit is asked about it again, and the catalogue only
 * where the shopper saw another price than the order's.
 * @throws ChannelError REFUSED before anything is saved, where our configuration makes orders that the payment side would
 *   refuse; and whatever leaves open what WeChat did, or whether the order to be superseded is paid
 */
export async function createOrder(
  ports: Ports,
  terms: OrderTerms,
  request: OrderRequest,
): Promise<Payable | Refusal> {
  const [isRegistered, product, newest] = await Promise.all([
    ports.users.isRegistered(request.openid),
    ports.products.find(request.product_id),
    ports.orders.newest(request.openid, NEWEST_ORDERS),
  ]);
  const asked = { request, terms, product };
  const known = newest.find(({ _id }) => _id === outTradeNo(request));
  if (known) return resume(ports, known, asked);

  const draft = draftFor(ports, asked, newest);
  if ('kind' in draft) {
    // A repeat is never refused by a limit or by today's catalogue, however old its order is.
    const placed = await ports.orders.find(outTradeNo(request));
    if (placed) return resume(ports, placed, asked);
    return draft.kind === 'refusal' ? draft : cannotSell(ports, request, draft);
  }
  const superseded = await findSuperseded(ports, request, newest);
  if (superseded && 'kind' in superseded) return superseded;
  const order = superseded ? { ...draft, supersedes: superseded._id } : draft;
  if (!isRegistered) await register(ports, order);
  if ((await ports.orders.add(order)) === 'exists') return resume(ports, await read(ports, order._id), asked);
  const { _id: out_trade_no, product_id, total_fee } = order;
  ports.logger.info('order.placed', { out_trade_no, product_id, total_fee });
  const refused = superseded && (await giveUp(ports, superseded, order._id));
  return refused ?? send(ports, order, asked);
}

/** A new order that may be saved, or why there can be none. */
function draftFor(
  { clock, channelOf }: Ports,
  { request, terms, product }: Asked,
  newest: readonly Order[],
): Order | Refusal | CannotSell {
  const now = clock.now();
  const draft = draftOf(request, { terms, product, channelOf, now });
  if ('kind' in draft) return draft;
  const refused = limitReached(newest, { now, instead_of: supersededNumber(request) });
  if (refused) return refused;
  channelOf(draft).check(draft);
  return draft;
}

async function cannotSell(
  { alarms, clock }: Ports,
  { product_id }: OrderRequest,
  { refusal: refused, alarm: raised }: CannotSell,
): Promise<Refusal> {
  if (raised) await alarms.raise(alarm(raised.code, product_id, raised.message, clock.now()));
  return refused;
}

async function register(ports: Ports, { _openid, user_id, created_at }: Order): Promise<void> {
  await ports.users.add({ _id: _openid, _openid, user_id, created_at, memberships: {} });
}

/** Goes on with an order that was placed before; sends it to WeChat if that was never answered. */
async function resume(ports: Ports, order: Order, asked: Asked): Promise<Payable | Refusal> {
  const answer = payableOf(ports, order, asked);
  if (answer !== 'unsent' && answer.kind === 'refusal') return answer;
  const refused = await finishSuperseding(ports, order);
  if (refused) return refused;
  return answer === 'unsent' ? send(ports, order, asked) : answer;
}

/** Makes the order payable, under exactly what is saved. */
async function send(ports: Ports, order: Order, asked: Asked): Promise<Payable | Refusal> {
  const answer = await ports.channelOf(order).prepare(order);
  if (answer.kind === 'refused') return sentInVain(ports, { order, asked, answer });
  const change = { by_channel: withFields(order, answer.fields), prepaid_at: ports.clock.now() };
  if (await ports.orders.rememberPrepared(order, change)) {
    return { kind: 'payable', order: { ...order, ...change } };
  }
  // Another call was quicker, or the shopper cancelled meanwhile: the order as it is now decides.
  return settledOrPayable(ports, await read(ports, order._id), asked);
}

async function sentInVain(
  ports: Ports,
  { order, asked, answer }: { order: Order; asked: Asked; answer: Refused },
): Promise<Payable | Refusal> {
  const { err_code, err_code_des, meaning } = answer;
  ports.logger.info('order.refused_by_wechatpay', { out_trade_no: order._id, err_code, err_code_des });
  if (meaning === 'settle') return settledOrPayable(ports, await ask(ports, order), asked);
  const now = ports.clock.now();
  if (meaning === 'repeated') {
    const after = payableOf(ports, await read(ports, order._id), asked);
    if (after !== 'unsent') return after;
    // Another call of the same request_id may have its answer and not have written it down yet.
    if (now.getTime() - order.created_at.getTime() < REPEATED_GRACE_MS) return unclear;
  }
  if (meaning === 'give-up') return closed(order);
  await ports.alarms.raise(alarm('MERCHANT_MISCONFIGURED', err_code, err_code_des, now));
  return refusal('MERCHANT_MISCONFIGURED', `WeChat Pay refuses the order: ${err_code}.`);
}

function settledOrPayable(ports: Ports, order: Order, asked: Asked): Payable | Refusal {
  const answer = payableOf(ports, order, asked);
  return answer === 'unsent' ? unclear : answer;
}

/** An order that must be there, since it was just written or found taken. */
async function read(ports: Ports, out_trade_no: string): Promise<Order> {
  const order = await ports.orders.find(out_trade_no);
  if (!order) throw new Error(`The order ${out_trade_no} was there a moment ago and is gone.`);
  return order;
}
