import type { AlarmPlace, TellableAlarm, Telling } from './ports.ts';

/** Alarms read at once, and how often in one run; those behind them wait for a later run. */
const ALARMS_A_PAGE = 200;
const PAGES_MAX = 10;
/**
 * An alarm is written a while after the moment that it carries, and long after it by an instance that was frozen in between, so the
 * last moments are looked at again.
 */
const WRITTEN_LATE_MS = 30 * 60_000;

/** What a run is to tell. */
export interface Untold {
  readonly untold: readonly TellableAlarm[];
  /** Where the next run begins to look, once all of these are told. */
  readonly next: AlarmPlace;
  /** How many pages were read. */
  readonly pages: number;
}

/**
 * The oldest alarms that were neither told nor dealt with, at most a page of them. Pages of which all were are passed by, and looked at
 * again by the next run unless they lie so far back that none can be written among them any more: an alarm is passed for good
 * only after that.
 */
export async function nextUntold(
  telling: Pick<Telling, 'alarms'>,
  { from, now }: { readonly from: AlarmPlace; readonly now: Date },
): Promise<Untold> {
  const settled = new Date(now.getTime() - WRITTEN_LATE_MS);
  let place = from;
  for (let pages = 1; ; pages++) {
    const { alarms, next } = await telling.alarms(place, ALARMS_A_PAGE);
    const untold = alarms.filter(({ isOver }) => !isOver);
    place = next ?? { moment: now };
    if (untold.length > 0 || !next || pages === PAGES_MAX)
      return { untold, next: earlier(place, { from, settled }), pages };
  }
}

function earlier(
  place: AlarmPlace,
  { from, settled }: { readonly from: AlarmPlace; readonly settled: Date },
): AlarmPlace {
  if (place.moment <= settled) return place;
  return settled > from.moment ? { moment: settled } : from;
}
