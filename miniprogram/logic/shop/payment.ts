import type { Attempt } from '../order/attempts';

/**
 * What `wx.requestPayment` said when it closed: `requestPayment:ok`, `requestPayment:fail cancel`, or
 * `requestPayment:fail` and a detail. The detail is for developers unless it is Chinese.
 */
export function attemptOf(errMsg: string, now: Date): Attempt {
  const at = now.toISOString();
  if (errMsg === 'requestPayment:ok') return { kind: 'done', at };
  if (/^requestPayment:fail[: ]*cancel/.test(errMsg)) return { kind: 'cancelled', at };
  const said = /^requestPayment:fail[: ]*(.+)$/s
    .exec(errMsg)?.[1]
    ?.trim()
    .replace(/[。.!！]+$/, '');
  return said !== undefined && isForShoppers(said) ? { kind: 'failed', at, said } : { kind: 'failed', at };
}

/** Whether what WeChat said of a failure is meant for the shopper to read. */
export function isForShoppers(said: string): boolean {
  return said.length <= 40 && /^[\u4e00-\u9fff]/.test(said);
}
