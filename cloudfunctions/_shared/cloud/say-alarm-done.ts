import { type Refusal, refusal } from '../order/refusal.ts';
import type { Database } from './database/database.ts';
import { type AlarmDone, type StoredAlarm, setAlarmDone } from './database/stores/alarm-done.ts';
import type { Runtime } from './runtime.ts';

/** Says that an alarm was dealt with, or takes that back, and answers it as it is then. */
export async function sayAlarmDone(
  { clock, logger }: Runtime,
  database: Database,
  { alarm_id, done, by }: Omit<AlarmDone, 'now'>,
): Promise<StoredAlarm | Refusal<'ALARM_NOT_FOUND'>> {
  const alarm = await setAlarmDone(database, { alarm_id, done, by, now: clock.now() });
  if (!alarm) return refusal('ALARM_NOT_FOUND', 'There is no such alarm. Was it deleted?');
  logger.info('alarm.done', { code: alarm.code, subject: alarm.subject, done });
  return alarm;
}
