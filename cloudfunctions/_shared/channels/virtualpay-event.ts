import { alarm } from '../order/alarms.ts';
import type { PaymentChannel } from '../order/channel.ts';
import type { Order } from '../order/order.ts';
import type { Ports } from '../order/ports.ts';
import { ask } from '../order/reconcile.ts';
import { receiveRefundHint } from '../order/refunds/refund-hint.ts';
import type { AppleRefundAnswer, VirtualPayEvent } from '../virtualpay/event.ts';
import { fieldsOf } from './virtualpay.ts';

/** What was done with an event. Only `done` makes WeChat stop repeating it. */
export type EventOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly reason: EventRefusal }
  | { readonly kind: 'apple-answer'; readonly answer: AppleRefundAnswer };

/** Why an event is not believed, or not yet. No alarm follows: an event proves nothing, so anybody might have made it. */
export type EventRefusal =
  /** It is about an order of another environment, which has the same mini-program. */
  | 'ANOTHER_ENVIRONMENT'
  | 'ORDER_UNKNOWN'
  /** The order is paid another way. */
  | 'ANOTHER_CHANNEL'
  | 'ANOTHER_SHOPPER'
  /** Sandbox for live, or live for sandbox. */
  | 'ANOTHER_ENV'
  /** WeChat was asked, and does not say that it is paid. */
  | 'NOT_PAID'
  /** WeChat was asked about the refund, and does not know it, or says of it what is not believed. */
  | 'REFUND_UNKNOWN'
  /** A payment came that is not this order's: a human goes on from here. */
  | 'HELD';

/** An out_trade_no as we make them. */
const OUT_TRADE_NO = /^[0-9a-f]{32}$/;

/**
 * Takes an event for a hint: the order is loaded by its number, everything the event names must be the order's, and then
 * query_order decides. Nothing of the event itself is booked.
 * @param environment of this call; an order of another one is none of ours
 * @throws ChannelError where WeChat gave no clear answer
 */
export async function takeEvent(
  ports: Ports,
  event: Exclude<VirtualPayEvent, { kind: 'other' }>,
  environment: string | undefined,
): Promise<EventOutcome> {
  if (event.kind === 'apple-refund-question') return answerApple(ports, event.pay_order_id);
  const order = await find(ports, event.out_trade_no);
  const attach = event.kind === 'deliver' ? event.attach : '';
  // Which environment this is, a push may not say; the order does.
  const own = order ? order.attach : environment;
  if (attach !== '' && own !== undefined && attach !== own) return refused('ANOTHER_ENVIRONMENT');
  if (!order) return refused('ORDER_UNKNOWN');
  const reason = contradictionOf(order, event);
  if (reason) return refused(reason);
  switch (event.kind) {
    case 'deliver':
      return delivered(ports, order);
    case 'refund': {
      if (event.hasFailed) return refundFailed(ports, order, event.refund_order_id);
      const hint = { out_trade_no: order._id, out_refund_no: event.refund_order_id };
      const { kind } = await receiveRefundHint(ports, hint);
      return kind === 'done' ? DONE : refused('REFUND_UNKNOWN');
    }
    case 'complaint': {
      const message = `The shopper complained to WeChat (complaint ${event.complaint_id}). Answer it in the virtual payment console.`;
      await ports.alarms.raise(alarm('COMPLAINT_RECEIVED', order._id, message, ports.clock.now()));
      return DONE;
    }
  }
}

const DONE: EventOutcome = { kind: 'done' };

function refused(reason: EventRefusal): EventOutcome {
  return { kind: 'refused', reason };
}

async function find({ orders }: Ports, out_trade_no: string): Promise<Order | undefined> {
  return OUT_TRADE_NO.test(out_trade_no) ? orders.find(out_trade_no) : undefined;
}

function contradictionOf(
  order: Order,
  event: Extract<VirtualPayEvent, { openid: string }>,
): EventRefusal | undefined {
  if (order.channel !== 'virtualpay') return 'ANOTHER_CHANNEL';
  if (order._openid !== event.openid) return 'ANOTHER_SHOPPER';
  return event.kind === 'deliver' && event.env !== fieldsOf(order).env ? 'ANOTHER_ENV' : undefined;
}

/** The answer `done` is the mark of delivery at WeChat, so it is given only for an order that is booked. */
async function delivered(ports: Ports, order: Order): Promise<EventOutcome> {
  const after = isBooked(order) || order.under_review ? order : await askOnly(ports, order, withoutMark);
  if (isBooked(after)) return DONE;
  return refused(after.under_review ? 'HELD' : 'NOT_PAID');
}

/** It gave nothing back. Ours is asked about in its turn; of another one, the payment says that it failed. */
async function refundFailed(
  ports: Ports,
  order: Order,
  refund_order_id: string | undefined,
): Promise<EventOutcome> {
  const isOurs = order.refunds?.some(({ out_refund_no }) => out_refund_no === refund_order_id) ?? false;
  if (!isOurs && !order.under_review) await askOnly(ports, order);
  return DONE;
}

/** Asks WeChat and says nothing: there is no time for it. What is to be said is left to the timer. */
function askOnly(ports: Ports, order: Order, seen = (channel: PaymentChannel) => channel): Promise<Order> {
  const { markDelivered: _, ...channel } = ports.channelOf(order);
  return ask({ ...ports, channelOf: () => seen(channel) }, order);
}

/** The answer of the event is the mark of delivery, and WeChat repeats the event until it has it: nothing is left to say. */
function withoutMark(channel: PaymentChannel): PaymentChannel {
  return {
    ...channel,
    async query(order) {
      const answer = await channel.query(order);
      if (answer.kind === 'absent') return answer;
      const { undelivered: _, ...report } = answer;
      return report;
    },
  };
}

function isBooked({ trade_state }: Order): boolean {
  return trade_state === 'SUCCESS' || trade_state === 'REFUND';
}

/**
 * Apple asks before it refunds. The answer is what is known here: what was given is not taken back by Apple's question
 * alone. Of an order that is not found nothing is said, so that Apple decides by itself.
 */
async function answerApple(ports: Ports, pay_order_id: string): Promise<EventOutcome> {
  const order = await find(ports, pay_order_id);
  if (!order) return refused('ORDER_UNKNOWN');
  if (order.channel !== 'virtualpay') return refused('ANOTHER_CHANNEL');
  // Its money may have come a moment ago: agreed to is only what WeChat says was not paid, or is given back.
  const known = isBooked(order) || order.under_review ? order : await askOnly(ports, order);
  if (known.under_review) return refused('HELD');
  const answer: AppleRefundAnswer =
    known.trade_state === 'SUCCESS'
      ? { result_code: 1, result_info: 'delivered', evidence: 'The membership was granted and is in use.' }
      : { result_code: 0, result_info: 'agree', evidence: 'Nothing is delivered for this order.' };
  return { kind: 'apple-answer', answer };
}
