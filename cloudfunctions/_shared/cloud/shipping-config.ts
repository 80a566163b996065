import * as v from 'valibot';
import { parse, type Variables } from './config.ts';
import { answerOf, type Problem } from './shop-config.ts';
import { appSecret, readWeixinConfig, type WeixinConfig } from './virtual-pay-config.ts';

/** How WeChat is told that orders were fulfilled. The secret is the mini-program's; never log it. */
export interface ShippingConfig {
  readonly app_secret: string;
  readonly weixin: WeixinConfig;
}

const ShippingVariables = v.object({ WEIXIN_APP_SECRET: appSecret });

/** The settings, or what is wrong with them: that stops no payment, and nobody needs them before an order is to be shipped. */
export function readShipping(variables: Variables): ShippingConfig | Problem {
  return answerOf(() => ({
    app_secret: parse(ShippingVariables, variables).WEIXIN_APP_SECRET,
    weixin: readWeixinConfig(variables),
  }));
}
