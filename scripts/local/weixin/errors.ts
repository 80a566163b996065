/**
 * What api.weixin.qq.com answers instead of what was asked for. The texts are those of the documents (全局返回码) and of
 * public logs; the real ones carry ` rid: …` at their end, and so do these.
 */
export const ERRORS = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40037: 'invalid template_id',
  40125: 'invalid appsecret',
  40163: 'code been used',
  /** The address that asked is not on the allow-list of the app; the text names it. */
  40164: 'invalid ip 127.0.0.1, not in whitelist',
  40226: 'code blocked',
  /** The app's secret was frozen in the console. */
  40243: 'appsecret frozen',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41008: 'missing code',
  41030: 'invalid page',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  /** The person has not agreed, took it back, or the message was sent already. */
  43101: 'user refuse to accept the msg',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  47001: 'data format error',
  47003: 'argument invalid!',
  48001: 'api unauthorized',
} as const;

export type WeixinErrcode = keyof typeof ERRORS;

/** An answer that refuses. */
export interface Refused {
  readonly errcode: number;
  readonly errmsg: string;
  /** What is not sent: the likely mistake, for the trace and the console. */
  readonly why: string;
  /** Fields beside the two, such as `order: null`. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** @param why the likely mistake, in English, for whoever reads the trace */
export function refuse(errcode: WeixinErrcode, why: string): Refused {
  return { errcode, errmsg: ERRORS[errcode], why };
}
