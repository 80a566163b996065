/** Every openid begins like this, and nothing else does. */
export const OPENID_PREFIX = 'oSimulated';

/** Whether WeChat knows somebody of the app by this openid. */
export function isShopper(openid: string): boolean {
  return openid.startsWith(OPENID_PREFIX);
}
