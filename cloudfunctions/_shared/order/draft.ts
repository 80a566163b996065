import { bodyOf, type Product, priceOf } from './catalogue.ts';
import type { CannotSell, ChannelOf } from './channel.ts';
import { channelNameOf, type Order, outTradeNo, userId } from './order.ts';
import { notOnSale, priceChanged, type Refusal } from './refusal.ts';
import { nextQueryAt } from './schedule.ts';
import { isSameTerm, type TermFields, termFieldsOf, termOf } from './term.ts';

/** Who asks, from the call's context, and what they want. */
export interface OrderRequest extends TermFields {
  readonly environment: string;
  readonly appid: string;
  readonly openid: string;
  readonly client_ip: string;
  readonly request_id: string;
  readonly product_id: string;
  readonly expected_total_fee: number;
  /** The request_id of an order of theirs that this one takes the place of. */
  readonly supersedes?: string;
  /** What wx.login gave the phone, where it sent it. */
  readonly code?: string;
}

/** What the shop says of every new order. */
export interface OrderTerms {
  /** For how long an order can be paid. */
  readonly lifetime_ms: number;
}

/** What a draft is made from, beside the request. */
interface Making {
  readonly terms: OrderTerms;
  readonly product: Product | undefined;
  readonly channelOf: ChannelOf;
  readonly now: Date;
}

/** A new order as it would be saved, or why there can be none. */
export function draftOf(
  request: OrderRequest,
  { terms, product, channelOf, now }: Making,
): Order | Refusal | CannotSell {
  const total_fee = product && priceOf(product, request);
  if (!product || total_fee === undefined) return notOnSale(request);
  if (total_fee !== request.expected_total_fee) return priceChanged(total_fee);
  const channel = channelOf(product);
  const { client_ip, code } = request;
  const begun = channel.begin({ product, term: termOf(request), total_fee, client_ip, code, now });
  if (begun.kind === 'cannot-sell') return begun;
  // WeChat knows whole seconds only, and what it was sent must be sent again to the second.
  const time_start = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const time_expire = new Date(time_start.getTime() + terms.lifetime_ms);
  const born = { created_at: now, time_expire, cancelled_at: null, prepaid_at: null };
  return {
    _id: outTradeNo(request),
    _openid: request.openid,
    user_id: userId(request),
    request_id: request.request_id,
    product_id: request.product_id,
    ...termFieldsOf(request),
    ...(product.channel && { channel: product.channel }),
    grants: [{ membership: request.product_id, term: termOf(request) }],
    ...born,
    trade_state: 'NOTPAY',
    by_channel: { [channelNameOf(product)]: begun.fields },
    next_query_at: nextQueryAt(born, now, channel),
    queried_at: null,
    query_count: 0,
    under_review: false,
    appid: request.appid,
    mch_id: begun.mch_id,
    body: bodyOf(product, request),
    total_fee,
    attach: request.environment,
    time_start,
    transaction_id: null,
    time_end: null,
    bank_type: null,
    cash_fee: null,
    expires_at: null,
  };
}

/** Whether an order is what a request asks for, whatever its price. */
export function isSameOrderRequest(
  order: Pick<Order, 'product_id'> & TermFields,
  request: Pick<OrderRequest, 'product_id'> & TermFields,
): boolean {
  return order.product_id === request.product_id && isSameTerm(order, request);
}
