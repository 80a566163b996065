import { decode, encode } from '../../ejson.ts';
import { api } from './api.ts';
import { fail, text } from './failure.ts';

/** A phone keeps 1 MB under one key and 10 MB in all. */
const ENTRY_MAX_BYTES = 1024 * 1024;
const STORAGE_MAX_KB = 10 * 1024;

/** wx storage in the browser's own, for each mini-program and shopper apart. */
export function storageApis({ appid, openid }: { appid: string; openid: string }) {
  const prefix = `sim:${appid}:${openid}:`;
  const keys = () =>
    Object.keys(localStorage).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
  const has = (key: string) => localStorage.getItem(prefix + key) !== null;
  const size = () =>
    keys().reduce((sum, key) => sum + (localStorage.getItem(prefix + key)?.length ?? 0), 0) / 1024;

  const set = (key: string, value: unknown) => {
    // In an object of its own, undefined and null stay what they are.
    const json = JSON.stringify(value === undefined ? {} : { value: encode(value) });
    if (json.length > ENTRY_MAX_BYTES) fail('entry size limit reached');
    if (size() + json.length / 1024 > STORAGE_MAX_KB) fail('storage limit reached');
    localStorage.setItem(prefix + key, json);
  };
  const get = (key: string): unknown => {
    const json = localStorage.getItem(prefix + key);
    const stored: unknown = json === null ? undefined : JSON.parse(json);
    if (typeof stored !== 'object' || stored === null) return '';
    return 'value' in stored ? decode(stored.value) : undefined;
  };
  const remove = (key: string) => localStorage.removeItem(prefix + key);
  const clear = () => {
    for (const key of keys()) remove(key);
  };
  const info = () => ({ keys: keys(), currentSize: Math.ceil(size()), limitSize: STORAGE_MAX_KB });

  return {
    setStorageSync: set,
    getStorageSync: get,
    removeStorageSync: remove,
    clearStorageSync: clear,
    getStorageInfoSync: info,
    setStorage: api('setStorage', (options) => set(text(options, 'key'), options.data)),
    getStorage: api('getStorage', (options) => {
      const key = text(options, 'key');
      return has(key) ? { data: get(key) } : fail('data not found');
    }),
    removeStorage: api('removeStorage', (options) => remove(text(options, 'key'))),
    clearStorage: api('clearStorage', clear),
    getStorageInfo: api('getStorageInfo', info),
  };
}
