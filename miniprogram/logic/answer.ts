import type { ErrorAnswer, ErrorCode } from '../../cloudfunctions/_shared/contract';
import { countIn, fieldsOf, momentIn, textIn } from './fields';

/**
 * How a call to a function ended. `lost` is unknown, not failed: the function may have done all of it, and only its
 * answer did not arrive.
 */
export type Answered<T> =
  | { readonly kind: 'answered'; readonly answer: T }
  | { readonly kind: 'refused'; readonly error: ErrorAnswer }
  | Lost;

export interface Lost {
  readonly kind: 'lost';
  /** The phone knows that it has no network. */
  readonly offline: boolean;
}

/** A refusal, from a function's answer; undefined when the answer is not one. */
export function refusalFrom(found: unknown): ErrorAnswer | undefined {
  const fields = fieldsOf(found);
  const errcode = textIn(fields?.errcode);
  if (fields === undefined || errcode === undefined) return undefined;
  const total_fee = countIn(fields.total_fee);
  const out_trade_no = textIn(fields.out_trade_no);
  return {
    errcode: CODES.find((code) => code === errcode) ?? 'INTERNAL_ERROR',
    errmsg: textIn(fields.errmsg) ?? errcode,
    now: momentIn(fields.now) ?? '',
    ...(total_fee === undefined ? {} : { total_fee }),
    ...(out_trade_no === undefined ? {} : { out_trade_no }),
  };
}

const CODES: readonly ErrorCode[] = [
  'INVALID_PARAMETERS',
  'OPENID_MISSING',
  'PRODUCT_NOT_ON_SALE',
  'PRICE_CHANGED',
  'REQUEST_ID_REUSED',
  'TOO_MANY_UNPAID_ORDERS',
  'ORDER_NOT_FOUND',
  'ORDER_CLOSED',
  'ORDER_PAID',
  'WECHATPAY_UNAVAILABLE',
  'MERCHANT_MISCONFIGURED',
  'INTERNAL_ERROR',
];
