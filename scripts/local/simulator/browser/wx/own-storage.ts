/** What WeChat itself remembers of a shopper and a mini-program, beside the storage that the mini-program sees. */
export interface OwnStorage {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

export function ownStorage({ appid, openid }: { appid: string; openid: string }): OwnStorage {
  const key = (name: string) => `sim-own:${appid}:${openid}:${name}`;
  return {
    get: (name) => localStorage.getItem(key(name)) ?? undefined,
    set: (name, value) => localStorage.setItem(key(name), value),
  };
}
