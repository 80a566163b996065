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

/** The block of SHA-256, in bytes. */
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;

/**
 * HMAC (RFC 2104) by two digests at one go. Node's own makes a stream each time and mixes the key anew, which is a sixth of
 * all that an order's messages take; so what the key becomes is kept. Node's own it is for a key for which that does not hold.
 */
function hmacSha256(text: string, key: string): string {
  if (typeof crypto.hash !== 'function' || key.length > BLOCK_BYTES || !IS_ASCII.test(key))
    return crypto.createHmac('sha256', key).update(text).digest('hex');
  if (mixed.key !== key) mixed = mix(key);
  mixed.outer.write(crypto.hash('sha256', `${mixed.inner}${text}`, 'binary'), BLOCK_BYTES, 'latin1');
  return crypto.hash('sha256', mixed.outer, 'hex');
}

const IS_ASCII = /^[\0-\x7F]*$/;

/** The key of the latest sign: a merchant has one, or two while keys are changed. */
let mixed = mix('');

/** An ASCII key stays ASCII with either pad, so that the inner one can stand before a text as a text. */
function mix(key: string) {
  const pad = (byte: number) =>
    Buffer.from(key.padEnd(BLOCK_BYTES, '\0'), 'latin1').map((code) => code ^ byte);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
  outer.set(pad(0x5c));
  return { key, inner: Buffer.from(pad(0x36)).toString('latin1'), outer };
}
