import { SAY_MS } from '../order/telling/tell.ts';
import { RobotError, type RobotErrorCode } from '../robot/errors.ts';
import type { Answer, Post } from '../robot/robot.ts';
import type { RobotConfig } from './robot-config.ts';
import type { Timers } from './timers.ts';

/** An answer is a hundred bytes. */
const ANSWER_BYTES_MAX = 16 * 1024;

/** The connection was never made, so nothing was said. */
const NOT_CONNECTED = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Carries messages to a robot. A redirect is not followed: it is an answer like any other. Nothing of the address is in a
 * message, since its end is a key.
 * @throws RobotError TIMEOUT, UNREACHABLE, BROKEN_CONNECTION, or REFUSED for an answer that is too long
 */
export function createRobotPost({ address, origin }: RobotConfig, timers: Timers): Post {
  const target = origin === undefined ? address : new URL(`${address.pathname}${address.search}`, origin);
  return async (body) => {
    const abort = new AbortController();
    const cancelTimer = timers.after(SAY_MS, () => abort.abort());
    try {
      const response = await fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body,
        redirect: 'manual',
        signal: abort.signal,
      });
      return await readAnswer(response);
    } catch (error) {
      throw error instanceof RobotError ? error : failure(error, abort.signal.aborted);
    } finally {
      cancelTimer();
      abort.abort();
    }
  };
}

async function readAnswer(response: Response): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX)
      throw new RobotError('REFUSED', `The answer is over ${ANSWER_BYTES_MAX} bytes.`);
    chunks.push(chunk);
  }
  return { status: response.status, body: Buffer.concat(chunks) };
}

/** The cause is left out: it may quote the address. */
function failure(error: unknown, isLate: boolean): RobotError {
  const fail = (code: RobotErrorCode, message: string) => new RobotError(code, message);
  if (isLate) return fail('TIMEOUT', `The robot did not answer within ${SAY_MS} ms.`);
  const reason = reasonOf(error);
  return NOT_CONNECTED.has(reason)
    ? fail('UNREACHABLE', `No connection to the robot: ${reason}.`)
    : fail('BROKEN_CONNECTION', `The connection to the robot broke: ${reason}.`);
}

/** fetch says `fetch failed`, and why in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown';
}
