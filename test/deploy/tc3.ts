import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Checks a TC3-HMAC-SHA256 signature as Tencent Cloud does
 * (https://cloud.tencent.com/document/api/876/34828). Gives the error code it would answer, or undefined.
 */
export function verifyTc3(
  headers: IncomingHttpHeaders,
  body: string,
  secret: { readonly id: string; readonly key: string },
): string | undefined {
  const parts = /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\S+), SignedHeaders=(\S+), Signature=(\w+)$/.exec(
    headers.authorization ?? '',
  );
  if (!parts) return 'AuthFailure.InvalidAuthorization';
  const [, id, scope = '', signedHeaders = '', signature] = parts;
  if (id !== secret.id) return 'AuthFailure.SecretIdNotFound';
  const [date = '', service = ''] = scope.split('/');
  const canonicalHeaders = signedHeaders.split(';').map((name) => `${name}:${headers[name]}\n`);
  const canonical = ['POST', '/', '', canonicalHeaders.join(''), signedHeaders, sha256(body)].join('\n');
  const timestamp = String(headers['x-tc-timestamp']);
  const text = ['TC3-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n');
  const key = [date, service, 'tc3_request'].reduce<Buffer | string>(hmac, `TC3${secret.key}`);
  return hmac(key, text).toString('hex') === signature ? undefined : 'AuthFailure.SignatureFailure';
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
