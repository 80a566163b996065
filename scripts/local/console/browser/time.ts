import { say } from './words/language.ts';
import { TIME } from './words/time.ts';

/** Moments as China's clocks show them, which WeChat's own times are in. */
const PARTS = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** 10:25:02 */
export function clockTime(moment: Date): string {
  const { hour, minute, second } = partsOf(moment);
  return `${hour}:${minute}:${second}`;
}

/** 10:25: and 02.128, since the minutes are read once and the rest in every row. */
export function rowTime(at: string): readonly [minutes: string, seconds: string] {
  const moment = new Date(at);
  const { hour, minute, second } = partsOf(moment);
  return [`${hour}:${minute}:`, `${second}.${String(moment.getUTCMilliseconds()).padStart(3, '0')}`];
}

/** 2026.11.23 */
export function day(moment: Date): string {
  const { year, month, day: date } = partsOf(moment);
  return `${year}.${month}.${date}`;
}

/** 1 天 2 小时: the two largest units. */
export function duration(ms: number): string {
  const { units } = say(TIME);
  let rest = Math.round(ms / 1000) * 1000;
  const words: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) words.push(units[unit](count));
  }
  return words.slice(0, 2).join(' ') || units.second(0);
}

function partsOf(moment: Date): Record<string, string> {
  return Object.fromEntries(PARTS.formatToParts(moment).map(({ type, value }) => [type, value]));
}
