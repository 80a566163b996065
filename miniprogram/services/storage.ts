import type { Store } from '../logic/store';

const known = new Map<string, unknown>();

/**
 * The phone's storage, each key read from it once: only this mini-program writes there. What cannot be stored (storage is
 * full) is at least known until the mini-program ends.
 */
export const storage: Store = {
  read(key) {
    if (!known.has(key)) {
      const kept: unknown = wx.getStorageSync(key);
      known.set(key, kept === '' ? undefined : kept);
    }
    return known.get(key);
  },
  write(key, value) {
    known.set(key, value);
    try {
      wx.setStorageSync(key, value);
    } catch (cause) {
      console.warn('storage', key, cause);
    }
  },
};
