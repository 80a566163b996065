import { MERCHANT } from '../../scripts/local/local-world.ts';
import { type SignType, sign } from '../../scripts/local/wechatpay/sign.ts';
import { spellTime } from '../../scripts/local/wechatpay/spelling.ts';
import { type Message, writeXml } from '../../scripts/local/wechatpay/xml.ts';
import { openShop, type Placed, type Shop, type Shopper } from '../functions/shop.ts';
import type { Place } from './attack.ts';

export { MERCHANT };

/** The previous key: it still opens the door for notices, so it is as secret as the current one. */
export const PREVIOUS_KEY = 'thepreviouskeyofthelocalmerchant';

/** Somebody's order, by whoever made it. */
export interface Standing {
  readonly shopper: Shopper;
  readonly answer: Placed;
  readonly out_trade_no: string;
}

/** A shop that runs, with orders in it that are worth attacking. Its clock is stopped, so nothing happens by itself. */
export interface ShopUnderAttack extends Place {
  readonly shop: Shop;
  /** Whoever attacks is a shopper too. */
  readonly attacker: Shopper;
  /** The attacker's own order, unpaid. */
  readonly own: Standing;
  /** Another shopper's, unpaid. */
  readonly unpaid: Standing;
  /** Another shopper's, paid and settled, and the notice that WeChat sent of it. */
  readonly paid: Standing & { readonly notice: Message };
  readonly refunded: Standing;
  /** A new order of a new shopper, for an attack that leaves a mark on it. */
  order(): Promise<Standing>;
}

/** @param onOpen receives the shop before the first order is placed */
export async function openShopUnderAttack(
  variables: Record<string, string> = {},
  onOpen: (shop: Shop) => unknown = () => {},
  options: Parameters<typeof openShop>[1] = {},
): Promise<ShopUnderAttack> {
  const shop = await openShop({ WECHAT_PAY_API_KEY_PREVIOUS: PREVIOUS_KEY, ...variables }, options);
  await onOpen(shop);
  const order = async (shopper = shop.newShopper()): Promise<Standing> => {
    const answer = await shop.place(shopper);
    return { shopper, answer, out_trade_no: answer.order.out_trade_no };
  };
  const attacker = shop.newShopper();
  const [own, unpaid, paid, refunded] = [
    await order(attacker),
    await order(),
    await order(),
    await order(),
  ] as const;
  for (const { shopper, answer } of [paid, refunded]) shop.pay(shopper, answer);
  await shop.deliver();
  shop.wechatpay.force(MERCHANT.mch_id, refunded.out_trade_no, 'REFUND');
  await shop.checkOrder(refunded.shopper, refunded.out_trade_no);

  let seen = 0;
  return {
    ...{ shop, attacker, own, unpaid, refunded, order },
    paid: { ...paid, notice: noticeOf(shop, paid) },
    secrets: [
      { name: 'the API key', value: MERCHANT.api_key },
      { name: 'the previous API key', value: PREVIOUS_KEY },
    ],
    snapshot: () => {
      const { cloud, wechatpay } = shop;
      const stored = cloud.collections().map((name) => [name, cloud.documents(name)]);
      return structuredClone({ ...Object.fromEntries(stored), 'WeChat Pay': wechatpay.orders() });
    },
    outputs() {
      const events = shop.trace.since(seen);
      seen = events.at(-1)?.seq ?? seen;
      return JSON.stringify([events, shop.host.logs]);
    },
    close: () => shop.close(),
  };
}

/** A notice of the payment of an order, as WeChat would send it, without its sign. */
export function noticeOf(shop: Shop, { shopper, out_trade_no }: Standing): Message {
  return {
    ...{ return_code: 'SUCCESS', result_code: 'SUCCESS', appid: MERCHANT.appid, mch_id: MERCHANT.mch_id },
    ...{ nonce_str: 'n0nce', openid: shopper.openid, out_trade_no, total_fee: '4800', cash_fee: '4800' },
    ...{ bank_type: 'OTHERS', fee_type: 'CNY', is_subscribe: 'N', trade_type: 'JSAPI' },
    ...{ transaction_id: '4200009999202701150000000001', time_end: spellTime(shop.clock.now()) },
  };
}

/** The message with the sign that a key makes of it. */
export function signed(
  message: Message,
  { key = MERCHANT.api_key, by = 'HMAC-SHA256' }: { key?: string; by?: SignType } = {},
): Message {
  return { ...message, sign: sign(message, key, by) };
}

/** What comes back over HTTP. */
export interface Reply {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

/** Sends a request to HTTP access, by default as WeChat sends a notice. */
export async function post(
  { shop }: ShopUnderAttack,
  body: Message | string | Uint8Array<ArrayBuffer> | undefined,
  { path = '/payNotify', ...init }: Omit<RequestInit, 'body'> & { path?: string } = {},
): Promise<Reply> {
  const isMessage = typeof body === 'object' && !(body instanceof Uint8Array);
  const sent = isMessage ? writeXml(body) : body;
  const headers = { 'content-type': 'text/xml', ...init.headers };
  const request = { method: 'POST', ...init, headers, ...(sent === undefined ? {} : { body: sent }) };
  const response = await fetch(`${shop.gateway.url}${path}`, request);
  const { status } = response;
  return { status, type: response.headers.get('content-type'), text: await response.text() };
}
