import { createHmac } from 'node:crypto';

/**
 * HMAC-SHA256 as lower-case hex: the one algorithm of virtual payment (虚拟支付 2.4). Keys are taken as text, also the
 * session_key, which looks like base64 and is not decoded.
 */
function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('hex');
}

/** @param uri the path of a server API with its leading slash, or `requestVirtualPayment` on the phone */
export function paySig(app_key: string, uri: string, body: string): string {
  return hmac(app_key, `${uri}&${body}`);
}

export function userSignature(session_key: string, body: string): string {
  return hmac(session_key, body);
}
