import type {
  PaymentChannel,
  RefundAccepted,
  RefundOrder,
  RefundRefused,
  RefundReport,
} from '../order/channel.ts';
import type { Order } from '../order/order.ts';
import type { Asker } from '../virtualpay/client.ts';
import type { Env } from '../virtualpay/env.ts';
import { VirtualPayError, type VirtualPayErrorCode } from '../virtualpay/errors.ts';
import { queryOrder, type VirtualOrder } from '../virtualpay/query-order.ts';
import { refundOrder } from '../virtualpay/refund-order.ts';
import { translated } from './weixin-errors.ts';

/** An operator decides on it, for whatever reason: WeChat's table has no finer word for it. */
const BY_AN_OPERATOR = { refund_reason: '5', req_from: '3' } as const;

/** Codes that are a no to this refund. Whatever else goes wrong leaves it open. */
const NO: ReadonlySet<VirtualPayErrorCode> = new Set([
  'FIELD_REFUSED',
  'OPENID_REFUSED',
  'CONTENT_REFUSED',
  'REFUSED',
]);

/** The part of the channel that gives money back. */
type Refunding = Pick<PaymentChannel, 'refund' | 'queryRefund' | 'listRefunds' | 'knowsRefundsBySum'>;

/**
 * Refunds in virtual payment: refund_order accepts one, and query_order of its own number says what became of it. It lists
 * none; but the paying order says what was given back in all, and what is more than we know was given back elsewhere.
 */
export function refunding(askerFor: (order: Order) => Asker): Refunding {
  return {
    refund: (order, refund) => translated(() => ask(askerFor(order), order, refund)),

    async queryRefund(order, out_refund_no) {
      const asker = askerFor(order);
      const asked = { openid: order._openid, order_id: out_refund_no };
      const answer = await translated(() => queryOrder(asker, asked));
      if (answer.kind === 'absent') return answer;
      const report = await translated(async () => reportOf(order, answer, asker.env));
      const own = order.refunds?.find((each) => each.out_refund_no === out_refund_no);
      // One of ours that had come to nothing may have been booked since as given back elsewhere.
      const isOurs = own !== undefined && own.state !== 'CLOSED';
      if (isOurs || report.state !== 'SUCCESS') return report;
      // The answer does not name the payment: the same shopper's other order might be meant, or what is booked already.
      const beyond = await translated(() => givenBeyond(asker, order, { isRefundKnown: true }));
      const beyond_fee = refundedFeeOf(order);
      return beyond >= report.refund_fee ? { ...report, beyond_fee } : { kind: 'absent' };
    },

    async listRefunds(order) {
      const beyond = await translated(() => givenBeyond(askerFor(order), order, { isRefundKnown: false }));
      if (beyond <= 0) return [];
      const beyond_fee = refundedFeeOf(order);
      const given = beyond + beyond_fee;
      // Each sum that was given back in all has a number of its own, so that it is booked once.
      const out_refund_no = `${given}-${order._id}`.slice(0, REFUND_ID_CHARACTERS_MAX);
      const about = { out_trade_no: order._id, out_refund_no, refund_fee: beyond };
      return [{ kind: 'refund-report', ...about, state: 'SUCCESS', beyond_fee }];
    },

    knowsRefundsBySum: true,
  };
}

/** As many characters as virtual payment's own numbers have. */
const REFUND_ID_CHARACTERS_MAX = 32;

/**
 * How much more of an order was given back than we know of, in fen; 0 where it does not say. What is left alone says so
 * only where a refund is known by its number: status 4 may be a payment of which a part was given back.
 */
async function givenBeyond(
  asker: Asker,
  order: Order,
  { isRefundKnown }: { readonly isRefundKnown: boolean },
): Promise<number> {
  const answer = await queryOrder(asker, { openid: order._openid, order_id: order._id });
  if (answer.kind === 'absent' || answer.env !== asker.env) return 0;
  const { status, left_fee, refund_fee = 0 } = answer;
  const isRefunded = status === 'refunded' || status === 'refunded-to-user';
  if (!isRefundKnown && !isRefunded && refund_fee === 0) return 0;
  const given = left_fee === undefined ? refund_fee : order.total_fee - left_fee;
  return Math.min(given, order.total_fee) - refundedFeeOf(order);
}

function refundedFeeOf({ refunded_fee = 0 }: Order): number {
  return refunded_fee;
}

async function ask(asker: Asker, order: Order, refund: RefundOrder): Promise<RefundAccepted | RefundRefused> {
  try {
    return await askWith(asker, order, { refund, left_fee: order.total_fee - refund.refunded_fee });
  } catch (error) {
    if (!(error instanceof VirtualPayError)) throw error;
    if (error.code === 'LEFT_FEE_CHANGED') return askAgain(asker, order, refund);
    return refusedBy(error);
  }
}

/** What is left to refund is another sum than we know, since something was refunded elsewhere: WeChat says how much it is. */
async function askAgain(
  asker: Asker,
  order: Order,
  refund: RefundOrder,
): Promise<RefundAccepted | RefundRefused> {
  const answer = await queryOrder(asker, { openid: order._openid, order_id: order._id });
  const left_fee = answer.kind === 'order' ? answer.left_fee : undefined;
  if (left_fee === undefined)
    throw new VirtualPayError('TRY_AGAIN', 'query_order does not say what is left to refund.');
  if (left_fee < refund.refund_fee)
    return refusedBy(new VirtualPayError('REFUSED', `Only ${left_fee} fen are left to refund.`, LEFT_FEE));
  try {
    return await askWith(asker, order, { refund, left_fee });
  } catch (error) {
    if (!(error instanceof VirtualPayError)) throw error;
    return refusedBy(error);
  }
}

/** The code under which virtual payment says that another sum is left. */
const LEFT_FEE = { errcode: 268490016 } as const;

async function askWith(
  asker: Asker,
  order: Order,
  { refund, left_fee }: { refund: RefundOrder; left_fee: number },
): Promise<RefundAccepted> {
  const { out_refund_no, refund_fee, reason } = refund;
  const { refund_wx_order_id } = await refundOrder(asker, {
    openid: order._openid,
    order_id: order._id,
    refund_order_id: out_refund_no,
    ...{ left_fee, refund_fee, biz_meta: reason, ...BY_AN_OPERATOR },
  });
  return { kind: 'accepted', ...(refund_wx_order_id !== undefined && { refund_id: refund_wx_order_id }) };
}

function refusedBy(error: VirtualPayError): RefundRefused {
  if (!NO.has(error.code)) throw error;
  const advice = 'Read what WeChat says; then ask again, or give the refund up.';
  return {
    kind: 'refused',
    err_code: String(error.errcode ?? error.code),
    err_code_des: error.message,
    advice,
  };
}

/** What the status of a refund means. One that is not among them says nothing, and unknown is not failed. */
const STATES: Readonly<Partial<Record<VirtualOrder['status'], RefundReport['state']>>> = {
  refunded: 'SUCCESS',
  'refunded-to-user': 'SUCCESS',
  'refund-failed': 'ABNORMAL',
  closed: 'CLOSED',
};

/** @throws VirtualPayError ANSWER_REFUSED for one that is no refund, or does not say of how much */
function reportOf(order: Order, answer: VirtualOrder, env: Env): RefundReport {
  const { order_type, status, wx_order_id, refund_fee } = answer;
  if (order_type !== 'refund' && order_type !== 'apple-refund') {
    throw new VirtualPayError(
      'ANSWER_REFUSED',
      `query_order answered an order that is no refund (${order_type}).`,
    );
  }
  if (answer.env !== env) {
    throw new VirtualPayError(
      'ANSWER_REFUSED',
      'query_order answered about another env than it was asked in.',
    );
  }
  // Until it is done it has given nothing back, and says so.
  const fee = refund_fee || answer.order_fee;
  if (!fee) throw new VirtualPayError('ANSWER_REFUSED', 'query_order does not say how much is refunded.');
  const state = STATES[status] ?? 'PROCESSING';
  return {
    kind: 'refund-report',
    out_trade_no: order._id,
    out_refund_no: answer.order_id,
    state,
    // Nobody can be asked to go on with it there; another refund has another number, and is refused where less is left.
    ...(state === 'ABNORMAL' && { isFinal: true as const }),
    refund_fee: fee,
    ...(wx_order_id !== undefined && { refund_id: wx_order_id }),
  };
}
