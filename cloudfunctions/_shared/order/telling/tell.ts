import { alarmText } from './alarm-text.ts';
import { nextUntold } from './next-untold.ts';
import type { AlarmPlace, Progress, TellableAlarm, TellingPorts } from './ports.ts';

/** How long a robot is waited for at most. */
export const SAY_MS = 2000;

/** How far back the first run looks: a shop that has just got a robot is told of these days. */
const FIRST_LOOK_MS = 3 * 86_400_000;
/** So long nothing is written where there is nothing to tell. */
const UNTOUCHED_MAX_MS = 3_600_000;
/** A turn that was taken and not ended is another's after this; the time limit of a run. */
const TURN_MS = 60_000;
/** What is left of a call where telling begins: for the robot's answer, and to write it down. */
const WORTH_BEGINNING_MS = SAY_MS + 2000;
/** After a failure 1 minute, then 2, 4 … */
const REST_MIN_MS = 60_000;
const REST_MAX_MS = 3_600_000;
/** A day that could not be said for so long is old news. */
const DAY_IS_NEWS_MS = 2 * 86_400_000;

/**
 * Tells the merchant's people what is new: alarms, then the day that was announced. One run at a time; what a robot does not
 * say is said by a later run. An alarm is marked once it was said: one whose answer got lost may be said twice, and none is lost.
 * A failure is a WARN and never an alarm, which would have to be told the same way.
 *
 * @param bytesMax of one message
 */
export async function tell(ports: TellingPorts, bytesMax: number): Promise<void> {
  const { clock, telling } = ports;
  const now = clock.now();
  const progress = await telling.progress(untouched(now));
  if (now < progress.next_at) return;
  const { untold, next, pages } = await nextUntold(telling, { from: placeOf(progress), now });
  if (untold.length === 0 && !hasDay(progress, now)) {
    const isFar = pages > 1 || now.getTime() - progress.alarms_from.getTime() > UNTOUCHED_MAX_MS;
    if (isFar) await telling.write(lookedUpTo(next));
    return;
  }
  if (!hasTime(ports) || !(await telling.claim(progress, new Date(now.getTime() + TURN_MS)))) return;
  const left = await tellAlarms(ports, { untold, bytesMax });
  const failed = left === 'unsaid' || (await tellDay(ports, progress)) === 'unsaid';
  if (failed) return telling.write(afterFailure(progress, now));
  await telling.write({ next_at: now, failures: 0, ...(left === 0 && lookedUpTo(next)) });
}

/** Says what fits into one message, and answers how many are left. */
async function tellAlarms(
  { clock, logger, telling, say }: TellingPorts,
  { untold, bytesMax }: { untold: readonly TellableAlarm[]; bytesMax: number },
): Promise<number | 'unsaid'> {
  if (untold.length === 0) return 0;
  const { text, told } = alarmText(untold, bytesMax);
  if (!(await isSaid({ logger, say }, text))) return 'unsaid';
  await telling.markTold(told, clock.now());
  logger.info('robot.alarms_told', { alarms: told.length });
  return untold.length - told.length;
}

async function tellDay(ports: TellingPorts, progress: Progress): Promise<'said' | 'unsaid' | 'later'> {
  if (!hasDay(progress, ports.clock.now()) || !hasTime(ports)) return 'later';
  if (!(await isSaid(ports, progress.day_text))) return 'unsaid';
  await ports.telling.markDayTold(progress.day);
  ports.logger.info('robot.day_told', { day: progress.day });
  return 'said';
}

async function isSaid({ logger, say }: Pick<TellingPorts, 'logger' | 'say'>, text: string): Promise<boolean> {
  const said = await say(text);
  if (said.kind === 'unsaid') logger.warn('robot.unsaid', { code: said.code, message: said.message });
  return said.kind === 'said';
}

/** Where a shop begins that was never told anything. */
export function untouched(now: Date): Progress {
  return {
    // Not the moment of this run: what it writes at its end must differ, or another that read this would take the turn again.
    next_at: new Date(0),
    failures: 0,
    alarms_from: new Date(now.getTime() - FIRST_LOOK_MS),
    day: '',
    day_text: '',
    day_at: now,
    day_told: true,
  };
}

function afterFailure({ failures }: Progress, now: Date): Partial<Progress> {
  const rest = Math.min(REST_MIN_MS * 2 ** Math.min(failures, 10), REST_MAX_MS);
  return { next_at: new Date(now.getTime() + rest), failures: failures + 1 };
}

function placeOf({ alarms_from: moment, alarms_after_id: after_id }: Progress): AlarmPlace {
  return { moment, ...(typeof after_id === 'string' && { after_id }) };
}

function lookedUpTo({ moment, after_id }: AlarmPlace): Partial<Progress> {
  return { alarms_from: moment, alarms_after_id: after_id ?? null };
}

function hasDay({ day_told, day_at }: Progress, now: Date): boolean {
  return !day_told && now.getTime() - day_at.getTime() < DAY_IS_NEWS_MS;
}

function hasTime({ clock, deadline }: Pick<TellingPorts, 'clock' | 'deadline'>): boolean {
  return deadline.getTime() - clock.now().getTime() >= WORTH_BEGINNING_MS;
}
