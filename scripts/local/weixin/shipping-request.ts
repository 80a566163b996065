import { type Refused, refuse } from './errors.ts';

/** What shipping information says, as far as this world looks at it. */
export interface ShippingRequest {
  readonly mch_id: string;
  readonly out_trade_no: string;
  readonly openid: string;
  readonly item_desc: string;
  /** All of it but when it was sent: the same again is nothing new. */
  readonly said: string;
}

type Body = Readonly<Record<string, unknown>>;

export function readShipping(body: Body): ShippingRequest {
  const { upload_time: _, ...said } = body;
  const { mchid, out_trade_no } = fieldsOf(body.order_key);
  const [first] = listOf(body.shipping_list);
  return {
    mch_id: text(mchid),
    out_trade_no: text(out_trade_no),
    openid: text(fieldsOf(body.payer).openid),
    item_desc: text(fieldsOf(first).item_desc),
    said: JSON.stringify(said),
  };
}

const BY_MERCHANTS_NUMBER = 1;
const UNIFIED = 1;
const EXPRESS = 1;
const ITEM_DESC_CHARACTERS_MAX = 120;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** The first thing that is wrong with a body, before anything is looked up; orders are known by the merchant's number here. */
export function problemOf(body: Body): Refused | undefined {
  const { order_number_type, mchid, out_trade_no } = fieldsOf(body.order_key);
  const { logistics_type, delivery_mode, shipping_list, upload_time } = body;
  if (!Array.isArray(shipping_list)) return refuse(47001, 'shipping_list is a list');
  if (order_number_type !== BY_MERCHANTS_NUMBER)
    return refuse(
      268485194,
      'order_number_type is 1 here, a number: the order is named by mchid and out_trade_no',
    );
  if (!text(mchid)) return refuse(268485196, 'order_key.mchid is missing');
  if (!text(out_trade_no)) return refuse(268485197, 'order_key.out_trade_no is missing');
  if (!isOneOf(logistics_type, 4)) return refuse(10060005, 'logistics_type is a number from 1 to 4');
  if (!isOneOf(delivery_mode, 2)) return refuse(268485224, 'delivery_mode is 1 or 2, a number');
  if (delivery_mode !== UNIFIED && logistics_type !== EXPRESS)
    return refuse(10060006, 'only what goes by express is sent in parts');
  if (delivery_mode === UNIFIED && shipping_list.length !== 1)
    return refuse(268485228, 'sent all at once, shipping_list has one entry');
  const { item_desc, tracking_no, express_company } = fieldsOf(shipping_list[0]);
  if (!text(item_desc)) return refuse(10060008, 'item_desc is missing');
  if (text(item_desc).length > ITEM_DESC_CHARACTERS_MAX)
    return refuse(10060009, 'item_desc has 120 characters at most');
  if (logistics_type === EXPRESS && !text(tracking_no)) return refuse(268485226, 'tracking_no is missing');
  if (logistics_type === EXPRESS && !text(express_company))
    return refuse(268485227, 'express_company is missing');
  if (!RFC_3339.test(text(upload_time))) return refuse(268485216, 'upload_time is not as RFC 3339 has it');
  if (!text(fieldsOf(body.payer).openid)) return refuse(10060014, 'payer.openid is missing');
  return undefined;
}

function isOneOf(value: unknown, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max;
}

function fieldsOf(value: unknown): Body {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
