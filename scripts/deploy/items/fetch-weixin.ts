import { WeixinError } from '../../../cloudfunctions/_shared/weixin/errors.ts';
import type { Transport } from '../../../cloudfunctions/_shared/weixin/transport.ts';

const WEIXIN = 'https://api.weixin.qq.com';

/** The way from this machine to api.weixin.qq.com, or to `origin` in its place. */
export function fetchWeixin(fetch: typeof globalThis.fetch, origin: string = WEIXIN): Transport {
  return async ({ path, body }, answerBy) => {
    try {
      const answer = await fetch(`${origin.replace(/\/$/, '')}${path}`, {
        ...(body === undefined ? {} : { method: 'POST', body }),
        headers: { 'content-type': 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(Math.max(0, answerBy.getTime() - Date.now())),
      });
      if (answer.status !== 200)
        throw new WeixinError('TRY_AGAIN', `WeChat answered with status ${answer.status}.`);
      return Buffer.from(await answer.arrayBuffer());
    } catch (cause) {
      if (cause instanceof WeixinError) throw cause;
      const isLate = cause instanceof Error && cause.name === 'TimeoutError';
      // The cause is not kept: it may carry the address, and with it a token.
      if (isLate) throw new WeixinError('TIMEOUT', 'WeChat did not answer in time.');
      throw new WeixinError('UNREACHABLE', `No connection to ${new URL(origin).host}.`);
    }
  };
}
