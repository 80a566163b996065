import * as v from 'valibot';
import { shorten } from '../shorten.ts';
import type { Meanings } from './answer.ts';
import { askWithToken, DONE, type WeixinNeeds } from './client.ts';
import { WeixinError } from './errors.ts';
import type { App } from './transport.ts';

/** An order of WeChat Pay that was fulfilled without anything being sent by post. */
export interface Shipping {
  readonly mch_id: string;
  readonly out_trade_no: string;
  /** The payer. */
  readonly openid: string;
  /** What was bought, as the shopper reads it. */
  readonly item_desc: string;
  /** When the shopper had it. */
  readonly upload_time: Date;
}

/** From the pages isTradeManaged and uploadShippingInfo (小程序发货信息管理服务). */
const MEANINGS: Meanings = new Map([
  [44990, 'TOO_OFTEN'],
  // A payment is known there some time after it was made, and may be in a state in which it cannot be shipped for now.
  [10060001, 'TRY_AGAIN'],
  [10060004, 'TRY_AGAIN'],
  [10060012, 'TRY_AGAIN'],
  [10060019, 'TRY_AGAIN'],
]);

/**
 * What says that the order was shipped: that it is over (10060002), that its one correction is used up (10060003), that it is
 * as it was (10060023, 268440065).
 */
const IS_SHIPPED: ReadonlySet<number | undefined> = new Set([10060002, 10060003, 10060023, 268440065]);

const MANAGED = v.object({ is_trade_managed: v.boolean() });

/**
 * Asks whether WeChat keeps the money of this mini-program until it knows that orders were fulfilled (isTradeManaged).
 * @throws WeixinError
 */
export async function isTradeManaged(needs: WeixinNeeds, app: App): Promise<boolean> {
  const { appid } = app;
  const answer = await askWithToken(needs, app, {
    path: '/wxa/sec/order/is_trade_managed',
    body: { appid },
    answer: MANAGED,
    meanings: MEANINGS,
  });
  return answer.is_trade_managed;
}

/** WeChat's wording of an order without logistics, and of one that is shipped all at once. */
const NO_LOGISTICS = 3;
const ALL_AT_ONCE = 1;
const BY_MERCHANTS_NUMBER = 1;
const ITEM_DESC_CHARACTERS_MAX = 120;

/**
 * Says that an order was fulfilled (uploadShippingInfo). Said again with the same data it changes nothing, and saying it
 * of an order that was shipped already is fine.
 * @throws WeixinError TRY_AGAIN also where WeChat does not have the order yet; REFUSED where the data or the payer are wrong
 */
export async function uploadShippingInfo(needs: WeixinNeeds, app: App, shipping: Shipping): Promise<void> {
  const { mch_id: mchid, out_trade_no, openid, item_desc, upload_time } = shipping;
  const question = {
    path: '/wxa/sec/order/upload_shipping_info',
    body: {
      order_key: { order_number_type: BY_MERCHANTS_NUMBER, mchid, out_trade_no },
      logistics_type: NO_LOGISTICS,
      delivery_mode: ALL_AT_ONCE,
      shipping_list: [{ item_desc: shorten(item_desc, ITEM_DESC_CHARACTERS_MAX) }],
      upload_time: rfc3339(upload_time),
      payer: { openid },
    },
    answer: DONE,
    meanings: MEANINGS,
  };
  try {
    await askWithToken(needs, app, question);
  } catch (error) {
    if (!(error instanceof WeixinError) || !IS_SHIPPED.has(error.errcode)) throw error;
  }
}

const CHINA_OFFSET_MS = 8 * 3_600_000;

/** As in the documents: `2022-12-15T13:29:35.120+08:00`. */
function rfc3339(moment: Date): string {
  return new Date(moment.getTime() + CHINA_OFFSET_MS).toISOString().replace('Z', '+08:00');
}
