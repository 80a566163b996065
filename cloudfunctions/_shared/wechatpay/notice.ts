import { WeChatPayError } from './errors.ts';
import { type KeyName, keysOf, type Merchant } from './merchant.ts';
import { readReport, required } from './report.ts';
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

/**
 * Reads a payment notice (pay.weixin.qq.com/doc/v2, "payment result notice"). Nothing in it is believed, its own
 * sign_type included, before one of the merchant's keys is seen to have made its sign.
 *
 * @throws WeChatPayError XML_REFUSED · RETURN_FAIL, which says nothing about an order and is not signed ·
 * SIGN_MISMATCH for no sign or a wrong one · ANSWER_REFUSED for one that is rightly signed but is about another
 * merchant or lacks a field
 */
export function readNotice(body: Buffer | string, merchant: Merchant): Notice {
  const fields = readXml(body);
  if (fields.return_code === 'FAIL') {
    throw new WeChatPayError('RETURN_FAIL', 'The notice has return_code FAIL, so it is about no order.');
  }
  const signature = findSignature(fields, merchant);
  if (required(fields, 'mch_id') !== merchant.mch_id) {
    throw new WeChatPayError('ANSWER_REFUSED', 'The notice is rightly signed but names another mch_id.');
  }
  return { report: readReport(fields, tradeState(fields)), ...signature };
}

/** Tries every key with every algorithm, and goes on after a match, so that the time taken does not tell which. */
function findSignature(fields: Fields, merchant: Merchant): { sign_type: SignType; key: KeyName } {
  let found: { sign_type: SignType; key: KeyName } | undefined;
  for (const { name, key } of keysOf(merchant)) {
    for (const sign_type of SIGN_TYPES) {
      if (matchesSign(fields, key, sign_type)) found ??= { sign_type, key: name };
    }
  }
  if (found) return found;
  throw new WeChatPayError(
    'SIGN_MISMATCH',
    fields.sign
      ? "No key of the merchant makes the notice's sign: it is forged, or api_key is not this merchant's API v2 key."
      : 'The notice has no sign, so it did not come from WeChat Pay.',
  );
}

/**
 * WeChat notifies of successes only. Should it ever tell us of a failed attempt, that is what a failed attempt means
 * at WeChat: the order is unpaid as before, and can still be paid.
 */
function tradeState(fields: Fields): string {
  const result_code = required(fields, 'result_code');
  if (result_code === 'SUCCESS') return 'SUCCESS';
  if (result_code === 'FAIL') return 'NOTPAY';
  throw new WeChatPayError('ANSWER_REFUSED', "The notice's result_code is neither SUCCESS nor FAIL.");
}
