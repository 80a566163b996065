import {
  meaningForCloseorder,
  meaningForOrderquery,
  meaningForRefund,
  meaningForRefundquery,
  meaningForUnifiedorder,
} from './err-code.ts';
import { WeChatPayError } from './errors.ts';
import { keysOf, type Merchant } from './merchant.ts';
import { makeNonce, type Random } from './nonce.ts';
import { checkParameters, orderFields, refundFields } from './parameters.ts';
import { REFUNDS_MAX, readRefunds } from './refund.ts';
import { readReport, required } from './report.ts';
import { matchesSign, sign } from './sign.ts';
import type {
  OrderKey,
  Prepaid,
  RefundAccepted,
  RefundParameters,
  RefundReport,
  Refused,
  Report,
  WeChatPay,
} from './wechatpay.ts';
import { type Fields, readXml, writeXml } from './xml.ts';

export type Path =
  | '/pay/unifiedorder'
  | '/pay/orderquery'
  | '/pay/closeorder'
  | typeof REFUND_PATH
  | '/pay/refundquery'
  | typeof BILL_PATH;

/** The one question that WeChat answers only over a connection with the merchant's certificate. */
export const REFUND_PATH = '/secapi/pay/refund';
/** The one question whose answer is a file: a whole day of the merchant. */
export const BILL_PATH = '/pay/downloadbill';

/** Until when a request may be sent, the first time or once more, and by when its answer is of use. */
export interface TimeLimits {
  readonly sendBy: Date;
  readonly answerBy: Date;
}

/**
 * Posts `body` to WeChat Pay within the limits, and gives what came back. Failures on the way are thrown as
 * WeChatPayErrors (TIMEOUT, UNREACHABLE, BROKEN_CONNECTION) and pass through this floor unchanged.
 */
export type Transport = (path: Path, body: string, limits: TimeLimits) => Promise<Buffer>;

/** unifiedorder takes no order that has less than this left (time_expire). */
export const TIME_EXPIRE_LEFT_MS = 5 * 60_000;

/**
 * WeChat Pay API v2 over a transport. Parameters are checked before they are sent; an answer is believed only when
 * it is signed as it must be and is about what was asked.
 *
 * @param answerBy when an answer comes too late to be of use; nothing is sent that could not be answered by then
 */
export function createWeChatPay({ answerBy, ...asker }: Asker & { answerBy: Date }): WeChatPay {
  const ask = (path: Path, order: OrderKey, fields: Fields, sendBy = answerBy) =>
    askWithEachKey(asker, { path, order, fields, limits: { sendBy, answerBy } });

  return {
    mch_id: asker.merchant.mch_id,

    async unifiedorder(parameters) {
      const sendBy = new Date(
        Math.min(answerBy.getTime(), parameters.time_expire.getTime() - TIME_EXPIRE_LEFT_MS),
      );
      return readPrepay(await ask('/pay/unifiedorder', parameters, orderFields(parameters), sendBy));
    },

    async orderquery(order) {
      const answer = await ask('/pay/orderquery', order, { out_trade_no: order.out_trade_no });
      if (!hasFailed(answer)) return readQueried(answer, order);
      const meaning = meaningForOrderquery(errCode(answer));
      if (meaning === 'absent') return { kind: meaning };
      throw meaning === 'alarm' ? misconfigured(answer) : tryAgain(answer);
    },

    async closeorder(order) {
      const answer = await ask('/pay/closeorder', order, { out_trade_no: order.out_trade_no });
      const meaning = hasFailed(answer) ? meaningForCloseorder(errCode(answer)) : 'closed';
      if (meaning === 'alarm') throw misconfigured(answer);
      if (meaning === 'try-again') throw tryAgain(answer);
      return { kind: meaning };
    },

    async refund(parameters) {
      const answer = await ask(REFUND_PATH, parameters, refundFields(parameters));
      if (!hasFailed(answer)) return readAccepted(answer, parameters);
      const err_code = errCode(answer);
      const meaning = meaningForRefund(err_code);
      if (meaning === 'alarm') throw misconfigured(answer);
      if (meaning === 'try-again') throw tryAgain(answer);
      return { kind: meaning, err_code, err_code_des: answer.err_code_des ?? '' };
    },

    async refundquery(order, out_refund_no) {
      const reports = await refunds(order, { out_refund_no });
      const report = reports.find((each) => each.out_refund_no === out_refund_no);
      if (report) return report;
      if (reports.length > 0) throw aboutAnother('out_refund_no');
      return { kind: 'absent' };
    },

    async refundsOf(order) {
      const all = new Map<string, RefundReport>();
      while (all.size < REFUNDS_MAX) {
        const known = all.size;
        // From the last known one on, which is there: an offset behind the last refund is an error.
        const page = await refunds(order, {
          out_trade_no: order.out_trade_no,
          ...(known > 0 && { offset: String(known - 1) }),
        });
        for (const report of page) all.set(report.out_refund_no, report);
        if (page.length < REFUNDS_A_PAGE || all.size === known) break;
      }
      return [...all.values()];
    },
  };

  async function refunds(order: OrderKey, fields: Fields): Promise<readonly RefundReport[]> {
    const answer = await ask('/pay/refundquery', order, fields);
    if (!hasFailed(answer)) return readRefunds(answer, order.out_trade_no);
    const meaning = meaningForRefundquery(errCode(answer));
    if (meaning === 'absent') return [];
    throw meaning === 'alarm' ? misconfigured(answer) : tryAgain(answer);
  }
}

/** refundquery lists so many refunds at a time, and takes an offset for the next. */
const REFUNDS_A_PAGE = 10;

/** What it takes to ask anything. */
export interface Asker {
  readonly merchant: Merchant;
  readonly transport: Transport;
  readonly random: Random;
}

interface Question {
  readonly path: Path;
  readonly order: OrderKey;
  readonly fields: Fields;
  readonly limits: TimeLimits;
}

/**
 * Asks with the merchant's current key, and if WeChat refuses that one, with the previous one: while keys are changed,
 * the two sides do not change at the same moment. WeChat may change between our two questions, so that it refuses both;
 * the current key is therefore tried once more before a human is called. Time may run out on the way, which is unknown
 * and not failed, as ever.
 */
async function askWithEachKey(
  { merchant, transport, random }: Asker,
  { path, order, fields, limits }: Question,
): Promise<Fields> {
  // Another merchant's order is unknown to WeChat under ours, and would be taken for one that never arrived.
  if (order.mch_id !== merchant.mch_id) throw anotherMerchant();
  const request: Fields = Object.assign(fields, {
    appid: order.appid,
    mch_id: order.mch_id,
    sign_type: order.sign_type,
  });
  checkParameters(request);
  for (const key of keysToTry(merchant)) {
    request.nonce_str = makeNonce(random);
    request.sign = sign(request, key, order.sign_type);
    const answer = readXml(await transport(path, writeXml(request), limits));
    if (saysSignError(answer)) continue;
    verify(answer, key, order);
    return answer;
  }
  throw new WeChatPayError(
    'MERCHANT_MISCONFIGURED',
    `WeChat Pay does not accept our sign for mch_id ${merchant.mch_id}: compare api_key with the API v2 key in the merchant platform.`,
    { err_code: 'SIGNERROR' },
  );
}

/** The current key, the previous one, and the current one again where there are two. */
export function keysToTry(merchant: Merchant): readonly string[] {
  const keys = keysOf(merchant).map(({ key }) => key);
  return keys.length === 1 ? keys : [...keys, merchant.api_key];
}

/**
 * Whether WeChat refused our sign. This much is read before verification, and has to be: such an answer is unsigned,
 * or signed with the key that we do not have. A forged one costs a request and no more.
 */
function saysSignError(answer: Fields): boolean {
  if (answer.return_code === 'FAIL') return answer.return_msg?.includes('签名错误') ?? false;
  return answer.result_code === 'FAIL' && answer.err_code === 'SIGNERROR';
}

function verify(answer: Fields, key: string, asked: OrderKey): void {
  if (answer.return_code === 'FAIL') {
    throw new WeChatPayError(
      'RETURN_FAIL',
      `WeChat Pay answered return_code FAIL: ${quote(answer.return_msg)}.`,
    );
  }
  if (!matchesSign(answer, key, asked.sign_type)) {
    throw new WeChatPayError(
      'SIGN_MISMATCH',
      `The answer ${answer.sign ? `has a sign that our key does not make with ${asked.sign_type}` : 'has no sign'}.`,
    );
  }
  if (required(answer, 'appid') !== asked.appid) throw aboutAnother('appid');
  if (required(answer, 'mch_id') !== asked.mch_id) throw aboutAnother('mch_id');
}

function readPrepay(answer: Fields): Prepaid | Refused {
  if (!hasFailed(answer)) return { kind: 'prepaid', prepay_id: required(answer, 'prepay_id') };
  const err_code = errCode(answer);
  const meaning = meaningForUnifiedorder(err_code);
  if (meaning === 'try-again') throw tryAgain(answer);
  return { kind: 'refused', err_code, err_code_des: answer.err_code_des ?? '', meaning };
}

/** `trade_state` is what counts; result_code SUCCESS only means that the question was answered. */
function readQueried(answer: Fields, order: OrderKey): Report {
  const report = readReport(answer, required(answer, 'trade_state'));
  if (report.out_trade_no !== order.out_trade_no) throw aboutAnother('out_trade_no');
  return report;
}

function readAccepted(answer: Fields, { out_refund_no, refund_fee }: RefundParameters): RefundAccepted {
  if (required(answer, 'out_refund_no') !== out_refund_no) throw aboutAnother('out_refund_no');
  if (required(answer, 'refund_fee') !== String(refund_fee)) throw aboutAnother('refund_fee');
  return { kind: 'accepted', refund_id: required(answer, 'refund_id') };
}

function hasFailed(answer: Fields): boolean {
  const result_code = required(answer, 'result_code');
  if (result_code === 'SUCCESS') return false;
  if (result_code === 'FAIL') return true;
  throw new WeChatPayError('ANSWER_REFUSED', 'result_code in the answer is neither SUCCESS nor FAIL.');
}

function errCode(answer: Fields): string {
  return required(answer, 'err_code');
}

function tryAgain(answer: Fields): WeChatPayError {
  const err_code = errCode(answer);
  const message = `WeChat Pay could not say: ${err_code}, ${quote(answer.err_code_des)}. Ask again.`;
  return new WeChatPayError('TRY_AGAIN', message, { err_code });
}

function misconfigured(answer: Fields): WeChatPayError {
  const err_code = errCode(answer);
  const message = `WeChat Pay refuses the request itself: ${err_code}, ${quote(answer.err_code_des)}.`;
  return new WeChatPayError('MERCHANT_MISCONFIGURED', message, { err_code });
}

function anotherMerchant(): WeChatPayError {
  return new WeChatPayError(
    'MERCHANT_MISCONFIGURED',
    'The order was made for another mch_id than the configured one. Orders cannot change the merchant: let them end first.',
  );
}

function aboutAnother(name: string): WeChatPayError {
  return new WeChatPayError('ANSWER_REFUSED', `The answer is about another ${name} than the request.`);
}

/** WeChat's own words for people, no longer than it documents them to be. */
function quote(text = 'no reason given'): string {
  return text.slice(0, 128);
}
