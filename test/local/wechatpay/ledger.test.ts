import { describe, expect, test } from 'vitest';
import { Ledger, type LedgerOrder } from '../../../scripts/local/wechatpay/ledger.ts';

const NOW = new Date('2027-01-15T04:00:00Z');
const MCH_ID = '1900000109';
const ORDERS = 1000;

const orderOf = (at: number): LedgerOrder => ({
  ...{ mch_id: MCH_ID, appid: 'wx8888888888888888', out_trade_no: `order-${at}`, parameters: {} },
  ...{ sign_type: 'MD5', created_at: NOW, ordered_at: NOW, prepays: [], trade_state: 'NOTPAY', notices: [] },
  next_notice_at: undefined,
});
const refundOf = (at: number) => ({
  ...{ out_refund_no: `refund-${at}`, refund_id: `50${at}`, refund_fee: 1, created_at: NOW, notices: [] },
  ...({ refund_status: 'PROCESSING', source: 'API' } as const),
});

// A day of a large shop has hundreds of thousands of orders, and thousands of refunds that are asked about.
describe('the order of a refund is found without looking at the others', () => {
  const named = (ledger: Ledger) => [
    ledger.findRefunded(MCH_ID, 'refund-500')?.out_trade_no,
    ledger.findRefund('50500')?.out_trade_no,
  ];

  test.each([
    ['that was made here', orderOf, true],
    [
      'of an order that was read from a file',
      (at: number) => ({ ...orderOf(at), refunds: [refundOf(at)] }),
      false,
    ],
  ] as const)('%s', (_, make, isMadeHere) => {
    let looks = 0;
    // An unpaid order is held against the clock whenever it is looked at.
    const ledger = new Ledger(() => {
      looks++;
      return NOW;
    });
    for (let at = 0; at < ORDERS; at++) {
      const order = make(at);
      ledger.add(order);
      if (isMadeHere) ledger.refund(order, refundOf(at));
    }
    looks = 0;
    expect(named(ledger)).toEqual(['order-500', 'order-500']);
    expect(looks).toBeLessThan(10);
    expect(ledger.findRefunded('1900000110', 'refund-500')).toBeUndefined();
    expect(ledger.findRefund('50')).toBeUndefined();
  });
});
