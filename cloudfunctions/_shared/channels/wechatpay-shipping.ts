import { ChannelError, type DeliveryRefused } from '../order/channel.ts';
import { isUndelivered, type Order } from '../order/order.ts';
import type { AccessTokens } from '../weixin/access-token.ts';
import { WeixinError } from '../weixin/errors.ts';
import type { ManagedApps } from '../weixin/managed-apps.ts';
import { uploadShippingInfo } from '../weixin/shipping.ts';
import type { Transport } from '../weixin/transport.ts';
import { translated } from './weixin-errors.ts';

/** The way to WeChat's shipping service. The secret is the mini-program's; never log it. */
export interface ShippingSettings {
  readonly app_secret: string;
  readonly transport: Transport;
  readonly tokens: AccessTokens;
  readonly managed: ManagedApps;
}

/** What it takes to say that orders were fulfilled within one call. */
export interface ShippingNeeds {
  /** Or what is wrong with them, by name and without a value. */
  readonly settings: ShippingSettings | { readonly problem: string };
  readonly clock: { now(): Date };
  readonly answerBy: Date;
}

/** Whether WeChat may still have to be told of an order: of one that is paid here, as long as that stands in it. */
export function owesShipping(order: Order): boolean {
  const isPaid = order.trade_state === 'SUCCESS' || order.trade_state === 'REFUND';
  return !isPaid || isUndelivered(order);
}

/**
 * Says that the shopper has what an order gives, where WeChat keeps the money of the mini-program until then; elsewhere
 * nothing is to be said. What is said comes from the order alone, so that saying it again is saying the same.
 * @throws ChannelError
 */
export async function ship(
  { settings, clock, answerBy }: ShippingNeeds,
  order: Order,
): Promise<DeliveryRefused | undefined> {
  if ('problem' in settings) {
    const message = `WeChat cannot be told that orders were fulfilled: ${settings.problem}.`;
    throw new ChannelError('MISCONFIGURED', message, { reason: 'CONFIGURATION_WRONG' });
  }
  const { app_secret: secret, transport, tokens, managed } = settings;
  const needs = { transport, tokens, clock, answerBy };
  const app = { appid: order.appid, secret };
  const { _id: out_trade_no, _openid: openid, mch_id, body: item_desc } = order;
  const upload_time = order.undelivered_since ?? order.time_end ?? order.created_at;
  if (!(await translated(() => managed.has(needs, app)))) return undefined;
  try {
    await uploadShippingInfo(needs, app, { mch_id, out_trade_no, openid, item_desc, upload_time });
    return undefined;
  } catch (error) {
    if (error instanceof WeixinError && error.code === 'REFUSED' && isAboutOrder(error))
      return { kind: 'delivery-refused', err_code: String(error.errcode), message: error.message };
    return translated<undefined>(() => Promise.reject(error));
  }
}

/** A code of the shipping service itself. Any other may be about the whole mini-program, and over tomorrow. */
function isAboutOrder({ errcode = 0, isUnsent }: WeixinError): boolean {
  return !isUnsent && errcode >= 10060000 && errcode < 10061000;
}
