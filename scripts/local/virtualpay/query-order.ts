import * as v from 'valibot';
import type { Answered } from '../weixin/api.ts';
import type { Refused } from '../weixin/errors.ts';
import type { VirtualPayFaults } from './faults.ts';
import {
  type Env,
  type Ledger,
  type LedgerOrder,
  type Refund,
  refundedFee,
  STATUS,
  shownStatus,
} from './ledger.ts';
import { seconds } from './spelling.ts';
import { ENV, noSuchData, ok } from './xpay.ts';

/** order_type: by WeChat Pay or by Apple. */
const TYPES = { payment: 0, refund: 1, applePayment: 7, appleRefund: 8 } as const;

export const QUERY_ORDER = v.strictObject({
  openid: v.string(),
  env: ENV,
  order_id: v.exactOptional(v.string()),
  wx_order_id: v.exactOptional(v.string()),
});

interface Surroundings {
  readonly ledger: Ledger;
  readonly faults: VirtualPayFaults;
  readonly now: () => Date;
}

/** Answers with a payment or a refund, by whichever of the two numbers was given. Both are one too many. */
export function queryOrder(
  { ledger, faults, now }: Surroundings,
  { openid, env, order_id, wx_order_id }: v.InferOutput<typeof QUERY_ORDER>,
): Answered | Refused {
  const missing = (why: string) =>
    faults.take(['null-order'], { out_trade_no: order_id })
      ? ok({ errmsg: null, order: null })
      : noSuchData(why, { order: null });
  if ((order_id === undefined) === (wx_order_id === undefined))
    return missing('exactly one of order_id and wx_order_id');
  const id = order_id ?? wx_order_id ?? '';
  const order = order_id === undefined ? ledger.findNamed(env, id) : findOwn(ledger, env, id);
  if (!order)
    return missing(`no such order in env ${env}: the cash desk never opened for it, or in another env`);
  if (order.openid !== openid) return missing('the order is of another openid');
  const refund = order.refunds.find(
    (each) => each.refund_order_id === order_id || each.refund_wx_order_id === wx_order_id,
  );
  const isHidden = refund !== undefined && faults.take(['hide-refund'], { out_trade_no: order.out_trade_no });
  const shown = refund && isHidden ? { ...refund, state: 'running' as const } : refund;
  const fields = shown ? refundFields(order, shown) : paymentFields(order, now());
  const isLost = 'left_fee' in fields && faults.take(['null-left-fee'], { out_trade_no: order.out_trade_no });
  return ok({ order: isLost ? { ...fields, left_fee: null } : fields });
}

/** By order_id: the merchant's number of a payment or of a refund, not WeChat's. */
function findOwn(ledger: Ledger, env: Env, id: string): LedgerOrder | undefined {
  const order = ledger.find(env, id);
  if (order) return order;
  const refunded = ledger.findNamed(env, id);
  return refunded?.refunds.some(({ refund_order_id }) => refund_order_id === id) ? refunded : undefined;
}

function paymentFields(order: LedgerOrder, now: Date): Record<string, unknown> {
  const status = shownStatus(order, now);
  const isPaid = order.payment !== undefined && status !== STATUS.CREATED;
  const refunded = refundedFee(order);
  return {
    ...commonFields(order),
    order_id: order.out_trade_no,
    wx_order_id: order.wx_order_id,
    order_type: order.is_apple ? TYPES.applePayment : TYPES.payment,
    status,
    create_time: seconds(order.created_at),
    update_time: seconds(order.updated_at),
    paid_time: isPaid ? seconds(order.payment?.paid_at) : 0,
    provide_time: isPaid ? seconds(order.provided_at) : 0,
    order_fee: order.price,
    paid_fee: isPaid ? order.price : 0,
    ...(isPaid ? { left_fee: order.price - refunded } : {}),
    ...(refunded > 0 ? { refund_fee: refunded } : {}),
    channel_order_id: order.is_apple ? '' : order.channel_order_id,
    wxpay_order_id: isPaid && !order.is_apple ? (order.payment?.transaction_id ?? '') : '',
    biz_meta: JSON.stringify({ attach: order.attach }),
  };
}

function refundFields(order: LedgerOrder, refund: Refund): Record<string, unknown> {
  const { created_at, ended_at, state, refund_fee } = refund;
  const status = { running: STATUS.CREATED, done: STATUS.REFUND_DONE, failed: STATUS.REFUND_FAILED }[state];
  return {
    ...commonFields(order),
    order_id: refund.refund_order_id,
    wx_order_id: refund.refund_wx_order_id,
    order_type: order.is_apple ? TYPES.appleRefund : TYPES.refund,
    status,
    create_time: seconds(created_at),
    update_time: seconds(ended_at ?? created_at),
    paid_time: 0,
    provide_time: 0,
    order_fee: refund_fee,
    paid_fee: 0,
    refund_fee: state === 'done' ? refund_fee : 0,
    channel_order_id: '',
    wxpay_order_id: '',
    biz_meta: '',
  };
}

/** What the sample of a live order has besides, with the same values; env_type counts from 1. */
function commonFields({ env }: LedgerOrder): Record<string, unknown> {
  return { env_type: env + 1, biz_type: 1000, sett_state: 0, sett_time: 0, token: '', ext: {} };
}
