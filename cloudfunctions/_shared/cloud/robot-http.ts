import { SAY_MS } from '../order/telling/tell.ts';
import { RobotError } from '../robot/errors.ts';
import type { Answer, Post } from '../robot/robot.ts';
import { type Disconnected, disconnectedBy, readBody } from './connection.ts';
import type { RobotConfig } from './robot-config.ts';
import type { Timers } from './timers.ts';

/** An answer is a hundred bytes. */
const ANSWER_BYTES_MAX = 16 * 1024;

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
      throw error instanceof RobotError ? error : failure(disconnectedBy(error, abort.signal.aborted));
    } finally {
      cancelTimer();
      abort.abort();
    }
  };
}

async function readAnswer(response: Response): Promise<Answer> {
  const body = await readBody(response, ANSWER_BYTES_MAX);
  if (!body) throw new RobotError('REFUSED', `The answer is over ${ANSWER_BYTES_MAX} bytes.`);
  return { status: response.status, body };
}

function failure({ code, reason }: Disconnected): RobotError {
  const messages = {
    TIMEOUT: `The robot did not answer within ${SAY_MS} ms.`,
    UNREACHABLE: `No connection to the robot: ${reason}.`,
    BROKEN_CONNECTION: `The connection to the robot broke: ${reason}.`,
  };
  return new RobotError(code, messages[code]);
}
