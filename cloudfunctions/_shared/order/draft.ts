import type { SignType } from '../wechatpay/sign.ts';
import type { OrderParameters } from '../wechatpay/wechatpay.ts';
import { bodyOf, type Product, priceOf } from './catalogue.ts';
import { type Order, outTradeNo, userId } from './order.ts';
import { notOnSale, priceChanged, type Refusal } from './refusal.ts';
import { nextQueryAt } from './schedule.ts';

/** Who asks, from the call's context, and what they want. */
export interface OrderRequest {
  readonly environment: string;
  readonly appid: string;
  readonly openid: string;
  readonly client_ip: string;
  readonly request_id: string;
  readonly product_id: string;
  readonly months: number;
  readonly expected_total_fee: number;
  /** The request_id of an order of theirs that this one takes the place of. */
  readonly supersedes?: string;
}

/** The merchant's side of an order. */
export interface Terms {
  readonly mch_id: string;
  readonly notify_url: string;
  readonly sign_type: SignType;
  readonly lifetime_ms: number;
}

/** A new order as it would be saved, or why there can be none. */
export function draftOf(
  request: OrderRequest,
  { terms, product, now }: { terms: Terms; product: Product | undefined; now: Date },
): Order | Refusal {
  const total_fee = product && priceOf(product, request.months);
  if (!product || total_fee === undefined) return notOnSale(request);
  if (total_fee !== request.expected_total_fee) return priceChanged(total_fee);
  // WeChat knows whole seconds only, and what it was told must be told again to the second.
  const time_start = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const time_expire = new Date(time_start.getTime() + terms.lifetime_ms);
  const born = { created_at: now, time_expire, cancelled_at: null, prepaid_at: null };
  return {
    _id: outTradeNo(request),
    _openid: request.openid,
    user_id: userId(request),
    request_id: request.request_id,
    product_id: request.product_id,
    months: request.months,
    grants: [{ membership: request.product_id, term: { months: request.months } }],
    ...born,
    trade_state: 'NOTPAY',
    prepay_id: null,
    next_query_at: nextQueryAt(born, now),
    queried_at: null,
    query_count: 0,
    under_review: false,
    appid: request.appid,
    mch_id: terms.mch_id,
    body: bodyOf(product, request.months),
    total_fee,
    sign_type: terms.sign_type,
    spbill_create_ip: request.client_ip,
    notify_url: terms.notify_url,
    attach: request.environment,
    time_start,
    transaction_id: null,
    time_end: null,
    bank_type: null,
    cash_fee: null,
    expires_at: null,
  };
}

/** What unifiedorder is asked with: only what is saved, so that asking again is asking the same. */
export function parametersOf(order: Order): OrderParameters {
  const { _id: out_trade_no, _openid: openid, appid, mch_id, sign_type, body, total_fee } = order;
  const { spbill_create_ip, notify_url, attach, time_start, time_expire } = order;
  const merchant = { appid, mch_id, sign_type, spbill_create_ip, notify_url };
  const times = { time_start, time_expire };
  return { ...merchant, out_trade_no, openid, body, total_fee, ...times, ...(attach && { attach }) };
}
