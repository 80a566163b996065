import type { Faults } from './faults.ts';
import type { Coupon, LedgerOrder } from './ledger.ts';
import { newCouponId, type Random } from './spelling.ts';
import type { Message } from './xml.ts';

/** WeChat's answers number them from 0; nobody has seen more in one payment. */
const COUPONS_MAX = 20;

/** The coupons that were asked for and are used in the payment of this order, none for more than what is left to pay. */
export function takeCoupons(faults: Faults, order: LedgerOrder, random: Random): readonly Coupon[] {
  const coupons: Coupon[] = [];
  let left = Number(order.parameters.total_fee);
  while (left > 0 && coupons.length < COUPONS_MAX) {
    const asked = faults.take(['use-coupon'], { out_trade_no: order.out_trade_no });
    if (!asked) break;
    const coupon_fee = Math.min(asked.coupon_fee, left);
    left -= coupon_fee;
    coupons.push({ coupon_id: newCouponId(random), coupon_type: asked.coupon_type ?? 'CASH', coupon_fee });
  }
  return coupons;
}

/** What coupons paid, in fen. */
export function couponTotal(coupons: readonly Coupon[]): number {
  return coupons.reduce((sum, { coupon_fee }) => sum + coupon_fee, 0);
}

/**
 * What is said of coupons, in an answer to orderquery as in a notice. settlement_total_fee, what the merchant is paid,
 * and the types are there only where a NO_CASH coupon was used; otherwise WeChat was seen to leave them out.
 */
export function couponFields(total_fee = '', coupons: readonly Coupon[] = []): Message {
  if (coupons.length === 0) return {};
  const reductions = coupons.filter(({ coupon_type }) => coupon_type === 'NO_CASH');
  const hasReduction = reductions.length > 0;
  const each = coupons.flatMap(({ coupon_id, coupon_type, coupon_fee }, n) => [
    [`coupon_id_${n}`, coupon_id],
    [`coupon_fee_${n}`, String(coupon_fee)],
    ...(hasReduction ? [[`coupon_type_${n}`, coupon_type]] : []),
  ]);
  return {
    ...(hasReduction ? { settlement_total_fee: String(Number(total_fee) - couponTotal(reductions)) } : {}),
    coupon_fee: String(couponTotal(coupons)),
    coupon_count: String(coupons.length),
    ...Object.fromEntries(each),
  };
}
