const BEIJING_MS = 8 * 3_600_000;

/** So many months later in Beijing, at the same time of day; the end of the month where that day is not in it. */
export function monthsLater(from: number, months: number): number {
  const there = new Date(from + BEIJING_MS);
  const [year, month, day] = [there.getUTCFullYear(), there.getUTCMonth(), there.getUTCDate()];
  const monthsEnd = Date.UTC(year, month + months + 1, 1) - 1;
  const sameTime = Date.UTC(year, month + months, day) + (from + BEIJING_MS - Date.UTC(year, month, day));
  return Math.min(sameTime, monthsEnd) - BEIJING_MS;
}
