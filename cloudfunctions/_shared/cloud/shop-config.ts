import type { ChannelName } from '../contract.ts';
import type { OrderTerms } from '../order/draft.ts';
import {
  type MerchantConfig,
  type NewOrderConfig,
  readMerchantConfig,
  readOrderConfig,
  readOrderTerms,
  type Variables,
} from './config.ts';
import { CloudError } from './errors.ts';
import { readVirtualPayConfig, type VirtualPayConfig } from './virtual-pay-config.ts';

/** What is wrong with settings, by name and without a value. */
export interface Problem {
  readonly problem: string;
}

/**
 * How the shop is known to each way to pay. A shop may sell through one of them alone, and a setting of one that is wrong
 * stops no other: so what is missing or wrong is an answer here, and a failure only where an order needs it.
 */
export interface ShopConfig {
  /** With what new orders are made with, in the function that makes them. */
  readonly wechatpay: (MerchantConfig & Partial<NewOrderConfig>) | Problem;
  readonly virtualpay: VirtualPayConfig | Problem;
}

/** @throws CloudError CONFIGURATION_WRONG for a shop that cannot be paid in any way */
export function readShopConfig(variables: Variables): ShopConfig {
  return usable(variables, {
    wechatpay: answerOf(() => readMerchantConfig(variables)),
    virtualpay: readVirtualPay(variables),
  });
}

/** The same with everything that new orders are made with. */
export function readOrderingConfig(variables: Variables): ShopConfig & OrderTerms {
  const shop = usable(variables, {
    wechatpay: answerOf(() => readOrderConfig(variables)),
    virtualpay: readVirtualPay(variables),
  });
  return { ...shop, ...readOrderTerms(variables) };
}

/** For a function that is given no secret of WeChat Pay. */
export function readVirtualPay(variables: Variables): VirtualPayConfig | Problem {
  return answerOf(() => readVirtualPayConfig(variables));
}

export function answerOf<Config>(read: () => Config): Config | Problem {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    return { problem: error.message.replace(/\.$/, '') };
  }
}

/** Settings that a shop has as soon as it sells this way; the others can have other reasons. */
const WECHAT_PAY = ['WECHAT_PAY_MCH_ID', 'WECHAT_PAY_API_KEY'];
const VIRTUAL_PAY = ['VIRTUAL_PAY_APP_KEY', 'VIRTUAL_PAY_OFFER_ID'];

/** The ways to pay that somebody has begun to set up: of another nothing is missing. */
export function waysBegun(variables: Variables): readonly ChannelName[] {
  const isBegun = (names: readonly string[]) => names.some((name) => variables[name]?.trim());
  return [
    ...(isBegun(WECHAT_PAY) ? ['wechatpay' as const] : []),
    ...(isBegun(VIRTUAL_PAY) ? ['virtualpay' as const] : []),
  ];
}

function usable(variables: Variables, shop: ShopConfig): ShopConfig {
  const { wechatpay, virtualpay } = shop;
  if (!('problem' in wechatpay && 'problem' in virtualpay)) return shop;
  const begun = waysBegun(variables);
  const problems = [
    // Where none was begun, it is the usual one that is missing.
    ...(begun.includes('wechatpay') || begun.length === 0 ? [wechatpay.problem] : []),
    ...(begun.includes('virtualpay') ? [virtualpay.problem] : []),
  ];
  throw new CloudError('CONFIGURATION_WRONG', `${problems.join('. ')}.`);
}
