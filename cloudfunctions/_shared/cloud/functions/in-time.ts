import { CloudError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { within } from '../timers.ts';
import { report } from './failure.ts';

/**
 * What `work` gives, if it does by the deadline. However slow the database is, a call answers before the platform stops
 * it; the work goes on for as long as the instance is let, and everything it does may happen twice.
 *
 * @throws CloudError DEADLINE_PASSED
 */
export async function inTime<Result extends object>(
  runtime: Runtime,
  deadline: Date,
  work: Promise<Result>,
): Promise<Result> {
  const left_ms = Math.max(0, deadline.getTime() - runtime.clock.now().getTime());
  const outcome = await within(runtime.timers, left_ms, work);
  if (outcome !== 'late') return outcome;
  work.then(
    () => runtime.logger.info('call.ended_late', {}),
    (error: unknown) => report(runtime, error),
  );
  throw new CloudError('DEADLINE_PASSED', 'The call was not over by its deadline: is the database slow?');
}
