/**
 * Moments as the shopper reads them. All of it is China's time, wherever the phone is: the server counts months in it,
 * and WeChat Pay's own bills show it.
 */

const CHINA_OFFSET_MS = 8 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** `2027.01.15` */
export function day(moment: Date): string {
  const { year, month, date } = inChina(moment);
  return `${year}.${two(month)}.${two(date)}`;
}

/** `2027 年 1 月 15 日`: in a sentence. */
export function dayInWords(moment: Date): string {
  const { year, month, date } = inChina(moment);
  return `${year} 年 ${month} 月 ${date} 日`;
}

/** `10:54` */
export function timeOfDay(moment: Date): string {
  const { hours, minutes } = inChina(moment);
  return `${two(hours)}:${two(minutes)}`;
}

/** `10:24:06` */
export function secondOfDay(moment: Date): string {
  return `${timeOfDay(moment)}:${two(inChina(moment).seconds)}`;
}

/** `2026.11.23 10:24` */
export function dayAndTime(moment: Date): string {
  return `${day(moment)} ${timeOfDay(moment)}`;
}

/** As short as it can be understood: `今天 10:24`, `11.08 20:13` within this year, else `2025.11.08`. */
export function when(moment: Date, now: Date): string {
  if (day(moment) === day(now)) return `今天 ${timeOfDay(moment)}`;
  if (inChina(moment).year !== inChina(now).year) return day(moment);
  return `${day(moment).slice('2026.'.length)} ${timeOfDay(moment)}`;
}

/** `10:54`, with the date before it when that is not today. */
export function deadline(moment: Date, now: Date): string {
  return day(moment) === day(now) ? timeOfDay(moment) : when(moment, now);
}

/** Midnights in China between two moments: 0 on the same day. */
export function daysBetween(from: Date, to: Date): number {
  return Math.floor(chinaMs(to) / DAY_MS) - Math.floor(chinaMs(from) / DAY_MS);
}

/** The same day and time some months on, or the last day of a shorter month: 31 January + 1 is the end of February. */
export function addMonths(moment: Date, months: number): Date {
  const china = new Date(chinaMs(moment));
  const wanted = china.getUTCDate();
  china.setUTCDate(1);
  china.setUTCMonth(china.getUTCMonth() + months);
  const last = new Date(Date.UTC(china.getUTCFullYear(), china.getUTCMonth() + 1, 0)).getUTCDate();
  china.setUTCDate(Math.min(wanted, last));
  return new Date(china.getTime() - CHINA_OFFSET_MS);
}

/** What is left until a moment: `29:36`, `1:05:00` from an hour on, `0:00` when it has passed. */
export function countdown(until: Date, now: Date): string {
  const { hours, minutes, seconds } = left(until, now);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** The same for screen readers: `29 分 36 秒`. */
export function spokenCountdown(until: Date, now: Date): string {
  const { hours, minutes, seconds } = left(until, now);
  return `${hours > 0 ? `${hours} 小时 ` : ''}${minutes} 分 ${seconds} 秒`;
}

/** Rounded up, so that 0 is shown only once the time is up. */
function left(until: Date, now: Date) {
  const seconds = Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 1000));
  return {
    hours: Math.floor(seconds / 3600),
    minutes: Math.floor(seconds / 60) % 60,
    seconds: seconds % 60,
  };
}

function inChina(moment: Date) {
  const china = new Date(chinaMs(moment));
  return {
    year: china.getUTCFullYear(),
    month: china.getUTCMonth() + 1,
    date: china.getUTCDate(),
    hours: china.getUTCHours(),
    minutes: china.getUTCMinutes(),
    seconds: china.getUTCSeconds(),
  };
}

function chinaMs(moment: Date): number {
  return moment.getTime() + CHINA_OFFSET_MS;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
