import { createHash, createHmac } from 'node:crypto';

export type SignType = 'MD5' | 'HMAC-SHA256';

/**
 * WeChat Pay's signature of a message (安全规范, 4011985891): every field that is not empty, except `sign`, by ASCII
 * name, then the key; upper-case hex.
 */
export function sign(message: Readonly<Record<string, string>>, key: string, sign_type: SignType): string {
  const pairs = Object.keys(message)
    .filter((name) => name !== 'sign' && message[name] !== '')
    .sort()
    .map((name) => `${name}=${message[name]}`);
  const text = [...pairs, `key=${key}`].join('&');
  const hash = sign_type === 'MD5' ? createHash('md5') : createHmac('sha256', key);
  return hash.update(text, 'utf8').digest('hex').toUpperCase();
}
