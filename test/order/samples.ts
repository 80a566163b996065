import type { TradeState } from '../../cloudfunctions/_shared/contract.ts';
import type { Report } from '../../cloudfunctions/_shared/order/channel.ts';
import type { Order } from '../../cloudfunctions/_shared/order/order.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** When the sample order was placed. */
export const BIRTH = new Date('2027-01-15T02:24:00Z');

export function later(ms: number): Date {
  return new Date(BIRTH.getTime() + ms);
}

/** What WeChat Pay keeps with the sample. */
export const WECHATPAY_FIELDS = {
  prepay_id: 'wx15102400000000000000000000000000000',
  sign_type: 'HMAC-SHA256',
  spbill_create_ip: '127.0.0.1',
  notify_url: 'https://pay.example.com/payNotify',
} as const;

/** An order of three months of city, just placed and sent. */
export function sampleOrder(change: Partial<Order> = {}): Order {
  return {
    _id: '0123456789abcdef0123456789abcdef',
    _openid: 'oShopperLi',
    user_id: 'u0123456789abcde',
    request_id: 'request-0000000001',
    product_id: 'city',
    months: 3,
    created_at: BIRTH,
    trade_state: 'NOTPAY',
    prepaid_at: BIRTH,
    next_query_at: later(30_000),
    queried_at: null,
    query_count: 0,
    cancelled_at: null,
    under_review: false,
    appid: 'wxd930ea5d5a258f4f',
    mch_id: '10000100',
    body: '城市版 3 个月',
    total_fee: 4800,
    by_channel: { wechatpay: WECHATPAY_FIELDS },
    time_start: BIRTH,
    time_expire: later(30 * MINUTE_MS),
    transaction_id: null,
    time_end: null,
    bank_type: null,
    cash_fee: null,
    expires_at: null,
    ...change,
  };
}

/** What WeChat says of the sample order. */
export function sampleReport(trade_state: TradeState | string, change: Partial<Report> = {}): Report {
  const order = sampleOrder();
  const about = {
    kind: 'report',
    out_trade_no: order._id,
    appid: order.appid,
    mch_id: order.mch_id,
    proves: ['mch_id', 'appid'],
  } as const;
  if (trade_state !== 'SUCCESS') return { ...about, trade_state, ...change };
  return {
    ...about,
    trade_state,
    openid: order._openid,
    total_fee: order.total_fee,
    cash_fee: order.total_fee,
    bank_type: 'OTHERS',
    transaction_id: '4200000000202701150000000001',
    time_end: later(MINUTE_MS),
    ...change,
  };
}
