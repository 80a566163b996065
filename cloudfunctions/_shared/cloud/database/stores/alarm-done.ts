import * as v from 'valibot';
import { auditEntry } from '../../../order/refunds/audit.ts';
import type { Database } from '../database.ts';
import { ALARMS } from './alarms.ts';
import { AUDIT } from './operators.ts';

/** A document of `alarms` as it is shown: one that somebody edited is shown as far as it goes. */
const StoredAlarmSchema = v.object({
  _id: v.string(),
  code: v.fallback(v.string(), ''),
  subject: v.fallback(v.string(), ''),
  message: v.fallback(v.string(), ''),
  created_at: v.fallback(v.nullable(v.date()), null),
  done_at: v.fallback(v.nullable(v.date()), null),
  done_by: v.fallback(v.nullable(v.string()), null),
});

export type StoredAlarm = v.InferOutput<typeof StoredAlarmSchema>;

/** Undefined when it is no document. */
export function readAlarm(document: unknown): StoredAlarm | undefined {
  const read = v.safeParse(StoredAlarmSchema, document);
  return read.success ? read.output : undefined;
}

/** Somebody's act on an alarm: that it was dealt with, or that this is taken back. */
export interface AlarmDone {
  readonly alarm_id: string;
  readonly done: boolean;
  /** An operator's openid, or the name an administrator gave. */
  readonly by: string;
  readonly now: Date;
}

/**
 * Writes that an alarm was dealt with, or takes that back, with who did it in the same transaction. Saying again what is so
 * already writes nothing. Undefined when there is no such alarm.
 */
export function setAlarmDone(
  database: Database,
  { alarm_id, done, by, now }: AlarmDone,
): Promise<StoredAlarm | undefined> {
  return database.transaction(async (transaction) => {
    const alarm = readAlarm(await transaction.get(ALARMS, alarm_id));
    if (!alarm || (alarm.done_at !== null) === done) return alarm;
    const change = { done_at: done ? now : null, done_by: done ? by : null };
    await transaction.update(ALARMS, alarm_id, change);
    const act = done ? 'alarm.done' : 'alarm.reopen';
    const entry = { act, by, subject: alarm_id, details: alarm.message, created_at: now } as const;
    const { _id, ...written } = auditEntry(entry, `${alarm_id}:${now.getTime()}`);
    await transaction.set(AUDIT, _id, written);
    return { ...alarm, ...change };
  });
}
