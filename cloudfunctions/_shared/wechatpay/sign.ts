import * as crypto from 'node:crypto';
import type { Fields } from './xml.ts';

export type SignType = 'MD5' | 'HMAC-SHA256';

/** Both algorithms, in the order in which WeChat introduced them. */
export const SIGN_TYPES: readonly SignType[] = ['MD5', 'HMAC-SHA256'];

/**
 * Signs a message as WeChat Pay v2 does (pay.weixin.qq.com/doc/v2/merchant/4011985891): every field that is not
 * empty, except `sign`, in the ASCII order of the names, then the merchant's key; raw UTF-8, nothing escaped.
 * @returns upper-case hex: 32 digits for MD5, 64 for HMAC-SHA256
 */
export function sign(fields: Readonly<Fields>, key: string, signType: SignType): string {
  const text = `${textToSign(fields)}key=${key}`;
  return (signType === 'MD5' ? md5(text) : hmacSha256(text, key)).toUpperCase();
}

/**
 * Whether the message carries the `sign` that this key makes. A message without one never matches. The time taken
 * does not reveal how much of a wrong sign was right.
 */
export function matchesSign(fields: Readonly<Fields>, key: string, signType: SignType): boolean {
  const given = Buffer.from(fields.sign ?? '');
  // How long a sign of either algorithm is, everybody knows: comparing that first gives nothing away.
  if (given.length !== HEX_DIGITS[signType]) return false;
  return crypto.timingSafeEqual(given, Buffer.from(sign(fields, key, signType)));
}

const HEX_DIGITS: Readonly<Record<SignType, number>> = { MD5: 32, 'HMAC-SHA256': 64 };

/** Every pair ends with `&`, since the key follows in any case. */
function textToSign(fields: Readonly<Fields>): string {
  let text = '';
  for (const name of Object.keys(fields).sort()) {
    const value = fields[name];
    if (name === 'sign' || !value) continue; // Every value is text, so '0' is not empty and is signed.
    text += `${name}=${value}&`;
  }
  return text;
}

/** `crypto.hash` is faster, and missing from Node 18, which CloudBase still offers. */
const md5: (text: string) => string =
  typeof crypto.hash === 'function'
    ? (text) => crypto.hash('md5', text, 'hex')
    : (text) => crypto.createHash('md5').update(text).digest('hex');

function hmacSha256(text: string, key: string): string {
  return crypto.createHmac('sha256', key).update(text).digest('hex');
}
