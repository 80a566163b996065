import type { Refused } from './wechatpay.ts';

// What every err_code of the APIs means for an order, from the tables in WeChat's documents
// (pay.weixin.qq.com/doc/v2: unified order, query order, close order, refund, query refund). A code that is not in its table still comes up
// to a caller with its name: see the functions at the end.

/** The answer settles nothing: ask again later, with the same parameters. */
type TryAgain = 'try-again';

/** Codes that mean the same whatever was asked. */
const WHATEVER_WAS_ASKED = {
  // WeChat does not know itself, or has no time for us.
  SYSTEMERROR: 'try-again',
  BIZERR_NEED_RETRY: 'try-again',
  FREQUENCY_LIMITED: 'try-again',
  INVALID_REQ_TOO_MUCH: 'try-again',
  // The merchant's configuration, or a request that we built wrongly: a human must look.
  SIGNERROR: 'alarm',
  NOAUTH: 'alarm',
  APPID_NOT_EXIST: 'alarm',
  MCHID_NOT_EXIST: 'alarm',
  APPID_MCHID_NOT_MATCH: 'alarm',
  LACK_PARAMS: 'alarm',
  PARAM_ERROR: 'alarm',
  XML_FORMAT_ERROR: 'alarm',
  REQUIRE_POST_METHOD: 'alarm',
  POST_DATA_EMPTY: 'alarm',
  NOT_UTF8: 'alarm',
} as const;

const UNIFIEDORDER = new Map<string, Refused['meaning'] | TryAgain>(
  Object.entries({
    ...WHATEVER_WAS_ASKED,
    ORDERPAID: 'settle',
    ORDERCLOSED: 'settle',
    // Asked again with other parameters, or long after the first time.
    INVALID_REQUEST: 'repeated',
    OUT_TRADE_NO_USED: 'repeated',
    NOTENOUGH: 'give-up',
  } as const),
);

const ORDERQUERY = new Map<string, 'absent' | 'alarm' | TryAgain>(
  Object.entries({ ...WHATEVER_WAS_ASKED, INVALID_REQUEST: 'alarm', ORDERNOTEXIST: 'absent' } as const),
);

const CLOSEORDER = new Map<string, 'closed' | 'paid' | 'absent' | 'alarm' | TryAgain>(
  Object.entries({
    ...WHATEVER_WAS_ASKED,
    INVALID_REQUEST: 'alarm',
    ORDERCLOSED: 'closed',
    ORDERPAID: 'paid',
    ORDERNOTEXIST: 'absent',
    // Not in the documents, but seen: the order is in some state, or on its way to one, that must be asked about first.
    TRADE_STATE_ERROR: 'try-again',
    USERPAYING: 'try-again',
  } as const),
);

const REFUND = new Map<string, 'refused' | 'alarm' | TryAgain>(
  Object.entries({
    ...WHATEVER_WAS_ASKED,
    // The merchant's balance, the shopper's account, the year that is over, or the words in err_code_des.
    NOTENOUGH: 'refused',
    USER_ACCOUNT_ABNORMAL: 'refused',
    TRADE_OVERDUE: 'refused',
    ERROR: 'refused',
    INVALID_TRANSACTIONID: 'refused',
    ORDERNOTEXIST: 'refused',
    PARAM_ERROR: 'refused',
    REFUND_FEE_MISMATCH: 'refused',
  } as const),
);

const REFUNDQUERY = new Map<string, 'absent' | 'alarm' | TryAgain>(
  Object.entries({
    ...WHATEVER_WAS_ASKED,
    REFUNDNOTEXIST: 'absent',
    INVALID_TRANSACTIONID: 'alarm',
  } as const),
);

/** downloadbill says in words, and not in one spelling, what the other APIs say in a code. */
const DOWNLOADBILL = new Map<string, 'empty' | 'not-ready' | 'sign' | 'alarm' | TryAgain>(
  Object.entries({
    'no bill exist': 'empty',
    'bill creating': 'not-ready',
    'sign error': 'sign',
    'invalid bill_type': 'alarm',
    'data format error': 'alarm',
    'missing parameter': 'alarm',
    'system error': 'try-again',
    'compressgzip error': 'try-again',
    'uncompressgzip error': 'try-again',
  } as const),
);

/** A new code raises an alarm: WeChat refused, the shopper cannot pay, and only a human can read why. */
export function meaningForUnifiedorder(err_code: string): Refused['meaning'] | TryAgain {
  return UNIFIEDORDER.get(err_code) ?? 'alarm';
}

/** A new code says nothing about the order, and unknown is not failed: ask again. */
export function meaningForOrderquery(err_code: string): 'absent' | 'alarm' | TryAgain {
  return ORDERQUERY.get(err_code) ?? 'try-again';
}

/** A new code does not say that the order is closed, and unknown is not failed: ask again. */
export function meaningForCloseorder(err_code: string): 'closed' | 'paid' | 'absent' | 'alarm' | TryAgain {
  return CLOSEORDER.get(err_code) ?? 'try-again';
}

/** A new code is a no that a human reads; it releases nothing, so that it may be taken for one. */
export function meaningForRefund(err_code: string): 'refused' | 'alarm' | TryAgain {
  return REFUND.get(err_code) ?? 'refused';
}

/** A new code says nothing about the refund, and unknown is not failed: ask again. */
export function meaningForRefundquery(err_code: string): 'absent' | 'alarm' | TryAgain {
  return REFUNDQUERY.get(err_code) ?? 'try-again';
}

/** New words say nothing about the bill, and unknown is not failed: ask again. */
export function meaningForDownloadbill(
  return_msg: string,
): 'empty' | 'not-ready' | 'sign' | 'alarm' | TryAgain {
  if (return_msg.includes('签名错误')) return 'sign';
  return DOWNLOADBILL.get(return_msg.trim().toLowerCase()) ?? 'try-again';
}
