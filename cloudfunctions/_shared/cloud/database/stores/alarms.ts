import type { Alarm } from '../../../order/alarms.ts';
import type { Alarms, Logger } from '../../../order/ports.ts';
import { CloudError } from '../../errors.ts';
import type { Database } from '../database.ts';

export const ALARMS = 'alarms';

/**
 * Alarms in the log and in the database. The line in the log comes first and is enough as a report; a database that
 * does not take the document must not stop the order, or the run, that raised it.
 */
export function alarmsIn(database: Database, logger: Logger): Alarms {
  return {
    async raise(alarm) {
      const { code, subject, message } = alarm;
      logger.error('alarm', { code, subject, message });
      try {
        if ((await database.add(ALARMS, alarm)) === 'exists') await reopen(database, alarm);
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        logger.error('alarm.not_kept', { code, subject, message: error.message });
      }
    },
  };
}

/** What was dealt with and happens again is a new case of it: nobody would look at an alarm that is done. */
async function reopen({ update, command }: Database, { _id, created_at }: Alarm): Promise<void> {
  const done = { _id, done_at: command.gt(new Date(0)) };
  await update(ALARMS, done, { created_at, done_at: null, done_by: null, told_at: null });
}
