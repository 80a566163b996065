import type { Document } from '../../../scripts/local/cloud/database/value.ts';
import type { Books } from '../books.ts';

/** So long an alarm, or a day, is waited for: what is not told by then is a finding, and the timer's idle runs are too many to go on. */
const NEWS_MS = 3 * 24 * 3_600_000;

/** Nobody was told of it, and nobody is done with it. */
export function isOpenAlarm({ told_at, done_at }: Document): boolean {
  return !(told_at instanceof Date) && !(done_at instanceof Date);
}

/** From when on a run of the timer has something to tell; never, where there is nothing. */
export function tellingDue({ alarms, progress }: Books, now: number): number {
  const isNew = (moment: unknown) => moment instanceof Date && now - moment.getTime() < NEWS_MS;
  const isAny = [...alarms.values()].some((alarm) => isOpenAlarm(alarm) && isNew(alarm.created_at));
  const isDay = progress?.day_told === false && isNew(progress.day_at);
  if (!isAny && !isDay) return Number.POSITIVE_INFINITY;
  return progress?.next_at instanceof Date ? progress.next_at.getTime() : now;
}
