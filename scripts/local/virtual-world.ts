import * as v from 'valibot';
import type { WorldClock } from './clock.ts';
import type { FunctionHost } from './cloud/functions/host.ts';
import { type Deployed, firstDocuments } from './deployed.ts';
import type { OwnOrigins } from './guard.ts';
import type { SavedWorld } from './saved-world.ts';
import type { Trace } from './trace.ts';
import type { Deliver } from './virtualpay/pushes.ts';
import { createVirtualPay, type LocalVirtualPay } from './virtualpay/virtualpay.ts';
import { serveWeixin, type WeixinServer } from './weixin/server.ts';
import type { ShippingWorld } from './weixin/shipping.ts';
import { createWeixin, type LocalWeixin } from './weixin/weixin.ts';

/** How the shop is known to virtual payment. Nobody but this machine knows these keys either. */
export const VIRTUAL_PAY = {
  app_secret: '0123456789abcdef0123456789abcdef',
  offer_id: '1450000000',
  app_keys: { 0: 'local-live-appkey-0123456789abcd', 1: 'local-sandbox-appkey-0123456789a' },
} as const;

/** The function that message push hands the events of virtual payment to. */
const EVENT_FUNCTION = 'virtualPayNotify';

export interface VirtualWorld {
  readonly weixin: LocalWeixin;
  readonly weixinServer: WeixinServer;
  readonly virtualpay: LocalVirtualPay;
}

/** api.weixin.qq.com with virtual payment, whose events go to the world's own function. */
export async function startVirtualWorld({
  clock,
  random,
  trace,
  appid,
  saved,
  host,
  port,
  origins,
  paymentOf,
}: {
  readonly clock: WorldClock;
  readonly random: () => number;
  readonly trace: Trace;
  readonly appid: string;
  readonly saved: SavedWorld | undefined;
  readonly host: () => FunctionHost;
  readonly port: number;
  readonly origins: OwnOrigins;
  readonly paymentOf: ShippingWorld['paymentOf'];
}): Promise<VirtualWorld> {
  const { app_secret: secret, ...account } = VIRTUAL_PAY;
  const invocationAt = (at: number) => host().invocationAt(at);
  const weixin = createWeixin({ clock, random, trace, app: { appid, secret }, paymentOf });
  const virtualpay = createVirtualPay({
    ...{ clock, trace, weixin, account },
    random,
    deliver: pushTo(host),
    orders: saved?.virtualOrders ?? [],
    items: saved?.virtualItems ?? [],
    onChange: (change) =>
      'order' in change ? saved?.saveVirtualOrder(change.order) : saved?.saveVirtualItem(change.item),
  });
  return { weixin, virtualpay, weixinServer: await serveWeixin(weixin, port, { origins, invocationAt }) };
}

/** Message push calls a function as no client can. WeChat waits in real time, since the function is a real process. */
function pushTo(host: () => FunctionHost): Deliver {
  return async ({ event, id, timeout_ms }) => {
    const call = { id, functionName: EVENT_FUNCTION, from: 'weixin', source: 'wx_push', event } as const;
    const answer = await Promise.race([host().invoke(call), late(timeout_ms)]);
    if (answer.kind === 'failed') throw answer.error;
    return JSON.parse(answer.result);
  };
}

function late(timeout_ms: number): Promise<never> {
  return new Promise((_, reject) => {
    const error = new Error(`no answer within ${timeout_ms} ms`);
    setTimeout(() => reject(error), timeout_ms).unref();
  });
}

/** What of a product its items are made from. */
const ProductSchema = v.looseObject({
  _id: v.string(),
  name: v.string(),
  options: v.array(v.looseObject({ months: v.number(), total_fee: v.number() })),
});
type Product = v.InferOutput<typeof ProductSchema>;

/** A product as it is after a deployment that published its items, in WeChat's books as well. */
export function soldVirtually(product: Product, virtualpay: LocalVirtualPay): Record<string, unknown> {
  const items = product.options.map(({ months, total_fee: price }) => {
    const id = `${product._id}_${months}m_${price}`;
    virtualpay.publish({ id, price, name: `${product.name} ${months} 个月`, env: 0 });
    return { item_id: id, months, price, env: 0, effective_at: new Date(0).toISOString() };
  });
  return { ...product, channel: 'virtualpay', items };
}

/** A shop that sells all of its products so. */
export function deployedVirtually(shop: Deployed, virtualpay: LocalVirtualPay): Deployed {
  const products = v.parse(v.array(ProductSchema), shop.documents.products);
  const sold = firstDocuments(products.map((product) => soldVirtually(product, virtualpay)));
  return { ...shop, documents: { ...shop.documents, products: sold } };
}
