import {
  ChannelError,
  type ChannelErrorCode,
  type PaymentChannel,
  type RefundOrder,
  type RefundReport,
  type Report,
} from '../order/channel.ts';
import type { Order } from '../order/order.ts';
import { createWeChatPay, type Transport } from '../wechatpay/client.ts';
import { WeChatPayError } from '../wechatpay/errors.ts';
import type { Merchant } from '../wechatpay/merchant.ts';
import { makeNonce, type Random } from '../wechatpay/nonce.ts';
import * as notices from '../wechatpay/notice.ts';
import { checkOrder, problemOf } from '../wechatpay/parameters.ts';
import { signPayment } from '../wechatpay/payment.ts';
import * as refundNotices from '../wechatpay/refund-notice.ts';
import type { SignType } from '../wechatpay/sign.ts';
import type {
  OrderKey,
  OrderParameters,
  RefundParameters,
  RefundReport as WeChatPayRefundReport,
  Report as WeChatPayReport,
} from '../wechatpay/wechatpay.ts';

/** What it takes to ask WeChat Pay within one call. */
export interface WeChatPayNeeds {
  readonly merchant: Merchant;
  /** Whether the transport has the merchant's certificate, without which WeChat gives no money back. */
  readonly hasCertificate: boolean;
  readonly transport: Transport;
  readonly random: Random;
  readonly clock: { now(): Date };
  /** When an answer comes too late to be of use. */
  readonly answerBy: Date;
}

/** WeChat Pay API v2 as a channel: an order's fields in WeChat's messages, WeChat's answers in the rules' words. */
export function openWeChatPay({ clock, hasCertificate, ...needs }: WeChatPayNeeds): PaymentChannel {
  const { merchant, random } = needs;
  const wechatpay = createWeChatPay(needs);
  const { unifiedorder, orderquery, closeorder } = wechatpay;
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

    unrefundable: () => (hasCertificate ? undefined : CERTIFICATE_MISSING),

    async refund(order, refund) {
      const answer = await translatedLater(() => wechatpay.refund(refundParametersOf(order, refund)));
      if (answer.kind === 'accepted') return answer;
      return { ...answer, advice: ADVICE[answer.err_code] ?? READ_THE_WORDS };
    },

    async queryRefund(order, out_refund_no) {
      const answer = await translatedLater(() => wechatpay.refundquery(keyOf(order), out_refund_no));
      return answer.kind === 'absent' ? answer : refundReportOf(answer);
    },

    async listRefunds(order) {
      return (await translatedLater(() => wechatpay.refundsOf(keyOf(order)))).map(refundReportOf);
    },
  };
}

const CERTIFICATE_MISSING =
  'WeChat Pay gives money back only to who shows the merchant certificate. Name its two PEM files in .env and deploy.';

const READ_THE_WORDS = 'Read what WeChat Pay says; then ask again, or give the refund up.';

/** What a human does about the codes of the refund API, whose table says as much. */
const ADVICE: Readonly<Partial<Record<string, string>>> = {
  NOTENOUGH:
    'The balance that refunds are paid from is too low: top it up in the merchant platform. It is asked again by itself.',
  USER_ACCOUNT_ABNORMAL:
    "The shopper's account cannot be paid to: give the money back in another way, and give this refund up.",
  TRADE_OVERDUE:
    'The payment is over a year old: give the money back in another way, and give this refund up.',
  ERROR: 'WeChat Pay says in its own words why: read them, then ask again or give the refund up.',
};

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

/** What a refund's notice is about: a hint, since it is not signed. @throws WeChatPayError as readNotice */
export function readRefundNotice(body: Buffer | string, merchant: Merchant): refundNotices.RefundNotice {
  return refundNotices.readRefundNotice(body, merchant);
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

/** The two functions that receive notices stand under one address. */
const PAY_NOTIFY = /\/payNotify$/;

/** What a refund is asked with. Only what is saved, so that asking again is asking the same. */
function refundParametersOf(order: Order, refund: RefundOrder): RefundParameters {
  const { notify_url, total_fee } = order;
  const { out_refund_no, refund_fee, reason } = refund;
  return {
    ...keyOf(order),
    ...{ out_refund_no, total_fee, refund_fee },
    ...(reason && { refund_desc: reason }),
    ...(PAY_NOTIFY.test(notify_url) && { notify_url: notify_url.replace(PAY_NOTIFY, '/refundNotify') }),
  };
}

/** WeChat's words for how a refund stands. One that is not among them says nothing, and unknown is not failed. */
const REFUND_STATES = new Map<string, RefundReport['state']>([
  ['SUCCESS', 'SUCCESS'],
  ['CHANGE', 'ABNORMAL'],
  ['REFUNDCLOSE', 'CLOSED'],
]);

function refundReportOf({ refund_status, ...report }: WeChatPayRefundReport): RefundReport {
  return { ...report, state: REFUND_STATES.get(refund_status) ?? 'PROCESSING' };
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
