import * as v from 'valibot';
import type { AccessTokens } from './access-token.ts';
import { type Meanings, readAnswer } from './answer.ts';
import { WeixinError } from './errors.ts';
import type { App, Transport } from './transport.ts';

/** What it takes to ask api.weixin.qq.com for a mini-program within one call. */
export interface WeixinNeeds {
  readonly transport: Transport;
  readonly tokens: AccessTokens;
  readonly clock: { now(): Date };
  readonly answerBy: Date;
}

/** One question to an API that takes an access_token. */
export interface Question<Schema extends v.GenericSchema> {
  readonly path: string;
  readonly body: object;
  readonly answer: Schema;
  /** What this API's errcodes mean, beside those of every API. */
  readonly meanings: Meanings;
  /** It must not be made twice: a broken connection leaves it open whether it was. */
  readonly isOnce?: boolean;
}

/** An answer that says no more than that it was done. */
export const DONE = v.object({ errcode: v.literal(0) });

/** What errcodes mean wherever an access_token is taken (全局返回码). A refused token was carried out by nobody. */
const OF_EVERY_API: Meanings = new Map([
  [-1, 'TRY_AGAIN'],
  [40001, 'TOKEN_REFUSED'],
  [40014, 'TOKEN_REFUSED'],
  [42001, 'TOKEN_REFUSED'],
  [41001, 'TOKEN_REFUSED'],
  [45009, 'TOO_OFTEN'],
  [45011, 'TOO_OFTEN'],
  [48001, 'NOT_PERMITTED'],
  [40164, 'ADDRESS_REFUSED'],
]);

/**
 * Asks an API under the app's access_token, and once more under a new one where WeChat does not take the token.
 * @throws WeixinError with isUnsent where there was no token to ask under
 */
export async function askWithToken<Schema extends v.GenericSchema>(
  { transport, tokens, clock, answerBy }: WeixinNeeds,
  app: App,
  { path, body, answer, meanings, isOnce }: Question<Schema>,
): Promise<v.InferOutput<Schema>> {
  const token = (stale?: string) =>
    tokens.get(app, { transport, answerBy, clock }, stale).catch((cause: unknown) => {
      if (!(cause instanceof WeixinError)) throw cause;
      const { code, message, errcode, rid } = cause;
      throw new WeixinError(code, message, { cause, errcode, rid, isUnsent: true });
    });
  const ask = async (access_token: string) => {
    const request = { path: `${path}?access_token=${access_token}`, body: JSON.stringify(body) };
    const given = await transport({ ...request, ...(isOnce && { isOnce }) }, answerBy);
    return readAnswer(answer, given, new Map([...OF_EVERY_API, ...meanings]));
  };
  const first = await token();
  try {
    return await ask(first);
  } catch (error) {
    if (!(error instanceof WeixinError) || error.code !== 'TOKEN_REFUSED') throw error;
    return ask(await token(first));
  }
}
