import { shorten } from '../shorten.ts';

/** What can go wrong between us and WeChat Pay. */
export type WeChatPayErrorCode =
  /** No answer in time, or no time left to ask. The request may have been carried out. */
  | 'TIMEOUT'
  /** No connection could be made, to either domain: nothing was carried out. */
  | 'UNREACHABLE'
  /** The connection broke before a whole answer came. The request may have been carried out. */
  | 'BROKEN_CONNECTION'
  /** WeChat answered that it does not know itself: SYSTEMERROR and the like. Ask again. */
  | 'TRY_AGAIN'
  /** WeChat answered return_code FAIL; such answers are not signed. */
  | 'RETURN_FAIL'
  /** Not XML, or XML that no WeChat Pay message needs: too large, a DOCTYPE, nesting, a field twice. */
  | 'XML_REFUSED'
  /** No payment notice, signed or not: it lacks, or leaves empty, what every notice has. */
  | 'NOT_A_NOTICE'
  /** No sign, or one that none of the merchant's keys makes. */
  | 'SIGN_MISMATCH'
  /** Well formed, but not about our merchant, our app or the order that was asked about; or a field is missing. */
  | 'ANSWER_REFUSED'
  /** What came as a bill cannot be unpacked. */
  | 'BILL_REFUSED'
  /** The configuration is at fault: the key, the merchant, a permission. Only a human can fix it. */
  | 'MERCHANT_MISCONFIGURED'
  /** We were about to send something that WeChat documents as invalid. */
  | 'PARAMETER_REFUSED';

/** A failure of this floor. Switch on `code`; `message` is for people and never carries a key, a sign or a body. */
export class WeChatPayError extends Error {
  override readonly name = 'WeChatPayError';
  readonly code: WeChatPayErrorCode;
  /** WeChat's own code, where it gave one. */
  readonly err_code: string | undefined;
  /** The order that a verified message is about, where the message is refused all the same. */
  readonly out_trade_no: string | undefined;

  constructor(
    code: WeChatPayErrorCode,
    message: string,
    options: {
      cause?: unknown;
      err_code?: string;
      out_trade_no?: string | undefined;
    } = {},
  ) {
    super(shorten(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.err_code = options.err_code;
    this.out_trade_no = options.out_trade_no;
  }
}
