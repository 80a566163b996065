import type { OperatorErrorCode } from '../../contract.ts';
import type { PaymentChannel } from '../channel.ts';
import type { Order } from '../order.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { feesOf, openRefundOf } from './entry.ts';
import { REFUNDABLE_MS, REFUNDS_APART_MS } from './refund-schedule.ts';

/** WeChat gives an order back in at most so many parts. */
export const REFUND_PARTS_MAX = 50;

/** A refund that is asked for, with what of the order was seen by whoever asks. */
interface Asked {
  readonly refund_fee: number;
  readonly expected_refunded_fee: number;
  readonly expected_refunds?: number | undefined;
  readonly now: Date;
  readonly channel: PaymentChannel;
}

/** Why a refund of an order cannot be asked for now; undefined where it can. */
export function refundRefused(
  order: Order,
  { refund_fee, expected_refunded_fee, expected_refunds, now, channel }: Asked,
): Refusal<OperatorErrorCode> | undefined {
  if (order.trade_state !== 'SUCCESS' && order.trade_state !== 'REFUND') {
    return refusal(
      'ORDER_NOT_PAID',
      `The order is ${order.trade_state}: nothing was paid that could go back.`,
    );
  }
  const { refunded, reserved } = feesOf(order);
  if (refunded + reserved !== expected_refunded_fee) {
    const errmsg = `${refunded} fen were given back and ${reserved} are under way. Look at the order again.`;
    return refusal('REFUND_CHANGED', errmsg, { refunded_fee: refunded + reserved });
  }
  // One that only takes days changes no amount: taken twice it would be seen by nobody.
  const { refunds = [] } = order;
  if (expected_refunds !== undefined && expected_refunds !== refunds.length) {
    const errmsg = `Of the order ${refunds.length} refunds were asked for, not ${expected_refunds}. Look at it again.`;
    return refusal('REFUND_CHANGED', errmsg, { refunded_fee: refunded + reserved });
  }
  const open = openRefundOf(order);
  if (open) {
    const errmsg = `The refund ${open.out_refund_no} is under way. Wait for its end, or give it up.`;
    return refusal('REFUND_OPEN', errmsg, { out_refund_no: open.out_refund_no });
  }
  return refund_fee === 0 ? undefined : moneyRefused(order, { refund_fee, now, channel });
}

/** What WeChat would refuse is known before anything is reserved. */
function moneyRefused(
  order: Order,
  { refund_fee, now, channel }: Pick<Asked, 'refund_fee' | 'now' | 'channel'>,
): Refusal<OperatorErrorCode> | undefined {
  const left = order.total_fee - feesOf(order).refunded;
  if (refund_fee > left) {
    return refusal('REFUND_TOO_MUCH', `${left} fen of the order are left to be given back.`, {
      refunded_fee: order.total_fee - left,
    });
  }
  const parts = (order.refunds ?? []).filter((each) => each.refund_fee > 0);
  if (parts.filter(({ state }) => state !== 'CLOSED').length >= REFUND_PARTS_MAX) {
    return refusal(
      'REFUND_PARTS_USED_UP',
      `The order was given back in ${REFUND_PARTS_MAX} parts, the most there are.`,
    );
  }
  const last = parts.at(-1);
  if (last && now.getTime() - last.requested_at.getTime() < REFUNDS_APART_MS) {
    return refusal('REFUND_TOO_SOON', 'WeChat wants a minute between two refunds of an order.');
  }
  if (order.time_end && now.getTime() - order.time_end.getTime() > REFUNDABLE_MS) {
    return refusal('REFUND_OVERDUE', 'The payment is over a year old: give the money back in another way.');
  }
  const problem = channel.unaskable(order)?.why ?? channel.unrefundable(order);
  return problem === undefined ? undefined : refusal('REFUND_NOT_POSSIBLE', problem);
}
