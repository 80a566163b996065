export interface MerchantOptions {
  readonly mch_id: string;
  /** 32 bytes, as the merchant platform demands. */
  readonly api_key: string;
  /** The apps bound to this merchant. */
  readonly appids: readonly string[];
  /** What the cashier shows as payee. */
  readonly name?: string;
}

export interface Shopper {
  readonly openid: string;
  readonly appid: string;
}

/** A merchant as WeChat Pay knows it. */
export interface Merchant {
  readonly mch_id: string;
  readonly name: string;
  readonly appids: readonly string[];
  /** The key that counts now. */
  readonly api_key: string;
  /**
   * Sets a new key at WeChat's side, at once: requests and phones' parameters under the old one are refused from
   * here on, while a notice that was made before keeps its signature whenever it is repeated.
   */
  rotate(api_key: string): void;
}

const KEY_BYTES = 32;

/** Who exists: merchants with their apps, and shoppers with the app their openid belongs to. */
export class Registry {
  readonly #merchants: ReadonlyMap<string, Merchant>;
  readonly #shoppers: ReadonlyMap<string, string> | undefined;

  /** @param shoppers when left out, every openid belongs to every app */
  constructor(merchants: readonly MerchantOptions[], shoppers: readonly Shopper[] | undefined) {
    this.#merchants = new Map(merchants.map((options) => [options.mch_id, createMerchant(options)]));
    this.#shoppers = shoppers && new Map(shoppers.map(({ openid, appid }) => [openid, appid]));
  }

  find(mch_id: string): Merchant | undefined {
    return this.#merchants.get(mch_id);
  }

  /** @throws when nobody has this mch_id; for callers of ours, not for what comes over the wire */
  get(mch_id: string): Merchant {
    const merchant = this.find(mch_id);
    if (!merchant)
      throw new Error(`No merchant ${mch_id} here; known: ${[...this.#merchants.keys()].join(', ')}`);
    return merchant;
  }

  hasApp(appid: string): boolean {
    return [...this.#merchants.values()].some(({ appids }) => appids.includes(appid));
  }

  isShopperOf(openid: string, appid: string): boolean {
    return this.#shoppers === undefined || this.#shoppers.get(openid) === appid;
  }
}

function createMerchant({ mch_id, api_key, appids, name = '本地商户' }: MerchantOptions): Merchant {
  let key = checkedKey(api_key);
  return {
    mch_id,
    name,
    appids,
    get api_key() {
      return key;
    },
    rotate(next) {
      key = checkedKey(next);
    },
  };
}

function checkedKey(api_key: string): string {
  if (Buffer.byteLength(api_key) !== KEY_BYTES)
    throw new RangeError(`A merchant's key has ${KEY_BYTES} bytes`);
  return api_key;
}
