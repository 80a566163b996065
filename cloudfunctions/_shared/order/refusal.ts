import type { ErrorCode } from '../contract.ts';

/** An expected no: the shopper is told why, by code, and nothing was changed. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly errcode: ErrorCode;
  readonly errmsg: string;
  readonly total_fee?: number;
  readonly out_trade_no?: string;
}

export function refusal(
  errcode: ErrorCode,
  errmsg: string,
  more: { total_fee?: number; out_trade_no?: string } = {},
): Refusal {
  return { kind: 'refusal', errcode, errmsg, ...more };
}

export const unclear = refusal(
  'WECHATPAY_UNAVAILABLE',
  'WeChat Pay gave no clear answer. The same call can be made again.',
);

export const notFound = refusal('ORDER_NOT_FOUND', 'You have no order of this out_trade_no.');
