import { createHmac } from 'node:crypto';

/**
 * `paySig` of the client's call (uri `requestVirtualPayment`) and `pay_sig` of a server's (uri is the path, as
 * `/xpay/query_order`, without host and query string): over the AppKey of the env that the text names.
 * @param text exactly what is sent, byte for byte
 * @returns lower-case hex, which is what WeChat compares
 */
export function paySig(app_key: string, uri: string, text: string): string {
  return hmacSha256(app_key, `${uri}&${text}`);
}

/** `signature`: over the shopper's session_key, which is the key as it is, not decoded from base64. */
export function userSignature(session_key: string, text: string): string {
  return hmacSha256(session_key, text);
}

function hmacSha256(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}
