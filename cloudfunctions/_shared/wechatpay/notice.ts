import { WeChatPayError } from './errors.ts';
import { type KeyName, keysOf, type Merchant } from './merchant.ts';
import { readReport, refused } from './report.ts';
import { matchesSign, SIGN_TYPES, type SignType } from './sign.ts';
import type { Report } from './wechatpay.ts';
import { type Fields, readXml } from './xml.ts';

/** A payment notice whose signature was verified. There is no other kind: an unverified one never gets a type. */
export interface Notice {
  readonly report: Report;
  /** The algorithm that matched. It must be the order's own, which only the floor above knows. */
  readonly sign_type: SignType;
  readonly key: KeyName;
}

/** What every notice has. WeChat does not sign an empty field, so an empty one would be as good as none. */
const ALWAYS = ['result_code', 'appid', 'mch_id', 'nonce_str', 'out_trade_no', 'sign'] as const;
/** What a notice of a payment has besides. */
const OF_A_PAYMENT = ['transaction_id', 'openid', 'total_fee', 'time_end'] as const;

/**
 * Reads a payment notice (pay.weixin.qq.com/doc/v2, "payment result notice"). The merchant's key signs other messages
 * too, and some of those signs are known to others: a shopper's phone is given a paySign with every order. So before
 * any sign is looked at, a message must have everything that makes it a notice. Nothing in it is believed, its own
 * sign_type included, before one of the merchant's keys is seen to have made its sign.
 *
 * @throws WeChatPayError XML_REFUSED · RETURN_FAIL, which says nothing about an order and is not signed ·
 * NOT_A_NOTICE · SIGN_MISMATCH · ANSWER_REFUSED, with out_trade_no, for one whose sign is valid but which is about
 * another merchant or holds a field that cannot be read
 */
export function readNotice(body: Buffer | string, merchant: Merchant): Notice {
  const fields = readXml(body);
  checkIsNotice(fields);
  const signature = findSignature(fields, merchant);
  if (fields.mch_id !== merchant.mch_id) {
    throw refused(fields, 'The sign of the notice is valid, but it names another mch_id.');
  }
  return { report: readReport(fields, tradeState(fields)), ...signature };
}

function checkIsNotice(fields: Readonly<Fields>): void {
  if (fields.return_code === 'FAIL') {
    throw new WeChatPayError('RETURN_FAIL', 'The notice has return_code FAIL, so it is about no order.');
  }
  if (fields.return_code !== 'SUCCESS') throw notANotice('return_code is not SUCCESS');
  const needed = fields.result_code === 'SUCCESS' ? [...ALWAYS, ...OF_A_PAYMENT] : ALWAYS;
  const missing = needed.filter((name) => !fields[name]);
  if (missing.length > 0) throw notANotice(`it lacks, or leaves empty, ${missing.join(', ')}`);
  // An answer to orderquery has all of that for a refunded order too. It says so here, where a notice says nothing.
  if (fields.trade_state && fields.trade_state !== 'SUCCESS') throw notANotice('it has a trade_state');
}

function notANotice(reason: string): WeChatPayError {
  return new WeChatPayError('NOT_A_NOTICE', `Not a payment notice: ${reason}.`);
}

/** Tries every key with every algorithm, and goes on after a match, so that the time taken does not reveal which. */
function findSignature(fields: Readonly<Fields>, merchant: Merchant): { sign_type: SignType; key: KeyName } {
  let found: { sign_type: SignType; key: KeyName } | undefined;
  for (const { name, key } of keysOf(merchant)) {
    for (const sign_type of SIGN_TYPES) {
      if (matchesSign(fields, key, sign_type)) found ??= { sign_type, key: name };
    }
  }
  if (found) return found;
  throw new WeChatPayError(
    'SIGN_MISMATCH',
    "No key of the merchant makes the notice's sign: it is forged, or api_key is not this merchant's API v2 key.",
  );
}

/**
 * WeChat notifies of successes only. Should it ever report a failed attempt, that is what a failed attempt means
 * at WeChat: the order is unpaid as before, and can still be paid.
 */
function tradeState(fields: Readonly<Fields>): string {
  if (fields.result_code === 'SUCCESS') return 'SUCCESS';
  if (fields.result_code === 'FAIL') return 'NOTPAY';
  throw refused(fields, "The notice's result_code is neither SUCCESS nor FAIL.");
}
