const BEIJING_MS = 8 * 3_600_000;

/** So many months later in Beijing, at the same time of day; the last day of the month where that day is not in it. */
export function monthsLater(from: number, months: number): number {
  const there = new Date(from + BEIJING_MS);
  const [year, month] = [there.getUTCFullYear(), there.getUTCMonth() + months];
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(year, month, Math.min(there.getUTCDate(), days));
  return (
    midnight +
    (from + BEIJING_MS) -
    Date.UTC(there.getUTCFullYear(), there.getUTCMonth(), there.getUTCDate()) -
    BEIJING_MS
  );
}
