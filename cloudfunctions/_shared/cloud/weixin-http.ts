import { WeixinError } from '../weixin/errors.ts';
import type { Request, Transport } from '../weixin/transport.ts';
import { type Disconnected, disconnectedBy, readBody } from './connection.ts';
import type { Timers } from './timers.ts';

/** With less time than this a question is not sent: it would hardly be answered, and leave the outcome unknown. */
const WORTH_ASKING_MS = 500;
/** An answer is one or two kilobytes. */
const ANSWER_BYTES_MAX = 64 * 1024;

/**
 * Carries requests to api.weixin.qq.com. One whose connection breaks is made once more: a connection that lay idle while the
 * instance was frozen is dead, and every request may be made twice unless it says otherwise. Nothing of a request is in a message, since its
 * path holds secrets.
 *
 * @param timeout_ms how long an answer is waited for at most; less when less is left
 * @throws WeixinError UNREACHABLE, TIMEOUT, BROKEN_CONNECTION, ANSWER_REFUSED, or TRY_AGAIN for an answer other than 200
 */
export function createWeixinTransport({
  origin,
  timeout_ms,
  timers,
  clock,
}: {
  origin: string;
  timeout_ms: number;
  timers: Timers;
  clock: { now(): Date };
}): Transport {
  const base = origin.replace(/\/$/, '');

  return async (request, answerBy) => {
    try {
      return await attempt(request, answerBy);
    } catch (error) {
      if (!(error instanceof WeixinError) || error.code !== 'BROKEN_CONNECTION' || request.isOnce)
        throw error;
      return attempt(request, answerBy);
    }
  };

  async function attempt({ path, body }: Request, answerBy: Date): Promise<Buffer> {
    const left_ms = answerBy.getTime() - clock.now().getTime();
    if (left_ms < WORTH_ASKING_MS)
      throw new WeixinError('TIMEOUT', 'No time is left to ask api.weixin.qq.com; nothing was sent.', {
        isUnsent: true,
      });
    const abort = new AbortController();
    const cancelTimer = timers.after(Math.min(timeout_ms, left_ms), () => abort.abort());
    try {
      const response = await fetch(`${base}${path}`, {
        ...(body === undefined
          ? { method: 'GET' }
          : { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
        redirect: 'manual',
        signal: abort.signal,
      });
      return await readAnswer(response);
    } catch (error) {
      throw error instanceof WeixinError ? error : failure(disconnectedBy(error, abort.signal.aborted));
    } finally {
      cancelTimer();
      abort.abort();
    }
  }
}

async function readAnswer(response: Response): Promise<Buffer> {
  if (response.status !== 200)
    throw new WeixinError('TRY_AGAIN', `api.weixin.qq.com answered with status ${response.status}.`);
  const body = await readBody(response, ANSWER_BYTES_MAX);
  if (!body) throw new WeixinError('ANSWER_REFUSED', `The answer is over ${ANSWER_BYTES_MAX} bytes.`);
  return body;
}

function failure({ code, reason }: Disconnected): WeixinError {
  const messages = {
    TIMEOUT: 'api.weixin.qq.com did not answer in time.',
    UNREACHABLE: `No connection to api.weixin.qq.com: ${reason}.`,
    BROKEN_CONNECTION: `The connection to api.weixin.qq.com broke: ${reason}.`,
  };
  return new WeixinError(code, messages[code]);
}
