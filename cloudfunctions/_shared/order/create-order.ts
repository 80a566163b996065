import { checkOrder } from '../wechatpay/parameters.ts';
import type { Refused } from '../wechatpay/wechatpay.ts';
import { alarm } from './alarms.ts';
import { closed, draftOf, type OrderRequest, parametersOf, priceChanged, type Terms } from './draft.ts';
import { type Order, outTradeNo } from './order.ts';
import type { Ports } from './ports.ts';
import { ask } from './reconcile.ts';
import { type Refusal, refusal, unclear } from './refusal.ts';
import { SENDABLE_LEFT_MS } from './schedule.ts';

/** For so long after an order was placed, "number used" may mean a call of ours that is still on its way. */
const REPEATED_GRACE_MS = 30_000;

/** What was asked for, and on whose terms. */
interface Asked {
  readonly request: OrderRequest;
  readonly terms: Terms;
}

/** An order that can be paid under its prepay_id. */
export interface Payable {
  readonly kind: 'payable';
  readonly order: Order;
  readonly prepay_id: string;
}

/**
 * Places an order, or finds the one that this request_id placed before. The order is saved before WeChat is asked, and
 * the price is the catalogue's. An order that exists rules: neither catalogue nor limit is asked about it again.
 * @throws WeChatPayError PARAMETER_REFUSED before anything is saved, where our configuration makes orders that WeChat
 *   would refuse; and whatever leaves open what WeChat did, after the order was saved
 */
export async function createOrder(
  ports: Ports,
  terms: Terms,
  request: OrderRequest,
): Promise<Payable | Refusal> {
  const now = ports.clock.now();
  const [isRegistered, product, unpaid] = await Promise.all([
    ports.users.isRegistered(request.openid),
    ports.products.find(request.product_id),
    ports.orders.countUnpaid(request.openid, now),
  ]);
  const draft = draftOf(request, { terms, product, unpaid, now });
  if ('kind' in draft) {
    const placed = await ports.orders.find(outTradeNo(request));
    return placed ? resume(ports, placed, { request, terms }) : draft;
  }
  checkOrder(parametersOf(draft));
  if (!isRegistered) {
    const { _openid, user_id } = draft;
    await ports.users.add({ _id: _openid, _openid, user_id, created_at: now, memberships: {} });
  }
  if ((await ports.orders.add(draft)) === 'exists')
    return resume(ports, await read(ports, draft._id), { request, terms });
  ports.logger.info('order.placed', {
    out_trade_no: draft._id,
    product_id: draft.product_id,
    total_fee: draft.total_fee,
  });
  return send(ports, draft, { request, terms });
}

/** Goes on with an order that was placed before; sends it to WeChat if that was never answered. */
async function resume(ports: Ports, order: Order, asked: Asked): Promise<Payable | Refusal> {
  const answer = payableOf(order, asked, ports.clock.now());
  return answer === 'unsent' ? send(ports, order, asked) : answer;
}

/** Asks WeChat for a prepay_id, under exactly the parameters that are saved. */
async function send(ports: Ports, order: Order, asked: Asked): Promise<Payable | Refusal> {
  const answer = await ports.wechatpay.unifiedorder(parametersOf(order));
  if (answer.kind === 'refused') return sentInVain(ports, { order, asked, answer });
  const { prepay_id } = answer;
  const prepaid_at = ports.clock.now();
  if (await ports.orders.rememberPrepay(order, { prepay_id, prepaid_at })) {
    return { kind: 'payable', order: { ...order, prepay_id, prepaid_at }, prepay_id };
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
    const after = payableOf(await read(ports, order._id), asked, now);
    if (after !== 'unsent') return after;
    // Another call of the same request_id may have its answer and not have written it down yet.
    if (now.getTime() - order.created_at.getTime() < REPEATED_GRACE_MS) return unclear;
  }
  if (meaning === 'give-up') return closed(order);
  await ports.alarms.raise(alarm('MERCHANT_MISCONFIGURED', err_code, err_code_des, now));
  return refusal('MERCHANT_MISCONFIGURED', `WeChat Pay refuses the order: ${err_code}.`);
}

function settledOrPayable(ports: Ports, order: Order, asked: Asked): Payable | Refusal {
  const answer = payableOf(order, asked, ports.clock.now());
  return answer === 'unsent' ? unclear : answer;
}

/** What an order that exists means for this request; `unsent` when WeChat has not given it a prepay_id yet. */
function payableOf(order: Order, { request, terms }: Asked, now: Date): Payable | Refusal | 'unsent' {
  if (order.product_id !== request.product_id || order.months !== request.months) {
    const errmsg = `This request_id ordered ${order.product_id} for ${order.months} months. Make a new one for a new choice.`;
    return refusal('REQUEST_ID_REUSED', errmsg);
  }
  if (order.trade_state === 'SUCCESS' || order.trade_state === 'REFUND') {
    return refusal('ORDER_PAID', 'The order is paid already.', { out_trade_no: order._id });
  }
  if (order.held) {
    const errmsg = 'A payment of this order is being looked into. Do not pay again.';
    return refusal('ORDER_HELD', errmsg, { out_trade_no: order._id });
  }
  const isOver = order.trade_state === 'CLOSED' || order.cancelled_at !== null || now >= order.time_expire;
  // An order of the merchant we were before cannot be signed for under the one we are.
  if (isOver || order.mch_id !== terms.mch_id) return closed(order);
  if (order.total_fee !== request.expected_total_fee) return priceChanged(order.total_fee);
  if (order.prepay_id) return { kind: 'payable', order, prepay_id: order.prepay_id };
  return order.time_expire.getTime() - now.getTime() < SENDABLE_LEFT_MS ? closed(order) : 'unsent';
}

/** An order that must be there, since it was just written or found taken. */
async function read(ports: Ports, out_trade_no: string): Promise<Order> {
  const order = await ports.orders.find(out_trade_no);
  if (!order) throw new Error(`The order ${out_trade_no} was there a moment ago and is gone.`);
  return order;
}
