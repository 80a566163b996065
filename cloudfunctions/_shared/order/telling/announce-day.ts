import { type DayOfChannel, dayText } from './day-text.ts';
import type { TellingPorts } from './ports.ts';
import { untouched } from './tell.ts';

/** How far back alarms are counted that nobody is done with, and how many at most. */
const OPEN_LOOK_MS = 30 * 86_400_000;
const OPEN_MAX = 100;

/**
 * Writes down what is to be said of a day, once its bill was read; telling sends it. A day that was announced, or an earlier
 * one, is not announced again.
 */
export async function announce(
  { clock, telling }: Pick<TellingPorts, 'clock' | 'telling'>,
  days: readonly [DayOfChannel, ...DayOfChannel[]],
): Promise<void> {
  const now = clock.now();
  const progress = await telling.progress(untouched(now));
  const day = days[0].bill_date;
  if (day <= progress.day) return;
  const open = await telling.openAlarms(new Date(now.getTime() - OPEN_LOOK_MS), OPEN_MAX);
  const change = { day, day_text: dayText(days, open), day_at: now, day_told: false };
  await telling.announce(progress, change);
}
