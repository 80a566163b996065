import { shorten } from '../../shorten.ts';
import { adviceOf } from './advice.ts';

/** What of an alarm is said in a chat: neither its message, which is for the desk, nor who the shopper is. */
export interface Untold {
  readonly _id: string;
  readonly code: string;
  readonly subject: string;
  readonly created_at: Date;
}

/** A text, and the alarms that it says. */
export interface AlarmText {
  readonly text: string;
  readonly told: readonly Untold[];
}

/** So many subjects of one code are named; the others are counted. */
const SUBJECTS_NAMED_MAX = 3;
const SUBJECT_CHARACTERS_MAX = 40;

/**
 * One text about as many alarms as fit, the oldest first, those of one code together. What does not fit is left for the next
 * text; the first code always fits.
 */
export function alarmText(alarms: readonly Untold[], bytesMax: number): AlarmText {
  const told: Untold[] = [];
  const parts: string[] = [];
  const write = (count: number, more: readonly string[]) =>
    [`【店铺告警】${count} 条`, ...more, '详情：小程序工作台，或 npm run ops -- alarms'].join('\n');
  for (const group of groupsOf(alarms)) {
    const part = partOf(group, parts.length + 1);
    if (parts.length > 0 && Buffer.byteLength(write(alarms.length, [...parts, part])) > bytesMax) break;
    parts.push(part);
    told.push(...group);
  }
  return { text: write(told.length, parts), told };
}

function groupsOf(alarms: readonly Untold[]): readonly (readonly [Untold, ...Untold[]])[] {
  const groups = new Map<string, [Untold, ...Untold[]]>();
  for (const alarm of alarms) {
    const group = groups.get(alarm.code);
    if (group) group.push(alarm);
    else groups.set(alarm.code, [alarm]);
  }
  return [...groups.values()];
}

function partOf(group: readonly [Untold, ...Untold[]], place: number): string {
  const { title, advice } = adviceOf(group[0].code);
  const subjects = [...new Set(group.map(({ subject }) => harmless(subject)))];
  const named = subjects.slice(0, SUBJECTS_NAMED_MAX).join('、');
  const others = subjects.length > SUBJECTS_NAMED_MAX ? ` 等 ${subjects.length} 个` : '';
  return `${place}. ${title}（${harmless(group[0].code)}）\n对象：${named}${others}\n处理：${advice}`;
}

/**
 * A subject may be what somebody typed in the console, or sent. Robots read `<@all>` and `<at …>` as calling people, and a line
 * break would begin a sentence of its own.
 */
function harmless(text: string): string {
  const plain = text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ').replace(/[<>@]/g, ' ');
  return shorten(plain.replace(/ +/g, ' ').trim(), SUBJECT_CHARACTERS_MAX) || '（空）';
}
