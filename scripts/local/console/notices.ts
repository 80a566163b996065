import { FORGERIES as EVENT_FORGERIES, type Forgery as EventForgery } from '../virtualpay/forgeries.ts';
import { FORGERY_NAMES, type Forgery } from '../wechatpay/notice.ts';
import { DONE, refusal } from './answers.ts';
import type { ConsoleParts } from './parts.ts';
import type { Outcome } from './wire.ts';

type Parts = Pick<ConsoleParts, 'wechatpay' | 'virtualpay'>;

/** The lies that can be sent, by the channel of the order. */
export const LIES = { wechatpay: FORGERY_NAMES, virtualpay: EVENT_FORGERIES };

/** What is sent about an order: its true notice, so many times, or one that must not be believed. */
export type Sending = { readonly times: number } | { readonly forge: string };

/** Sends now, outside the schedule, and does not wait for what comes of it: the diagram shows that. */
export function sendNotice(parts: Parts, out_trade_no: string, sending: Sending): Outcome {
  const ordinary = parts.wechatpay.orders().find((each) => each.out_trade_no === out_trade_no);
  const virtual = parts.virtualpay.orders().find((each) => each.out_trade_no === out_trade_no);
  const order = ordinary ?? virtual;
  if (!order) return refusal('NO_SUCH_ORDER', 'WeChat has no such order.');
  if ('times' in sending && !order.payment)
    return refusal('NOT_PAID', 'The order is not paid, so there is no notice of it.');
  return ordinary
    ? sendOrdinary(parts, ordinary, sending)
    : virtual
      ? sendVirtual(parts, virtual, sending)
      : DONE;
}

function sendOrdinary(
  { wechatpay }: Parts,
  { mch_id, out_trade_no }: { readonly mch_id: string; readonly out_trade_no: string },
  sending: Sending,
): Outcome {
  if ('times' in sending) {
    void wechatpay.resendNotice(mch_id, out_trade_no, sending);
    return DONE;
  }
  const forgery = FORGERY_NAMES.find((name): name is Forgery => name === sending.forge);
  if (!forgery) return unknownLie('wechatpay');
  void wechatpay.forgeNotice(mch_id, out_trade_no, forgery);
  return DONE;
}

function sendVirtual(
  { virtualpay }: Parts,
  order: ReturnType<Parts['virtualpay']['orders']>[number],
  sending: Sending,
): Outcome {
  const { out_trade_no, openid, env, product_id, price } = order;
  if ('times' in sending) {
    void virtualpay.resendEvent(env, out_trade_no, sending);
    return DONE;
  }
  const forgery = EVENT_FORGERIES.find((name): name is EventForgery => name === sending.forge);
  if (!forgery) return unknownLie('virtualpay');
  void virtualpay.forgeEvent({ out_trade_no, openid, env, product_id, price }, forgery);
  return DONE;
}

function unknownLie(channel: keyof typeof LIES): Outcome {
  return refusal('MALFORMED', `Forgeries of ${channel}: ${LIES[channel].join(', ')}`);
}
