import type { Alarms } from '../../order/ports.ts';
import type { Database } from '../database.ts';
import type { Logger } from '../log.ts';

export const ALARMS = 'alarms';

export function alarmsIn(database: Database, logger: Logger): Alarms {
  return {
    async raise(alarm) {
      const { code, subject, message } = alarm;
      logger.error('alarm', { code, subject, message });
      await database.add(ALARMS, alarm);
    },
  };
}
