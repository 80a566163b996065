import * as v from 'valibot';
import { deadlineOf, TIMER_RUN_MS } from '../../order/deadline.ts';
import type { Runtime } from '../runtime.ts';
import { logFailure, report } from './failure.ts';
import { identityOf } from './identity.ts';
import { inTime } from './in-time.ts';

const FromShopper = v.object({ userInfo: v.unknown() });

/** What a shopper is answered who calls what only the timer may run. */
export interface Forbidden {
  readonly errcode: 'FORBIDDEN';
}

/**
 * A function that the platform's timer runs. Only this call's own context and event say whether a shopper calls: an
 * openid that an earlier call left in the process must not stop the timer. A failure is logged and raises its alarm before the
 * platform receives it, since nobody reads what a timer answers.
 *
 * @param afterwards is done within the same deadline once the run is over, whatever became of it; its failure is only logged
 */
export function timerFunction<Answer extends object>(
  runtime: Runtime,
  run: (deadline: Date, context: unknown) => Promise<Answer>,
  afterwards: (deadline: Date) => Promise<void> = async () => {},
) {
  return async (event: unknown, context: unknown): Promise<Answer | Forbidden> => {
    if (identityOf(context)?.openid || v.is(FromShopper, event)) return { errcode: 'FORBIDDEN' };
    const deadline = deadlineOf(runtime.clock.now(), TIMER_RUN_MS);
    try {
      return await inTime(runtime, deadline, run(deadline, context));
    } catch (error) {
      await report(runtime, error);
      throw error;
    } finally {
      await attempt(runtime, deadline, afterwards);
    }
  };
}

/** What is left over for the next run fails nobody. */
async function attempt(
  runtime: Runtime,
  deadline: Date,
  afterwards: (deadline: Date) => Promise<void>,
): Promise<void> {
  try {
    await inTime(
      runtime,
      deadline,
      afterwards(deadline).then(() => ({})),
    );
  } catch (error) {
    logFailure(runtime, error);
  }
}
