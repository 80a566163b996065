import { readErrmsg } from '../rid.ts';
import { shorten } from '../shorten.ts';

/** What can go wrong between us and virtual payment. */
export type VirtualPayErrorCode =
  /** Busy, still being made, or no JSON at all: what was asked may have been done. Ask the same again. */
  | 'TRY_AGAIN'
  /** Asked too often. */
  | 'TOO_OFTEN'
  /** The access_token is not accepted, also after it was fetched again. */
  | 'TOKEN_REFUSED'
  /** The pay_sig is wrong: another AppKey, or the one of the other env. */
  | 'SIGN_REFUSED'
  /** Virtual payment is not opened for this mini-program, or it lacks the permission. */
  | 'NOT_OPENED'
  /** There is no shopper of this openid. */
  | 'OPENID_REFUSED'
  /** A field of the request is not as documented; errmsg names it. */
  | 'FIELD_REFUSED'
  /** A text or an image did not pass the content check. */
  | 'CONTENT_REFUSED'
  /** The shopper's session is over. */
  | 'SESSION_EXPIRED'
  /** Another task of items is running. */
  | 'TASK_RUNNING'
  /** A refund is under way: send the same again. */
  | 'REFUND_RUNNING'
  /** The order's left_fee is another one by now. */
  | 'LEFT_FEE_CHANGED'
  /** Well formed, and not what was asked about, or without a field that it must have. */
  | 'ANSWER_REFUSED'
  /** Refused with another code, which `errcode` has. */
  | 'REFUSED';

/** A failure of this folder. Switch on `code`; `message` is for people and never carries a key, a token or a sign. */
export class VirtualPayError extends Error {
  override readonly name = 'VirtualPayError';
  readonly code: VirtualPayErrorCode;
  /** WeChat's own code, where it gave one. */
  readonly errcode: number | undefined;
  /** The number of the request at WeChat, for the log. */
  readonly rid: string | undefined;

  constructor(
    code: VirtualPayErrorCode,
    message: string,
    options: { cause?: unknown; errcode?: number; rid?: string | undefined } = {},
  ) {
    super(shorten(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errcode = options.errcode;
    this.rid = options.rid;
  }
}

/** Every errcode of the table in the virtual payment interfaces that a request of ours can meet, and its meaning. */
const MEANINGS: ReadonlyMap<number, VirtualPayErrorCode> = new Map<number, VirtualPayErrorCode>([
  [-1, 'TRY_AGAIN'],
  [268490011, 'TRY_AGAIN'],
  [45009, 'TOO_OFTEN'],
  [268490015, 'TOO_OFTEN'],
  [40001, 'TOKEN_REFUSED'],
  [40014, 'TOKEN_REFUSED'],
  [41001, 'TOKEN_REFUSED'],
  [42001, 'TOKEN_REFUSED'],
  [48001, 'NOT_OPENED'],
  [268490001, 'OPENID_REFUSED'],
  [268490002, 'FIELD_REFUSED'],
  [268490003, 'SIGN_REFUSED'],
  [268490007, 'CONTENT_REFUSED'],
  [268490009, 'SESSION_EXPIRED'],
  [268490012, 'TASK_RUNNING'],
  [268490014, 'REFUND_RUNNING'],
  [268490016, 'LEFT_FEE_CHANGED'],
]);

/** The failure that an errcode stands for. */
export function refusalOf(errcode: number, errmsg: string): VirtualPayError {
  const code = MEANINGS.get(errcode) ?? 'REFUSED';
  const { words, rid } = readErrmsg(errmsg);
  const message = `Virtual payment refused: ${errcode}, ${words.slice(0, ERRMSG_CHARACTERS_MAX)}.`;
  return new VirtualPayError(code, message, { errcode, rid });
}

const ERRMSG_CHARACTERS_MAX = 200;
