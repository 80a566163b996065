import type { Env } from './ledger.ts';

/** What the console of the mini-program shows under 虚拟支付, 基本配置. */
export interface AccountOptions {
  readonly offer_id: string;
  /** The AppKey of the live environment and of the sandbox. */
  readonly app_keys: Readonly<Record<Env, string>>;
  /** 原始 ID, which events name as their receiver. */
  readonly original_id?: string;
  /** What the cash desk shows as payee. */
  readonly name?: string;
}

/** The account, with what its owner and WeChat can switch meanwhile. */
export interface Account extends Required<AccountOptions> {
  /** Virtual payment is opened for the mini-program; without it every API answers 48001. */
  isOpened: boolean;
  /** 苹果 IAP is switched on. */
  isAppleOpened: boolean;
}

export function createAccount({
  original_id = 'gh_10ca110ca110',
  name = '本地商户',
  ...options
}: AccountOptions): Account {
  return { original_id, name, ...options, isOpened: true, isAppleOpened: true };
}
