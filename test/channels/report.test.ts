import { describe, expect, test } from 'vitest';
import { reportOf } from '../../cloudfunctions/_shared/channels/virtualpay-report.ts';
import type { Order } from '../../cloudfunctions/_shared/order/order.ts';
import { decide } from '../../cloudfunctions/_shared/order/state.ts';
import type { OrderStatus, VirtualOrder } from '../../cloudfunctions/_shared/virtualpay/query-order.ts';
import { BIRTH } from '../order/samples.ts';
import { virtualOrder } from './samples.ts';

const order = virtualOrder();

/** What query_order answers of the sample, paid through WeChat Pay, live. */
function answered(change: Partial<VirtualOrder> = {}): VirtualOrder {
  return {
    kind: 'order',
    order_id: order._id,
    order_type: 'payment',
    status: 'paid',
    status_code: 2,
    env: 0,
    order_fee: order.total_fee,
    paid_fee: order.total_fee,
    refund_fee: undefined,
    left_fee: order.total_fee,
    paid_time: BIRTH,
    provide_time: undefined,
    wx_order_id: 'VPO260422181202010000001',
    wxpay_order_id: '4500000138202604220000000001',
    channel_order_id: '202604221200000001',
    ...change,
  };
}

const PAID = {
  trade_state: 'SUCCESS',
  openid: order._openid,
  total_fee: order.total_fee,
  cash_fee: order.total_fee,
  transaction_id: '4500000138202604220000000001',
  time_end: BIRTH,
  proves: [],
};
const UNKNOWN = { trade_state: 'NOT_UNDERSTOOD', alarm: { code: 'PAYMENT_STATE_UNKNOWN' } };

describe('every status', () => {
  test.each<[OrderStatus, object]>([
    ['initialised', { trade_state: 'NOTPAY' }],
    ['created', { trade_state: 'NOTPAY' }],
    ['paid', { ...PAID, undelivered: true }],
    ['delivering', { ...PAID, undelivered: true }],
    ['delivered', PAID],
    ['refunded', { ...PAID, undelivered: true }],
    ['closed', { trade_state: 'CLOSED' }],
    [
      'refund-failed',
      { ...PAID, undelivered: true, alarm: { code: 'REFUND_ABNORMAL', message: expect.any(String) } },
    ],
    ['refunded-to-user', { ...PAID, undelivered: true }],
    ['recovered', UNKNOWN],
    ['split-returned', UNKNOWN],
    ['unknown', UNKNOWN],
  ])('%s', (status, expected) => {
    expect(reportOf(order, answered({ status }), 0)).toMatchObject(expected);
  });

  test.each<[string, Partial<VirtualOrder>]>([
    ['with nothing left', { left_fee: 0 }],
    ['with all of it given back, and no word of what is left', { left_fee: undefined, refund_fee: 4800 }],
  ])('refunded %s is REFUND', (_, change) => {
    for (const status of ['refunded', 'refunded-to-user'] as const)
      expect(reportOf(order, answered({ status, ...change }), 0)).toMatchObject({ trade_state: 'REFUND' });
  });

  test('refunded in part stays paid, for a while under the very same status', () => {
    const report = reportOf(order, answered({ status: 'refunded', left_fee: 1000, refund_fee: 3800 }), 0);
    expect(report.trade_state).toBe('SUCCESS');
  });

  describe.each(['refunded', 'refund-failed'] as const)('%s says nothing of the delivery', (status) => {
    const reported = (of: Partial<Order>, change: Partial<VirtualOrder> = {}) =>
      reportOf({ ...order, ...of }, answered({ status, left_fee: 1000, refund_fee: 3800, ...change }), 0);

    test('of an order that is booked by it, or whose delivery WeChat does not know yet', () => {
      expect(reported({})).toMatchObject({ undelivered: true });
      const known = { trade_state: 'SUCCESS', undelivered_since: BIRTH } as const;
      expect(reported(known)).toMatchObject({ undelivered: true });
    });

    test('where provide_time, or the order here, does', () => {
      expect(reported({}, { provide_time: BIRTH })).not.toHaveProperty('undelivered');
      expect(reported({ trade_state: 'SUCCESS' })).not.toHaveProperty('undelivered');
    });
  });
});

test.each([
  ['PROCESSING', 'REFUND_ABNORMAL', false],
  ['ABNORMAL', 'REFUND_ABNORMAL', false],
  ['CLOSED', 'REFUND_ABNORMAL', false],
  ['SUCCESS', 'REFUND_ABNORMAL', true],
] as const)('a refund of ours in %s explains that one failed: %s is raised: %s', (state, code, isRaised) => {
  const refund = { out_refund_no: 'r', refund_fee: 100, state, requested_at: BIRTH, success_time: null };
  const report = reportOf({ ...order, refunds: [refund] }, answered({ status: 'refund-failed' }), 0);
  expect(report.alarm?.code === code).toBe(isRaised);
});

describe('what is not this order’s payment changes nothing, and calls for a human', () => {
  test.each<[string, Partial<VirtualOrder>]>([
    ['the other env', { env: 1 }],
    ['an env_type that is not documented', { env: undefined }],
    ['a refund', { order_type: 'refund' }],
    ['a refund at Apple', { order_type: 'apple-refund' }],
    ['an order_type that is not documented', { order_type: 'unknown' }],
  ])('%s', (_, change) => {
    const report = reportOf(order, answered(change), 0);
    expect(report).toMatchObject(UNKNOWN);
    expect(decide(order, report)).toEqual({ kind: 'keep' });
  });
});

test('another order_fee than the price is held for a human', () => {
  const report = reportOf(order, answered({ order_fee: 1 }), 0);
  expect(decide(order, report)).toEqual({ kind: 'refuse', code: 'AMOUNT_MISMATCH', holds: true });
  const without = reportOf(order, answered({ order_fee: undefined }), 0);
  expect(decide(order, without)).toEqual({ kind: 'refuse', code: 'AMOUNT_MISMATCH', holds: true });
});

test('another paid_fee is honoured, with an alarm', () => {
  const report = reportOf(order, answered({ order_type: 'apple-payment', paid_fee: 99 }), 0);
  expect(report).toMatchObject({
    ...PAID,
    cash_fee: 99,
    fields: { apple: true },
    alarm: { code: 'PAID_FEE_DIFFERS', message: expect.stringMatching(/99 fen .* 4800 fen/) },
  });
  expect(decide(order, report)).toEqual({ kind: 'move', to: 'SUCCESS', grants: true });
});

test('an order paid at Apple has WeChat’s number of the order, since there is none of WeChat Pay', () => {
  const report = reportOf(order, answered({ order_type: 'apple-payment', wxpay_order_id: undefined }), 0);
  expect(report.transaction_id).toBe('VPO260422181202010000001');
  expect(reportOf(order, answered(), 0)).not.toHaveProperty('fields');
});
