import type { TradeState } from '../contract.ts';
import type { Report } from './channel.ts';
import { type Order, TRADE_STATES } from './order.ts';

/** Why a report about an order is not believed. Each raises an alarm of the same name. */
export type RefusalCode =
  | 'ORDER_MISMATCH'
  | 'AMOUNT_MISMATCH'
  | 'APPID_MISMATCH'
  | 'MCH_ID_MISMATCH'
  | 'PAYER_MISMATCH'
  | 'HELD';

export type Decision =
  /** Nothing new, received late, or a word we do not know: the order stays as it is. */
  | { readonly kind: 'keep' }
  /** The order takes WeChat's state. `grants`: what it gives is added. `alarm`: a human should know. */
  | {
      readonly kind: 'move';
      readonly to: TradeState;
      readonly grants: boolean;
      readonly alarm?: 'PAID_AFTER_CLOSE' | 'REFUND_BEFORE_PAYMENT';
    }
  /** `holds`: money came that is not this order's, so that only a human goes on from here. */
  | { readonly kind: 'refuse'; readonly code: RefusalCode; readonly holds: boolean };

/** From each state, the states that WeChat can still move an order to. Money is honoured even after a close. */
const NEXT: Readonly<Record<TradeState, readonly TradeState[]>> = {
  NOTPAY: ['USERPAYING', 'PAYERROR', 'SUCCESS', 'CLOSED', 'REFUND'],
  USERPAYING: ['NOTPAY', 'PAYERROR', 'SUCCESS', 'CLOSED', 'REFUND'],
  PAYERROR: ['NOTPAY', 'USERPAYING', 'SUCCESS', 'CLOSED', 'REFUND'],
  SUCCESS: ['REFUND'],
  CLOSED: ['SUCCESS', 'REFUND'],
  REFUND: [],
};

const KEEP: Decision = { kind: 'keep' };

/** What a verified report means for an order. Pure; settle() carries it out. */
export function decide(order: Order, report: Report): Decision {
  if (report.out_trade_no !== order._id) return { kind: 'refuse', code: 'ORDER_MISMATCH', holds: false };
  const to = TRADE_STATES.find((state) => state === report.trade_state);
  if (!to || !NEXT[order.trade_state].includes(to)) return KEEP;
  if (order.under_review) return to === 'SUCCESS' ? { kind: 'refuse', code: 'HELD', holds: false } : KEEP;
  if (to === 'SUCCESS') return decidePaid(order, report);
  if (to === 'REFUND' && order.trade_state !== 'SUCCESS') {
    // It was paid then: its whole term is granted, and each of its refunds takes its part when it is booked.
    const grants = mismatchOf(order, report) === undefined;
    return { kind: 'move', to, grants, alarm: 'REFUND_BEFORE_PAYMENT' };
  }
  return { kind: 'move', to, grants: false };
}

function decidePaid(order: Order, report: Report): Decision {
  const code = mismatchOf(order, report);
  if (code) return { kind: 'refuse', code, holds: true };
  if (order.trade_state === 'CLOSED') {
    return { kind: 'move', to: 'SUCCESS', grants: true, alarm: 'PAID_AFTER_CLOSE' };
  }
  return { kind: 'move', to: 'SUCCESS', grants: true };
}

/** A payment is the order's only if everything agrees that its report proves; what the report left out does not. */
function mismatchOf(order: Order, report: Report): RefusalCode | undefined {
  const { proves } = report;
  if (proves.includes('mch_id') && report.mch_id !== order.mch_id) return 'MCH_ID_MISMATCH';
  if (proves.includes('appid') && report.appid !== order.appid) return 'APPID_MISMATCH';
  if (report.openid !== order._openid) return 'PAYER_MISMATCH';
  if (report.total_fee !== order.total_fee) return 'AMOUNT_MISMATCH';
  return undefined;
}
