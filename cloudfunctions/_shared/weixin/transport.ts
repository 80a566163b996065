/** A request to api.weixin.qq.com: GET, or POST where it has a body of JSON. `path` holds secrets and is never logged. */
export interface Request {
  readonly path: string;
  readonly body?: string;
  /** It must not be made twice: where its connection breaks, that is for the caller to know. */
  readonly isOnce?: boolean;
}

/**
 * Sends a request so that its answer is there by `answerBy`, and gives the answer's body. Failures on the way are thrown as
 * WeixinErrors (TIMEOUT, UNREACHABLE, BROKEN_CONNECTION, TRY_AGAIN for a status other than 200).
 */
export type Transport = (request: Request, answerBy: Date) => Promise<Buffer>;

/** The mini-program that asks. The secret is never logged. */
export interface App {
  readonly appid: string;
  readonly secret: string;
}
