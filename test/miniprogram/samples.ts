import type { Answered } from '../../miniprogram/logic/answer.ts';
import type { Order } from '../../miniprogram/logic/order/order.ts';
import type { Refund } from '../../miniprogram/logic/order/refunds.ts';
import type { Product } from '../../miniprogram/logic/shop/catalogue.ts';
import type { Store } from '../../miniprogram/logic/store.ts';

export const NOW = new Date('2026-11-23T10:24:16+08:00');

export function order(changes: Partial<Order> = {}): Order {
  return {
    out_trade_no: '7f3a0c9155bb66cc77dd88ee99d2c21e',
    request_id: 'request-id-of-this-order',
    channel: 'wechatpay',
    product_id: 'city',
    months: 3,
    body: '青屿会员-城市版',
    total_fee: 4800,
    trade_state: 'NOTPAY',
    under_review: false,
    created_at: '2026-11-23T02:24:06.000Z',
    time_expire: '2026-11-23T02:54:06.000Z',
    cancelled_at: null,
    time_end: null,
    expires_at: null,
    transaction_id: null,
    bank_type: null,
    apple: false,
    refunded_fee: 0,
    refunds: [],
    ...changes,
  };
}

/** A refund as a document of an order lists it. */
export function refund(changes: Partial<Refund> = {}): Refund {
  return {
    out_refund_no: '0123456789abcdef0123456789abcdef',
    refund_fee: 2000,
    state: 'SUCCESS',
    success_time: '2026-11-24T02:24:00.000Z',
    ...changes,
  };
}

export const CITY: Product = {
  product_id: 'city',
  name: '城市版',
  description: '一座城市的全部内容',
  options: [
    { months: 1, total_fee: 1800 },
    { months: 3, total_fee: 4800 },
    { months: 12, total_fee: 15850 },
  ],
  virtual: false,
  channel: 'wechatpay',
};

export const PREMIUM: Product = {
  product_id: 'premium',
  name: '付费版',
  description: '不限城市与市场，含深度报告',
  options: [{ months: 1, total_fee: 6800 }],
  virtual: true,
  channel: 'wechatpay',
};

/** The phone's storage, as far as a store goes: values survive as JSON. */
export function memoryStore(): Store {
  const kept = new Map<string, string>();
  return {
    read: (key) => (kept.has(key) ? JSON.parse(kept.get(key) ?? '') : undefined),
    write: (key, value) => void kept.set(key, JSON.stringify(value)),
  };
}

export const LOST: Answered<never> = { kind: 'lost', offline: false };
