import { deadlineOf, PUSH_CALL_MS } from '../../order/deadline.ts';
import type { Runtime } from '../runtime.ts';
import { within } from '../timers.ts';
import { report } from './failure.ts';
import type { Identity } from './identity.ts';

/** An event that message push hands to a function, and who it came from. */
export interface Push {
  readonly event: unknown;
  readonly identity: Identity;
  readonly deadline: Date;
}

/** The sources of a call that a client makes. What message push itself says is not documented, so nothing is demanded. */
const CLIENTS = /wx_client|wx_devtools|wx_http/;

/**
 * A function that WeChat's message push calls. An answer of nothing would count as yes, so there is always one, and in time:
 * `no` in every case but that `take` has done its work. A call that a client made is refused.
 *
 * @param options.replyBy_ms how long WeChat waits for this event's answer, less the way
 */
export function pushFunction<Answer extends object>(
  runtime: Runtime,
  take: (push: Push) => Promise<Answer>,
  { replyBy_ms, no }: { replyBy_ms: (event: unknown) => number; no: (reason: string) => Answer },
) {
  return async (event: unknown, context: unknown): Promise<Answer> => {
    const deadline = deadlineOf(runtime.clock.now(), PUSH_CALL_MS);
    try {
      const identity = await runtime.identity(context);
      if (CLIENTS.test(identity.source ?? '')) {
        runtime.logger.warn('event.refused', { reason: 'FORBIDDEN' });
        return no('FORBIDDEN');
      }
      const work = take({ event, identity, deadline });
      // The work goes on after a late answer; WeChat repeats the event and then finds it done.
      const after_ms = replyBy_ms(event);
      const answer = await within(runtime.timers, after_ms, work);
      if (answer !== 'late') return answer;
      runtime.logger.warn('event.late', { after_ms });
      work.catch((error: unknown) => report(runtime, error));
      return no('not done in time, please repeat');
    } catch (error) {
      await report(runtime, error);
      return no('not done, please repeat');
    }
  };
}
