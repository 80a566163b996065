import type { Lost } from '../logic/answer';
import type { SignedIn } from '../logic/shop/checkout';
import { isOffline } from './device';

const LOGIN_TIMEOUT_MS = 10_000;

/** https://developers.weixin.qq.com/miniprogram/dev/api/open-api/login/wx.login.html */
export async function signIn(): Promise<SignedIn | Lost> {
  try {
    const { code } = await wx.login({ timeout: LOGIN_TIMEOUT_MS });
    return { kind: 'signed-in', code };
  } catch (cause) {
    console.warn('login', cause);
    return { kind: 'lost', offline: await isOffline() };
  }
}
