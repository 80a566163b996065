import * as v from 'valibot';
import type { BillSource } from '../order/bills/bill.ts';
import type { OptionToSell } from '../order/catalogue.ts';
import {
  type ChannelAlarm,
  ChannelError,
  type ChannelErrorCode,
  type PaymentChannel,
  type RefundOrder,
  type RefundReport,
  type Report,
} from '../order/channel.ts';
import type { Order } from '../order/order.ts';
import { createWeChatPay, type Transport } from '../wechatpay/client.ts';
import { downloadBill } from '../wechatpay/download-bill.ts';
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
import { owesShipping, type ShippingNeeds, ship } from './wechatpay-shipping.ts';

/** How the shop is known to WeChat Pay, and the way there. */
export interface WeChatPaySettings {
  readonly merchant: Merchant;
  /** Whether the transport has the merchant's certificate, without which WeChat gives no money back. */
  readonly hasCertificate: boolean;
  readonly transport: Transport;
  /** What new orders are made with; only the function that makes them has it. */
  readonly newOrders?: Pick<WeChatPayFields, 'notify_url' | 'sign_type'>;
  /** Whether WeChat is told that paid orders were fulfilled. */
  readonly ships: boolean;
  /** The way to tell it; only the timer has it. */
  readonly shipping?: ShippingNeeds['settings'] | undefined;
}

/** What it takes to ask WeChat Pay within one call. */
export interface WeChatPayNeeds {
  /** Or what is wrong with them, by name and without a value: a shop that sells nothing this way has none. */
  readonly settings: WeChatPaySettings | { readonly problem: string };
  readonly random: Random;
  readonly clock: { now(): Date };
  /** When an answer comes too late to be of use. */
  readonly answerBy: Date;
}

/** What an order of this channel stores: what unifiedorder is asked with, beside the order's own, and what it answered. */
export const WeChatPayFieldsSchema = v.object({
  /** What the payment is opened with; null before unifiedorder has answered. */
  prepay_id: v.nullable(v.string()),
  sign_type: v.picklist(['MD5', 'HMAC-SHA256']),
  spbill_create_ip: v.string(),
  notify_url: v.string(),
});

export type WeChatPayFields = v.InferOutput<typeof WeChatPayFieldsSchema>;

/** WeChat Pay API v2 as a channel: an order's fields in WeChat's messages, WeChat's answers in the rules' words. */
export function openWeChatPay(needs: WeChatPayNeeds): PaymentChannel {
  const { settings, clock, random, answerBy } = needs;
  /** @throws ChannelError MISCONFIGURED where the settings are missing or wrong */
  const wechatpay = () => {
    const { merchant, transport } = settingsOf(needs);
    return createWeChatPay({ merchant, transport, random, answerBy });
  };
  return {
    checkSettings: () => void settingsOf(needs),

    begin({ client_ip }) {
      const { merchant, newOrders } = settingsOf(needs);
      if (!newOrders) throw new Error('This function makes no orders.');
      const fields: WeChatPayFields = { prepay_id: null, ...newOrders, spbill_create_ip: client_ip };
      return { kind: 'begun', mch_id: merchant.mch_id, fields };
    },

    check: (order) => translated(() => checkOrder(parametersOf(order))),

    async prepare(order) {
      const answer = await translatedLater(() => wechatpay().unifiedorder(parametersOf(order)));
      return answer.kind === 'refused'
        ? answer
        : { kind: 'prepared', fields: { prepay_id: answer.prepay_id } };
    },

    async paymentFor(order) {
      const { prepay_id, sign_type } = fieldsOf(order);
      if (prepay_id === null) throw new Error(`The order ${order._id} is signed for before it was sent.`);
      const nonce_str = makeNonce(random);
      const { api_key } = settingsOf(needs).merchant;
      return signPayment({ appid: order.appid, prepay_id, sign_type, api_key, nonce_str, now: clock.now() });
    },

    unaskable({ mch_id }) {
      if ('problem' in settings || mch_id === settings.merchant.mch_id) return undefined;
      const why =
        `The order was made under mch_id ${mch_id}; the functions have ${settings.merchant.mch_id}, which cannot ask about it. ` +
        `Look in the merchant platform of ${mch_id} whether it was paid, or configure that one until its orders have ended.`;
      return { why };
    },

    async query(order) {
      const answer = await translatedLater(() => wechatpay().orderquery(keyOf(order)));
      const { ships } = settingsOf(needs);
      return answer.kind === 'absent' ? answer : reportOf(answer, { ships: ships && owesShipping(order) });
    },

    close: (order) => translatedLater(() => wechatpay().closeorder(keyOf(order))),

    staffGoOnWithRefunds: true,

    unrefundable() {
      if ('problem' in settings) return settings.problem;
      return settings.hasCertificate ? undefined : CERTIFICATE_MISSING;
    },

    async refund(order, refund) {
      const answer = await translatedLater(() => wechatpay().refund(refundParametersOf(order, refund)));
      if (answer.kind === 'accepted') return answer;
      return { ...answer, advice: ADVICE[answer.err_code] ?? READ_THE_WORDS };
    },

    async queryRefund(order, out_refund_no) {
      const answer = await translatedLater(() => wechatpay().refundquery(keyOf(order), out_refund_no));
      return answer.kind === 'absent' ? answer : refundReportOf(answer);
    },

    async listRefunds(order) {
      return (await translatedLater(() => wechatpay().refundsOf(keyOf(order)))).map(refundReportOf);
    },

    knowsRefundsBySum: false,

    bills: 'problem' in settings ? undefined : billsOf({ ...settings, random, answerBy }),

    ...('problem' in settings ? {} : deliveryOf(needs, settings.shipping)),
  };
}

function deliveryOf(
  { clock, answerBy }: WeChatPayNeeds,
  settings: WeChatPaySettings['shipping'],
): Pick<PaymentChannel, 'markDelivered'> {
  return settings ? { markDelivered: (order) => ship({ settings, clock, answerBy }, order) } : {};
}

function billsOf(needs: Parameters<typeof downloadBill>[0]): BillSource {
  const { mch_id } = needs.merchant;
  return { mch_id, download: (asked) => translatedLater(() => downloadBill(needs, asked)) };
}

function settingsOf({ settings }: WeChatPayNeeds): WeChatPaySettings {
  if (!('problem' in settings)) return settings;
  const message = `WeChat Pay cannot be asked: ${settings.problem}.`;
  throw new ChannelError('MISCONFIGURED', message, { reason: 'CONFIGURATION_WRONG' });
}

const CERTIFICATE_MISSING =
  'WeChat Pay gives money back only to who shows the merchant certificate. Name its two PEM files in .env and deploy.';

const READ_THE_WORDS = 'Read what WeChat Pay says; then ask again, or give the refund up.';

/** Until then it is sent again, and may arrive. */
const GIVE_UP_FIRST =
  'give this refund up, and give the money back in another way only once it is CLOSED, or the shopper may have it twice.';

/** What a human does about the codes of the refund API, whose table says as much. */
const ADVICE: Readonly<Partial<Record<string, string>>> = {
  NOTENOUGH:
    'The balance that refunds are paid from is too low: top it up in the merchant platform. It is asked again by itself.',
  USER_ACCOUNT_ABNORMAL: `The shopper's account cannot be paid to: ${GIVE_UP_FIRST}`,
  TRADE_OVERDUE: `The payment is over a year old: ${GIVE_UP_FIRST}`,
  ERROR: 'WeChat Pay says in its own words why: read them, then ask again or give the refund up.',
};

/** Why WeChat Pay refuses an option of a product: the field and the limit, never the value. */
export function problemOfOption({ body }: OptionToSell): string | undefined {
  const problem = problemOf('body', body);
  return problem && `name: with its term it ${problem}`;
}

/**
 * Reads a payment notice whose signature is verified. It is about an order only if it was signed by the order's own algorithm.
 * @param how.ships as in the settings
 * @throws WeChatPayError as readNotice of the floor below: whoever receives notices answers WeChat by its code
 */
export function readNotice(
  body: Buffer | string,
  merchant: Merchant,
  how: Pick<WeChatPaySettings, 'ships'>,
): Report {
  const { report, sign_type } = notices.readNotice(body, merchant);
  return { ...reportOf(report, how), objectionTo: (order) => signedOtherwise(order, sign_type) };
}

function signedOtherwise({ by_channel }: Order, sign_type: SignType): ChannelAlarm | undefined {
  const made = v.safeParse(WeChatPayFieldsSchema, by_channel.wechatpay);
  // An order that is not paid through WeChat Pay names no merchant of it, so that its payment will not agree.
  if (!made.success || made.output.sign_type === sign_type) return undefined;
  const message = `The notice is signed with ${sign_type}, the order was made with ${made.output.sign_type}.`;
  return { code: 'SIGN_TYPE_MISMATCH', message };
}

/** @throws ChannelError REFUSED for an order that is not this channel's */
function fieldsOf(order: Order): WeChatPayFields {
  const read = v.safeParse(WeChatPayFieldsSchema, order.by_channel.wechatpay);
  if (read.success) return read.output;
  const message = `The order ${order._id} lacks what WeChat Pay is asked with.`;
  throw new ChannelError('REFUSED', message, { reason: 'ORDER_UNREADABLE' });
}

/** What a refund's notice is about: a hint, since it is not signed. @throws WeChatPayError as readNotice */
export function readRefundNotice(body: Buffer | string, merchant: Merchant): refundNotices.RefundNotice {
  return refundNotices.readRefundNotice(body, merchant);
}

/** Every message of WeChat Pay names the merchant and the app that it is about. None says whether an order was fulfilled. */
function reportOf(report: WeChatPayReport, { ships }: Pick<WeChatPaySettings, 'ships'>): Report {
  const isPaid = report.trade_state === 'SUCCESS' || report.trade_state === 'REFUND';
  return { ...report, proves: ['mch_id', 'appid'], ...(ships && isPaid && { undelivered: true }) };
}

function keyOf(order: Order): OrderKey {
  const { appid, mch_id, _id: out_trade_no } = order;
  return { appid, mch_id, out_trade_no, sign_type: fieldsOf(order).sign_type };
}

/** What unifiedorder is asked with: only what is saved, so that asking again is asking the same. */
function parametersOf(order: Order): OrderParameters {
  const { _openid: openid, body, total_fee, attach } = order;
  const { spbill_create_ip, notify_url } = fieldsOf(order);
  const { time_start, time_expire } = order;
  const asked = { openid, body, total_fee, spbill_create_ip, notify_url, time_start, time_expire };
  return { ...keyOf(order), ...asked, ...(attach && { attach }) };
}

/** The two functions that receive notices stand under one address. */
const PAY_NOTIFY = /\/payNotify$/;

/** What a refund is asked with. Only what is saved, so that asking again is asking the same. */
function refundParametersOf(order: Order, refund: RefundOrder): RefundParameters {
  const { notify_url } = fieldsOf(order);
  const { total_fee } = order;
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
