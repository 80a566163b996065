const CHINA_OFFSET_MS = 8 * 3_600_000;

/** The day of a moment as the phone shows it, in Beijing's time: `2027-02-28`. */
export function chinaDate(moment: Date): string {
  return chinaMinute(moment).slice(0, 10);
}

/** As a clock in China shows it: `2027-02-28 10:30`. */
export function chinaMinute(moment: Date): string {
  return new Date(moment.getTime() + CHINA_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ');
}
