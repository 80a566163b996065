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
        await database.add(ALARMS, alarm);
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        logger.error('alarm.not_kept', { code, subject, message: error.message });
      }
    },
  };
}
