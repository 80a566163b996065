import { shorten } from '../shorten.ts';

/** What can go wrong between us and api.weixin.qq.com. */
export type WeixinErrorCode =
  /** No answer in time, or no time left to ask. The request may have been carried out. */
  | 'TIMEOUT'
  /** No connection could be made: nothing was carried out. */
  | 'UNREACHABLE'
  /** The connection broke before a whole answer came. The request may have been carried out. */
  | 'BROKEN_CONNECTION'
  /** WeChat is busy (-1), does not have yet what is asked about, or answered with a status other than 200. Ask again. */
  | 'TRY_AGAIN'
  /** Not JSON, too long, or without a field that such an answer has. */
  | 'ANSWER_REFUSED'
  /** Too many calls: of one shopper within a minute, or of the mini-program within a day. */
  | 'TOO_OFTEN'
  /** The code that wx.login gave is unknown, used, or older than five minutes. */
  | 'CODE_REFUSED'
  /** WeChat takes the shopper for a risk and lets them not log in. */
  | 'SHOPPER_BLOCKED'
  /** WeChat does not accept the AppSecret: another one, of another mini-program, or frozen. */
  | 'SECRET_REFUSED'
  /** The address that the functions call from is not on the mini-program's IP allow-list. */
  | 'ADDRESS_REFUSED'
  /** WeChat does not take the access_token: nothing was carried out. */
  | 'TOKEN_REFUSED'
  /** The mini-program is not allowed to call this. */
  | 'NOT_PERMITTED'
  /** The shopper has not agreed to a message, has taken that back, or it was sent already. */
  | 'SHOPPER_REFUSED'
  /** WeChat knows no such shopper. */
  | 'SHOPPER_UNKNOWN'
  /** The template of a message is another mini-program's, a field is not as it has it, or its page is not there. */
  | 'TEMPLATE_REFUSED'
  /** Refused with another code, which `errcode` has. */
  | 'REFUSED';

/** A failure of this folder. Switch on `code`; `message` is for people and never carries a secret, a token or a key. */
export class WeixinError extends Error {
  override readonly name = 'WeixinError';
  readonly code: WeixinErrorCode;
  /** WeChat's own code, where it gave one. */
  readonly errcode: number | undefined;
  /** The number of the request at WeChat, for the log. */
  readonly rid: string | undefined;
  /** Certainly nothing was carried out, whatever the code leaves open: the question itself was never sent. */
  readonly isUnsent: boolean;

  constructor(
    code: WeixinErrorCode,
    message: string,
    options: {
      cause?: unknown;
      errcode?: number | undefined;
      rid?: string | undefined;
      isUnsent?: boolean;
    } = {},
  ) {
    super(shorten(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errcode = options.errcode;
    this.rid = options.rid;
    this.isUnsent = options.isUnsent ?? false;
  }
}
