import { couponFields, couponTotal } from './coupons.ts';
import type { Coupon, Ledger, LedgerOrder, Payment, TradeState } from './ledger.ts';
import { newTransactionId, type Random, spellTime } from './spelling.ts';
import type { Message } from './xml.ts';

/** The payment of a whole order out of the shopper's balance and coupons, now. */
export function newPayment(
  { parameters }: LedgerOrder,
  { now, random, coupons = [] }: { now: Date; random: Random; coupons?: readonly Coupon[] },
): Payment {
  return {
    transaction_id: newTransactionId(now, random),
    time_end: now,
    bank_type: 'OTHERS',
    cash_fee: Number(parameters.total_fee) - couponTotal(coupons),
    is_subscribe: 'N',
    ...(coupons.length === 0 ? {} : { coupons }),
  };
}

/**
 * Moves an order to a state after payment; it keeps the payment it has.
 * @param how.next_notice_at when the merchant is to be notified; nobody is, when left out
 */
export function pay(
  order: LedgerOrder,
  how: {
    readonly ledger: Ledger;
    readonly now: Date;
    readonly random: Random;
    readonly coupons?: readonly Coupon[];
    readonly next_notice_at?: Date;
  },
  trade_state: TradeState = 'SUCCESS',
): Payment {
  const payment = order.payment ?? newPayment(order, how);
  const { next_notice_at = order.next_notice_at } = how;
  how.ledger.change(order, { payment, trade_state, next_notice_at });
  how.ledger.name(order, payment.transaction_id);
  return payment;
}

/** What WeChat says of a payment, in an answer to orderquery as in a notice. */
export function paymentFields({ parameters, out_trade_no }: LedgerOrder, payment: Payment): Message {
  return {
    device_info: parameters.device_info ?? '',
    openid: parameters.openid ?? '',
    is_subscribe: payment.is_subscribe,
    trade_type: 'JSAPI',
    bank_type: payment.bank_type,
    total_fee: parameters.total_fee ?? '',
    fee_type: 'CNY',
    cash_fee: String(payment.cash_fee),
    ...couponFields(parameters.total_fee, payment.coupons),
    transaction_id: payment.transaction_id,
    out_trade_no,
    attach: parameters.attach ?? '',
    time_end: spellTime(payment.time_end),
  };
}
