import * as v from 'valibot';
import type { Env } from '../virtualpay/env.ts';
import { parse, TIMEOUT_MS, type Variables, webAddress, wholeNumber } from './config.ts';

/** Where virtual payment and the login of shoppers are asked. */
const WEIXIN_API_ORIGIN = 'https://api.weixin.qq.com';

export const appSecret = v.pipe(
  v.string('is missing'),
  v.regex(/^[0-9A-Za-z]{32}$/, 'must be the 32 letters and digits of the AppSecret'),
);

const VirtualPayVariables = v.object({
  WEIXIN_APP_SECRET: appSecret,
  VIRTUAL_PAY_APP_KEY: v.pipe(
    v.string('is missing'),
    v.regex(/^[\x21-\x7e]{8,128}$/, 'must be the AppKey of virtual payment'),
  ),
  VIRTUAL_PAY_OFFER_ID: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,32}$/, 'must be the digits of the OfferID')),
  ),
  VIRTUAL_PAY_ENV: v.optional(v.picklist(['0', '1'], 'must be 0 (live) or 1 (sandbox)'), '0'),
});

const WeixinVariables = v.object({
  WEIXIN_API_ORIGIN: v.optional(webAddress('must be an http or https address'), WEIXIN_API_ORIGIN),
  // It is WeChat Pay's as well: a wrong one is reported there, and stops nothing here.
  WECHAT_PAY_TIMEOUT_MS: v.fallback(wholeNumber(TIMEOUT_MS), TIMEOUT_MS.usual),
});

/** How the shop is known to virtual payment, and the way there. The two keys are secrets; never log one. */
export interface VirtualPayConfig {
  /** The AppSecret of the mini-program. */
  readonly app_secret: string;
  /** The AppKey of `env`. */
  readonly app_key: string;
  readonly env: Env;
  readonly offer_id?: string;
  readonly weixin: WeixinConfig;
}

/** @throws CloudError CONFIGURATION_WRONG, naming everything that is wrong at once and no value */
export function readVirtualPayConfig(variables: Variables): VirtualPayConfig {
  const schema = v.object({ ...VirtualPayVariables.entries, ...WeixinVariables.entries });
  const read = parse(schema, variables);
  const offer_id = read.VIRTUAL_PAY_OFFER_ID;
  return {
    app_secret: read.WEIXIN_APP_SECRET,
    app_key: read.VIRTUAL_PAY_APP_KEY,
    env: read.VIRTUAL_PAY_ENV === '1' ? 1 : 0,
    ...(offer_id === undefined ? {} : { offer_id }),
    weixin: weixinOf(read),
  };
}

/** Where api.weixin.qq.com is, and how long its answer is waited for at most. */
export interface WeixinConfig {
  readonly origin: string;
  readonly timeout_ms: number;
}

/** @throws CloudError CONFIGURATION_WRONG */
export function readWeixinConfig(variables: Variables): WeixinConfig {
  return weixinOf(parse(WeixinVariables, variables));
}

function weixinOf(read: v.InferOutput<typeof WeixinVariables>): WeixinConfig {
  return { origin: read.WEIXIN_API_ORIGIN, timeout_ms: read.WECHAT_PAY_TIMEOUT_MS };
}
