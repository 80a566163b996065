import type { ErrorAnswer, ErrorCode } from '../../cloudfunctions/_shared/contract';
import { countIn, fieldsOf, momentIn, textIn } from './fields';

/**
 * How a call to a function ended. `lost` is unknown, not failed: the function may have done all of it, and only its
 * answer did not arrive.
 */
export type Answered<T, Code extends string = ErrorCode> =
  | { readonly kind: 'answered'; readonly answer: T }
  | { readonly kind: 'refused'; readonly error: ErrorAnswer<Code> }
  | Lost;

export interface Lost {
  readonly kind: 'lost';
  /** The phone knows that it has no network. */
  readonly offline: boolean;
}

/** Every code that a function can refuse with. */
export type CodesOf<Code extends string> = Readonly<Record<Code | 'INTERNAL_ERROR', true>>;

/** A refusal, from a function's answer; undefined when the answer is not one. A code that is not known is ours to fix. */
export function refusalFrom<Code extends string>(
  found: unknown,
  codes: CodesOf<Code>,
): ErrorAnswer<Code | 'INTERNAL_ERROR'> | undefined {
  const fields = fieldsOf(found);
  const errcode = textIn(fields?.errcode);
  if (fields === undefined || errcode === undefined) return undefined;
  const total_fee = countIn(fields.total_fee);
  const out_trade_no = textIn(fields.out_trade_no);
  return {
    errcode: isCode(errcode, codes) ? errcode : 'INTERNAL_ERROR',
    errmsg: textIn(fields.errmsg) ?? errcode,
    now: momentIn(fields.now) ?? '',
    ...(total_fee === undefined ? {} : { total_fee }),
    ...(out_trade_no === undefined ? {} : { out_trade_no }),
  };
}

/** Every code of the contract; the compiler misses one that is missing. */
export const ERROR_CODES: CodesOf<ErrorCode> = {
  INVALID_PARAMETERS: true,
  OPENID_MISSING: true,
  PRODUCT_NOT_ON_SALE: true,
  PRICE_CHANGED: true,
  REQUEST_ID_REUSED: true,
  TOO_MANY_UNPAID_ORDERS: true,
  TOO_MANY_ORDERS: true,
  ORDER_NOT_FOUND: true,
  ORDER_CLOSED: true,
  ORDER_PAID: true,
  ORDER_HELD: true,
  WECHATPAY_UNAVAILABLE: true,
  MERCHANT_MISCONFIGURED: true,
  LOGIN_CODE_INVALID: true,
  LOGIN_BLOCKED: true,
  ITEM_NOT_PUBLISHED: true,
  ITEM_NOT_EFFECTIVE: true,
  INTERNAL_ERROR: true,
};

function isCode<Code extends string>(text: string, codes: CodesOf<Code>): text is Code {
  return Object.keys(codes).includes(text);
}
