import * as v from 'valibot';
import type { Env } from './env.ts';

/** An event of virtual payment, as message push passes it to a function. Nothing in it is proven: it is a hint. */
export type VirtualPayEvent =
  | {
      readonly kind: 'deliver';
      readonly out_trade_no: string;
      readonly openid: string;
      readonly env: Env;
      readonly attach: string;
    }
  | {
      readonly kind: 'refund';
      readonly out_trade_no: string;
      readonly openid: string;
      /** Ours, or one that the console made; absent where the event names none, as of a refund by Apple. */
      readonly refund_order_id?: string;
      /** Whether it says that the refund failed: then nothing was given back. */
      readonly hasFailed: boolean;
    }
  | {
      readonly kind: 'complaint';
      readonly out_trade_no: string;
      readonly openid: string;
      readonly complaint_id: string;
    }
  /** Apple asks whether to refund. Which number `pay_order_id` is, no page says, and no shopper is named. */
  | {
      readonly kind: 'apple-refund-question';
      readonly pay_order_id: string;
      readonly item_id: string;
    }
  /** Well formed, and not about what is sold here. */
  | { readonly kind: 'other'; readonly name: string };

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
const number = v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number))]);
const Envelope = v.object({ MsgType: v.literal('event'), Event: text });

const Deliver = v.object({
  OpenId: text,
  OutTradeNo: text,
  Env: v.pipe(number, v.picklist([0, 1])),
  GoodsInfo: v.fallback(v.object({ Attach: v.fallback(v.string(), '') }), { Attach: '' }),
});
const Refund = v.object({
  OpenId: text,
  MchOrderId: text,
  MchRefundId: v.fallback(v.optional(v.string(), ''), ''),
  RetCode: v.fallback(v.optional(number, 0), 0),
});
const Complaint = v.object({ OpenId: text, MchOrderId: text, ComplaintId: text });
const AppleQuestion = v.object({ pay_order_id: text, product_id: v.optional(v.string(), '') });

/** Reads an event; undefined for what is none, or lacks what it is about. */
export function readEvent(event: unknown): VirtualPayEvent | undefined {
  const envelope = v.safeParse(Envelope, event);
  if (!envelope.success) return undefined;
  switch (envelope.output.Event) {
    case 'xpay_goods_deliver_notify':
      return deliverOf(event);
    case 'xpay_refund_notify':
      return refundOf(event);
    case 'xpay_complaint_notify': {
      const read = v.safeParse(Complaint, event);
      if (!read.success) return undefined;
      const { MchOrderId: out_trade_no, OpenId: openid, ComplaintId: complaint_id } = read.output;
      return { kind: 'complaint', out_trade_no, openid, complaint_id };
    }
    case 'xpay_subscribe_ios_refund_query_notify': {
      const read = v.safeParse(AppleQuestion, event);
      if (!read.success) return undefined;
      const { pay_order_id, product_id } = read.output;
      return { kind: 'apple-refund-question', pay_order_id, item_id: product_id };
    }
    default:
      return { kind: 'other', name: envelope.output.Event };
  }
}

function deliverOf(event: unknown): VirtualPayEvent | undefined {
  const read = v.safeParse(Deliver, event);
  if (!read.success) return undefined;
  const { OutTradeNo, OpenId, Env, GoodsInfo } = read.output;
  return {
    kind: 'deliver',
    out_trade_no: OutTradeNo,
    openid: OpenId,
    env: Env === 0 ? 0 : 1,
    attach: GoodsInfo.Attach,
  };
}

function refundOf(event: unknown): VirtualPayEvent | undefined {
  const read = v.safeParse(Refund, event);
  if (!read.success) return undefined;
  const { MchOrderId, OpenId, MchRefundId, RetCode } = read.output;
  return {
    kind: 'refund',
    out_trade_no: MchOrderId,
    openid: OpenId,
    ...(MchRefundId && { refund_order_id: MchRefundId }),
    hasFailed: RetCode !== 0,
  };
}

/** What is answered to an event. Any ErrCode but 0 is repeated by WeChat, up to 15 times; no answer at all counts as 0. */
export interface EventAnswer {
  readonly ErrCode: 0 | 1;
  readonly ErrMsg: string;
}

/** The answer to Apple's question: result_code 0 agrees to the refund, 1 refuses. */
export interface AppleRefundAnswer {
  readonly result_code: 0 | 1;
  readonly result_info: string;
  readonly evidence: string;
}
