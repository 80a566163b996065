import type { Terminal } from '../logic/shop/terminal';

/** WeChat forbids paying for virtual goods on iOS; DevTools says which phone it plays in `system`. */
export function isIos(): boolean {
  const { platform, system } = wx.getDeviceInfo();
  return /^ios/i.test(platform) || /^ios/i.test(system);
}

/** What this runs on, for what may be paid here. */
export function terminal(): Terminal {
  const { platform, system } = wx.getDeviceInfo();
  const hasVirtualPayment = wx.canIUse('requestVirtualPayment');
  return { platform, system, version: wx.getAppBaseInfo().version, hasVirtualPayment };
}

/** Opens the page where WeChat updates itself, where there is one. */
export async function updateWeChat(): Promise<void> {
  try {
    await wx.updateWeChatApp();
  } catch (cause) {
    console.warn('update', cause);
  }
}

/** Whether the phone shows itself dark. */
export function isDark(): boolean {
  return wx.getAppBaseInfo().theme === 'dark';
}

/** Whether the phone knows that it has no network; not knowing counts as having one. */
export async function isOffline(): Promise<boolean> {
  try {
    const { networkType } = await wx.getNetworkType();
    return networkType === 'none';
  } catch {
    return false;
  }
}

/** Calls `run` each time the network comes back, until the returned function is called. */
export function onConnected(run: () => unknown): () => void {
  // The typings give the listener that is taken off another shape than the one that was put on; this fits both.
  const listen = (status: { isConnected?: boolean; errMsg?: string }) => {
    if (status.isConnected) run();
  };
  wx.onNetworkStatusChange(listen);
  return () => wx.offNetworkStatusChange(listen);
}

/**
 * Random bytes. Old base libraries (before 2.15.0) cannot give them; there, the phone's own chance will do, since a
 * request_id has to be unlike the others of one shopper and need not be a secret.
 */
export async function randomBytes(length: number): Promise<Uint8Array> {
  try {
    const { randomValues } = await wx.getRandomValues({ length });
    return new Uint8Array(randomValues);
  } catch {
    return Uint8Array.from({ length }, () => Math.floor(Math.random() * 256));
  }
}

/** Runs something later; the returned function calls it off. */
export function later(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
