import * as v from 'valibot';
import { type Failed, failed } from './failed.ts';
import type { Env } from './ledger.ts';

/** signData as it must be for a payment of goods. */
export interface SignData {
  readonly offerId: string;
  readonly buyQuantity: number;
  readonly env: Env;
  readonly currencyType: string;
  readonly productId: string;
  /** Fen. */
  readonly goodsPrice: number;
  readonly activitySellingPrice?: number;
  readonly outTradeNo: string;
  readonly attach: string;
}

const ENV: v.GenericSchema<unknown, Env> = v.picklist([0, 1]);

/** What a value of another type is refused with has the words of the one that was seen: offerId as a number. */
const TYPES = v.strictObject({
  offerId: v.exactOptional(v.string()),
  buyQuantity: v.exactOptional(v.number()),
  env: v.exactOptional(ENV),
  currencyType: v.exactOptional(v.string()),
  productId: v.exactOptional(v.string()),
  goodsPrice: v.exactOptional(v.number()),
  activitySellingPrice: v.exactOptional(v.number()),
  outTradeNo: v.exactOptional(v.string()),
  attach: v.exactOptional(v.string()),
});

const REQUIRED = [
  'offerId',
  'buyQuantity',
  'currencyType',
  'productId',
  'goodsPrice',
  'outTradeNo',
  'attach',
] as const;

const OUT_TRADE_NO = /^[0-9A-Za-z|*@-][0-9A-Za-z_|*@-]{7,31}$/;

/** Reads signData, in the documented order: its form, then what it must have, then the currency. */
export function readSignData(text: string): SignData | Failed {
  const value = parsed(text);
  if (value === undefined) return failed(-15016, 'signData is no JSON', 'signData is not a json');
  const types = v.safeParse(TYPES, value);
  if (!types.success) {
    const field = v.getDotPath(types.issues[0]) ?? 'signData';
    return failed(
      -15016,
      `${field} has another type, or is not a field of signData`,
      `field "${field}" doesn't expect an ${typeOf(Object(value)[field])} value`,
    );
  }
  const read = types.output;
  const missing = REQUIRED.find(
    (name) => read[name] === undefined || (read[name] === '' && name !== 'attach'),
  );
  if (missing) return failed(-15001, `${missing} is missing`);
  const { env = 0, outTradeNo = '', buyQuantity = 0, goodsPrice = 0, activitySellingPrice } = read;
  if (!OUT_TRADE_NO.test(outTradeNo))
    return failed(-15001, 'outTradeNo has 8 to 32 of letters, digits, _-|*@ and does not begin with _');
  if (buyQuantity !== 1)
    return failed(-15001, 'the documents contradict each other about prices of several pieces: buy one here');
  if (!isFen(goodsPrice) || (activitySellingPrice !== undefined && !isFen(activitySellingPrice)))
    return failed(-15001, 'prices are whole fen');
  if (read.currencyType !== 'CNY') return failed(-15004, 'currencyType is CNY');
  const { offerId = '', currencyType, productId = '', attach = '' } = read;
  const required = { offerId, buyQuantity, env, currencyType, productId, goodsPrice, outTradeNo, attach };
  return activitySellingPrice === undefined ? required : { ...required, activitySellingPrice };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

function isFen(price: number): boolean {
  return Number.isSafeInteger(price) && price > 0;
}

/** In the words of the answer that was seen. */
function typeOf(value: unknown): string {
  return typeof value === 'number' ? 'uint32' : typeof value;
}
