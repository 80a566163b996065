import * as v from 'valibot';
import { readAnswer } from './answer.ts';
import { WeixinError } from './errors.ts';
import type { App, Transport } from './transport.ts';

const Session = v.object({
  openid: v.pipe(v.string(), v.minLength(1)),
  session_key: v.pipe(v.string(), v.minLength(1)),
});

/**
 * Who logged in, and the key that signs for them. The key is a secret of the shopper's session: it is used at once, and
 * neither stored nor logged.
 */
export type Session = v.InferOutput<typeof Session>;

/**
 * Trades the code of wx.login for the session (auth.code2Session). A code is good once, for five minutes; where WeChat is
 * busy the same one is sent once more.
 * @throws WeixinError
 */
export async function code2Session(
  { transport, answerBy }: { transport: Transport; answerBy: Date },
  { appid, secret, code }: App & { readonly code: string },
): Promise<Session> {
  const query = new URLSearchParams({ appid, secret, js_code: code, grant_type: 'authorization_code' });
  const ask = async () =>
    readAnswer(Session, await transport({ path: `/sns/jscode2session?${query}` }, answerBy));
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof WeixinError) || error.errcode !== BUSY) throw error;
    return ask();
  }
}

const BUSY = -1;
