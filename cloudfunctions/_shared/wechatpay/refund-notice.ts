import { createDecipheriv, createHash } from 'node:crypto';
import { WeChatPayError } from './errors.ts';
import { keysOf, type Merchant } from './merchant.ts';
import { required } from './report.ts';
import { type Fields, readXml } from './xml.ts';

/**
 * What a notice of a refund is about. It is no more than a hint: its encryption proves that whoever wrote it knows the
 * key, but the same cipher text can be cut and pasted, so refundquery is asked before anything changes.
 */
export interface RefundNotice {
  readonly out_trade_no: string;
  readonly out_refund_no: string;
}

/**
 * Reads a notice of a refund (pay.weixin.qq.com/doc/v2, "refund result notice"): unsigned, with everything that counts in
 * `req_info`, encrypted by AES-256-ECB under the MD5 of the merchant's key.
 *
 * @throws WeChatPayError XML_REFUSED · RETURN_FAIL · NOT_A_NOTICE for one that lacks what every such notice has ·
 * SIGN_MISMATCH for one that none of the merchant's keys opens · ANSWER_REFUSED for one that a key opens and that is
 * about another merchant or names no refund
 */
export function readRefundNotice(body: Buffer | string, merchant: Merchant): RefundNotice {
  const fields = readXml(body);
  if (fields.return_code === 'FAIL') {
    throw new WeChatPayError('RETURN_FAIL', 'The notice has return_code FAIL, so it is about no refund.');
  }
  const missing = ['return_code', 'mch_id', 'req_info'].filter((name) => !fields[name]);
  if (missing.length > 0) {
    throw new WeChatPayError('NOT_A_NOTICE', `Not a refund notice: it lacks ${missing.join(', ')}.`);
  }
  const opened = open(required(fields, 'req_info'), merchant);
  if (fields.mch_id !== merchant.mch_id) {
    const message = 'One of our keys opens the notice, but it names another mch_id.';
    throw new WeChatPayError('ANSWER_REFUSED', message, { out_trade_no: opened.out_trade_no });
  }
  return {
    out_trade_no: required(opened, 'out_trade_no'),
    out_refund_no: required(opened, 'out_refund_no'),
  };
}

function open(req_info: string, merchant: Merchant): Fields {
  for (const { key } of keysOf(merchant)) {
    const opened = read(decrypted(req_info, key));
    if (opened) return opened;
  }
  throw new WeChatPayError(
    'SIGN_MISMATCH',
    "No key of the merchant opens the notice: it is forged, or api_key is not this merchant's API v2 key.",
  );
}

/** One text in 256 that another key encrypted seems to open; what comes out is then no message. */
function read(text: Buffer | undefined): Fields | undefined {
  try {
    return text && readXml(text, 'root');
  } catch (error) {
    if (error instanceof WeChatPayError && error.code === 'XML_REFUSED') return undefined;
    throw error;
  }
}

/** Exported for the official samples. Undefined where the key does not open it. */
export function decrypted(req_info: string, api_key: string): Buffer | undefined {
  const key = createHash('md5').update(api_key).digest('hex');
  const decipher = createDecipheriv('aes-256-ecb', key, null);
  try {
    return Buffer.concat([decipher.update(req_info, 'base64'), decipher.final()]);
  } catch {
    return undefined;
  }
}
