import { ChannelError, type ChannelErrorCode, type PaymentChannel, type Report } from '../order/channel.ts';
import type { Order } from '../order/order.ts';
import { createWeChatPay, type Transport } from '../wechatpay/client.ts';
import { WeChatPayError } from '../wechatpay/errors.ts';
import type { Merchant } from '../wechatpay/merchant.ts';
import { makeNonce, type Random } from '../wechatpay/nonce.ts';
import * as notices from '../wechatpay/notice.ts';
import { checkOrder, problemOf } from '../wechatpay/parameters.ts';
import { signPayment } from '../wechatpay/payment.ts';
import type { SignType } from '../wechatpay/sign.ts';
import type { OrderKey, OrderParameters, Report as WeChatPayReport } from '../wechatpay/wechatpay.ts';

/** What it takes to ask WeChat Pay within one call. */
export interface WeChatPayNeeds {
  readonly merchant: Merchant;
  readonly transport: Transport;
  readonly random: Random;
  readonly clock: { now(): Date };
  /** When an answer comes too late to be of use. */
  readonly answerBy: Date;
}

/** WeChat Pay API v2 as a channel: an order's fields in WeChat's messages, WeChat's answers in the rules' words. */
export function openWeChatPay({ clock, ...needs }: WeChatPayNeeds): PaymentChannel {
  const { merchant, random } = needs;
  const { unifiedorder, orderquery, closeorder } = createWeChatPay(needs);
  return {
    check: (order) => translated(() => checkOrder(parametersOf(order))),

    async prepare(order) {
      const answer = await translatedLater(() => unifiedorder(parametersOf(order)));
      return answer.kind === 'refused' ? answer : { kind: 'prepared', prepay_id: answer.prepay_id };
    },

    paymentFor({ appid, prepay_id, sign_type }) {
      const nonce_str = makeNonce(random);
      const { api_key } = merchant;
      return signPayment({ appid, prepay_id, sign_type, api_key, nonce_str, now: clock.now() });
    },

    unaskable({ mch_id }) {
      if (mch_id === merchant.mch_id) return undefined;
      return (
        `The order was made under mch_id ${mch_id}; the functions have ${merchant.mch_id}, which cannot ask about it. ` +
        `Look in the merchant platform of ${mch_id} whether it was paid, or configure that one until its orders have ended.`
      );
    },

    async query(order) {
      const answer = await translatedLater(() => orderquery(keyOf(order)));
      return answer.kind === 'absent' ? answer : reportOf(answer);
    },

    close: (order) => translatedLater(() => closeorder(keyOf(order))),
  };
}

/** Why WeChat refuses this text as the body of an order, to follow the name of its field. Undefined where it takes it. */
export function problemOfBody(body: string): string | undefined {
  return problemOf('body', body);
}

/** A payment notice whose signature was verified, and the algorithm of its signature. */
export interface Notice {
  readonly report: Report;
  readonly sign_type: SignType;
}

/** @throws WeChatPayError as readNotice of the floor below: whoever receives notices answers WeChat by its code */
export function readNotice(body: Buffer | string, merchant: Merchant): Notice {
  const { report, sign_type } = notices.readNotice(body, merchant);
  return { report: reportOf(report), sign_type };
}

/** Every message of WeChat Pay names the merchant and the app that it is about. */
function reportOf(report: WeChatPayReport): Report {
  return { ...report, proves: ['mch_id', 'appid'] };
}

function keyOf({ appid, mch_id, _id: out_trade_no, sign_type }: Order): OrderKey {
  return { appid, mch_id, out_trade_no, sign_type };
}

/** What unifiedorder is asked with: only what is saved, so that asking again is asking the same. */
function parametersOf(order: Order): OrderParameters {
  const { _openid: openid, body, total_fee, spbill_create_ip, notify_url, attach } = order;
  const { time_start, time_expire } = order;
  const asked = { openid, body, total_fee, spbill_create_ip, notify_url, time_start, time_expire };
  return { ...keyOf(order), ...asked, ...(attach && { attach }) };
}

/** WeChat's ways of asking for fewer questions. */
const PATIENCE: ReadonlySet<string | undefined> = new Set(['FREQUENCY_LIMITED', 'INVALID_REQ_TOO_MUCH']);

function codeOf({ code, err_code }: WeChatPayError): ChannelErrorCode {
  if (PATIENCE.has(err_code)) return 'PATIENCE';
  if (err_code === 'SIGNERROR') return 'MISCONFIGURED';
  switch (code) {
    case 'MERCHANT_MISCONFIGURED':
    case 'PARAMETER_REFUSED':
    // An unsigned no: in practice always our merchant, our key or our parameters.
    case 'RETURN_FAIL':
      return 'REFUSED';
    default:
      return 'UNKNOWN';
  }
}

function inOurWords(error: unknown): unknown {
  if (!(error instanceof WeChatPayError)) return error;
  const { code: reason, err_code, message } = error;
  return new ChannelError(codeOf(error), message, { reason, err_code, cause: error });
}

function translated<Answer>(ask: () => Answer): Answer {
  try {
    return ask();
  } catch (error) {
    throw inOurWords(error);
  }
}

async function translatedLater<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw inOurWords(error);
  }
}
