import * as v from 'valibot';
import type { Answered } from '../weixin/api.ts';
import type { Refused } from '../weixin/errors.ts';
import { refuse } from './errors.ts';
import { type Ledger, type LedgerOrder, type Refund, refundedFee } from './ledger.ts';
import type { Refunds } from './refunds.ts';
import { ENV, noSuchData, ok } from './xpay.ts';

const DAY_MS = 24 * 3_600_000;
/** Later nothing goes back. */
const REFUND_DAYS_MAX = 365;

const FEN = v.pipe(v.number(), v.integer(), v.minValue(1));

export const REFUND_ORDER = v.strictObject({
  openid: v.string(),
  env: ENV,
  order_id: v.exactOptional(v.string()),
  wx_order_id: v.exactOptional(v.string()),
  refund_order_id: v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{8,32}$/)),
  left_fee: v.pipe(v.number(), v.integer(), v.minValue(0)),
  refund_fee: FEN,
  biz_meta: v.pipe(v.string(), v.maxLength(1024)),
  refund_reason: v.picklist(['0', '1', '2', '3', '4', '5']),
  req_from: v.picklist(['1', '2', '3']),
});

type Request = v.InferOutput<typeof REFUND_ORDER>;

interface Surroundings {
  readonly ledger: Ledger;
  readonly refunds: Refunds;
  readonly now: () => Date;
}

/** Accepts a refund: query_order of its own number and the event report later what came of it. */
export function refundOrder(world: Surroundings, request: Request): Answered | Refused {
  const { ledger, refunds } = world;
  const { env, openid, order_id, wx_order_id, refund_order_id, refund_fee } = request;
  if ((order_id === undefined) === (wx_order_id === undefined))
    return noSuchData('exactly one of order_id and wx_order_id');
  const order = order_id === undefined ? findByWxOrderId(ledger, request) : ledger.find(env, order_id);
  if (!order || order.openid !== openid)
    return noSuchData(`no such order of this openid in env ${env}; wx_order_id is WeChat's number, not ours`);
  const known = order.refunds.find((refund) => refund.refund_order_id === refund_order_id);
  const text = JSON.stringify(Object.entries(request).sort());
  if (known) {
    if (known.request === text) return accepted(order, known);
    return refuse(268490002, 'the refund_order_id was used for another refund', '退款单号重复');
  }
  if (ledger.findNamed(env, refund_order_id) || ledger.find(env, refund_order_id))
    return refuse(268490002, 'the refund_order_id was used for another order', '退款单号重复');
  const refused = refusalOf(world, order, request);
  return refused ?? accepted(order, refunds.begin(order, { refund_order_id, refund_fee, request: text }));
}

function findByWxOrderId(ledger: Ledger, { env, wx_order_id = '' }: Request): LedgerOrder | undefined {
  const order = ledger.findNamed(env, wx_order_id);
  return order?.wx_order_id === wx_order_id ? order : undefined;
}

function refusalOf({ now }: Surroundings, order: LedgerOrder, request: Request): Refused | undefined {
  if (!order.payment) return refuse(268490002, 'the order is not paid', '订单状态不支持退款');
  const left = order.price - refundedFee(order);
  if (request.left_fee !== left)
    return refuse(268490016, `left_fee is ${left} now: query the order, and take it from there`);
  if (request.refund_fee > left)
    return refuse(268490002, `at most ${left} fen can go back`, '请求参数字段错误: refund_fee');
  if (now().getTime() - order.payment.paid_at.getTime() > REFUND_DAYS_MAX * DAY_MS)
    return refuse(268490002, 'the payment is more than 365 days ago', '订单超过退款期限');
  if (order.refunds.some(({ state }) => state === 'running'))
    return refuse(268490014, 'another refund of this order is not done yet');
  // The words were seen; their number was not recorded.
  if (order.is_apple)
    return refuse(
      268490002,
      'only Apple refunds, and only the shopper can ask',
      'IOS订单不支持开发者发起退款',
    );
  return undefined;
}

function accepted(order: LedgerOrder, { refund_order_id, refund_wx_order_id }: Refund): Answered {
  const pay = { pay_order_id: order.out_trade_no, pay_wx_order_id: order.wx_order_id };
  return ok({ refund_order_id, refund_wx_order_id, ...pay });
}
