import { fieldsOf, textIn } from '../fields';
import type { Attempt } from '../order/attempts';
import type { Cause } from '../order/causes';
import { isForShoppers } from './payment';

/** https://developers.weixin.qq.com/miniprogram/dev/api/payment/wx.requestVirtualPayment.html */
const BY_CODE: Readonly<Record<string, Cause>> = {
  '1001': 'request',
  '-1': 'declined',
  '-4': 'risk',
  '-15001': 'request',
  '-15002': 'number-used',
  '-15003': 'busy',
  '-15004': 'request',
  '-15005': 'sign-in',
  '-15006': 'merchant',
  '-15007': 'sign-in',
  '-15008': 'restricted',
  '-15009': 'merchant',
  '-15010': 'merchant',
  '-15011': 'merchant',
  '-15012': 'number-closed',
  '-15013': 'merchant',
  '-15014': 'not-effective',
  '-15016': 'request',
  '-15017': 'restricted',
  '-15018': 'merchant',
  '-15019': 'restricted',
  '-15020': 'too-often',
  '-15021': 'crowded',
};

/** What is told by words, where there is no code or one that says little. */
const BY_WORDS: readonly (readonly [words: RegExp, cause: Cause])[] = [
  [/尚未开启\s*iOS\s*支付/i, 'ios-off'],
  [/非中国大陆地区苹果账号/, 'apple-account'],
  [/SIGNATURE_INVALID/, 'sign-in'],
  [/PAY_SIG_INVALID|PRODUCT_ID_NOT_EXIST|NOT_ENABLE|GOODS_PRICE_INVALID|PAYMENT_ILLEGAL/, 'merchant'],
  [/CREATED_IN_RECENTLY/, 'not-effective'],
  [/SYSTEM_ERROR/, 'busy'],
  [/INVALID_PLATFORM/, 'terminal'],
  [/no permission/, 'client'],
];

const CANCELLED = '-2';
/** Codes that say no more than that it failed: the words beside them say more. */
const GENERAL: readonly Cause[] = ['declined', 'request'];

/** What the cashier of virtual payment said when it closed. */
export interface VirtualAnswer {
  /** `requestVirtualPayment:ok`, or `requestVirtualPayment:fail` and a detail, which is for developers unless it is Chinese. */
  readonly errMsg: string;
  readonly errCode?: number;
}

/** What was handed to a callback; its code may be missing, and may be text. */
export function virtualAnswerFrom(found: unknown): VirtualAnswer {
  const fields = fieldsOf(found);
  const errCode = Number(fields?.errCode ?? Number.NaN);
  return {
    errMsg: textIn(fields?.errMsg) ?? String(found),
    ...(Number.isNaN(errCode) ? {} : { errCode }),
  };
}

/** How the cashier was left; without an answer it may have been in any way. */
export function virtualAttemptOf(answer: VirtualAnswer | undefined, now: Date): Attempt {
  const at = now.toISOString();
  if (answer === undefined) return { kind: 'opened', at };
  const { errMsg, errCode } = answer;
  if (errMsg === 'requestVirtualPayment:ok') return { kind: 'done', at };
  const code = errCode === undefined ? '' : String(errCode);
  const detail = /^requestVirtualPayment:fail[: ]*(.*)$/s.exec(errMsg)?.[1]?.trim() ?? '';
  if (code === CANCELLED || /^cancel/.test(detail)) return { kind: 'cancelled', at };
  const cause = causeOf(code, detail);
  const said = detail.replace(/[。.!！]+$/, '');
  if (cause !== undefined && !GENERAL.includes(cause)) return failed(at, cause, code);
  return isForShoppers(said) ? { kind: 'failed', at, said } : failed(at, cause ?? 'unknown', code);
}

function failed(at: string, cause: Cause, code: string): Attempt {
  return { kind: 'failed', at, cause, ...(code === '' ? {} : { code }) };
}

function causeOf(code: string, detail: string): Cause | undefined {
  const byCode = BY_CODE[code];
  if (byCode !== undefined && !GENERAL.includes(byCode)) return byCode;
  return BY_WORDS.find(([words]) => words.test(detail))?.[1] ?? byCode;
}

/** What the phone does about a failure by itself: sign in and pay the same order again, or order anew. */
export function remedyFor({ cause }: Attempt): 'sign-in' | 'order-anew' | undefined {
  if (cause === 'sign-in') return 'sign-in';
  return cause === 'number-used' ? 'order-anew' : undefined;
}
