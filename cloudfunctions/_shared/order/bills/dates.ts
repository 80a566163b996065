/** Bills are of a day in China, which has no summer time; a cloud function runs in UTC. */
const CHINA_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** A day's bill is there from ten o'clock the next morning on. */
const READY_AFTER_MS = DAY_MS + 10 * 3_600_000;

/** Missing days are made up for as far back as this. The payment side keeps bills for three months. */
export const BILL_DAYS_MAX = 30;

/** The day in China that a moment lies in, as bills name it: yyyymmdd. */
export function dateOf(moment: Date): string {
  return new Date(moment.getTime() + CHINA_OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

/** When a day begins. */
export function beginOf(bill_date: string): Date {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(bill_date) ?? [];
  return new Date(Date.parse(`${year}-${month}-${day}T00:00:00Z`) - CHINA_OFFSET_MS);
}

/** When it ends, and the next one begins. */
export function endOf(bill_date: string): Date {
  return new Date(beginOf(bill_date).getTime() + DAY_MS);
}

/** The day before another, or after it. */
export function dateBeside(bill_date: string, days: -1 | 1): string {
  return dateOf(new Date(beginOf(bill_date).getTime() + days * DAY_MS));
}

/** The day so many days before another. */
export function daysBefore(bill_date: string, days: number): string {
  return dateOf(new Date(beginOf(bill_date).getTime() - days * DAY_MS));
}

/** The days whose bills are there, the oldest first: yesterday, from ten o'clock on, and thirty in all. */
export function datesWithBill(now: Date): readonly string[] {
  const last = now.getTime() - READY_AFTER_MS;
  return Array.from({ length: BILL_DAYS_MAX }, (_, n) =>
    dateOf(new Date(last - (BILL_DAYS_MAX - 1 - n) * DAY_MS)),
  );
}
