import type { Env } from './ledger.ts';

/** Where a mini-program runs: WeChat's own word for the system, and what the payment depends on. */
export interface Phone {
  readonly openid: string;
  /** wx.getDeviceInfo().platform. */
  readonly platform: 'android' | 'ohos' | 'windows' | 'ios' | 'devtools';
  /** The version of WeChat; Apple's way to pay needs 8.0.68. */
  readonly version?: string;
  /** What of the mini-program runs: the sandbox is for versions that are not released. */
  readonly envVersion?: 'develop' | 'trial' | 'release';
  /** An App Store account of mainland China. */
  readonly isDomesticAppleAccount?: boolean;
}

export const APPLE_WECHAT_VERSION_MIN = '8.0.68';

/** Whether this phone may pay in the sandbox. */
export function mayUse(env: Env, { platform, envVersion = 'release' }: Phone): boolean {
  return env === 0 || (platform !== 'ios' && envVersion !== 'release');
}

/** Whether a version is older than another: three numbers with dots. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  for (const at of [0, 1, 2]) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
