import { createHash } from 'node:crypto';

export type Algorithm = 'MD5' | 'HMAC-SHA256';

const BLOCK_BYTES = 64;

/**
 * WeChat Pay's signature, written from its rule (pay.weixin.qq.com/doc/v2/merchant/4011985891) and HMAC from RFC 2104,
 * sharing nothing with either side that is tested: parameters that have a value, without `sign`, by the bytes of their
 * names, joined as a query string, then the key.
 */
export function signByRule(fields: Readonly<Record<string, string>>, key: string, by: Algorithm): string {
  const parts: Buffer[] = [];
  const names = Object.keys(fields).map((name) => Buffer.from(name));
  for (const name of names.sort(Buffer.compare)) {
    const value = fields[name.toString()] ?? '';
    if (value.length === 0 || name.equals(Buffer.from('sign'))) continue;
    parts.push(Buffer.concat([name, Buffer.from('='), Buffer.from(value), Buffer.from('&')]));
  }
  const text = Buffer.concat([...parts, Buffer.from(`key=${key}`)]);
  return (by === 'MD5' ? digest('md5', text) : hmac(Buffer.from(key), text)).toString('hex').toUpperCase();
}

function hmac(key: Buffer, text: Buffer): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  (key.length > BLOCK_BYTES ? digest('sha256', key) : key).copy(block);
  const padded = (byte: number) => Buffer.from(block.map((value) => value ^ byte));
  return digest('sha256', padded(0x5c), digest('sha256', padded(0x36), text));
}

function digest(algorithm: 'md5' | 'sha256', ...parts: readonly Buffer[]): Buffer {
  return createHash(algorithm).update(Buffer.concat(parts)).digest();
}
