import type { DeskPlace } from '../../../cloudfunctions/_shared/desk-contract';
import { fieldsOf, momentIn, textIn } from '../../logic/fields';
import { placeIn } from './desk-order';

/** An alarm as the desk knows it. Moments are ISO 8601. */
export interface Alarm {
  readonly alarm_id: string;
  readonly code: string;
  /** What happened, and what to do about it. */
  readonly title: string;
  readonly advice: string;
  readonly subject: string;
  readonly message: string;
  readonly created_at: string | null;
  /** When somebody said that it was dealt with, and who, by name where it is known. */
  readonly done_at: string | null;
  readonly done_by: string;
}

export interface Alarms {
  readonly alarms: readonly Alarm[];
  readonly next: DeskPlace | undefined;
}

export function alarmsFrom(found: unknown): Alarms | undefined {
  const fields = fieldsOf(found);
  if (!Array.isArray(fields?.alarms)) return undefined;
  return { alarms: alarmsIn(fields.alarms, fields.names), next: placeIn(fields.next) };
}

/** The alarm that was just dealt with, or opened again. */
export function alarmAnswerFrom(found: unknown): Alarm | undefined {
  const fields = fieldsOf(found);
  const [alarm] = alarmsIn([fields?.alarm], fields?.names);
  return alarm;
}

export function alarmsIn(found: readonly unknown[], names: unknown): Alarm[] {
  return found.flatMap((each) => {
    const fields = fieldsOf(each);
    const alarm_id = textIn(fields?.alarm_id);
    if (fields === undefined || alarm_id === undefined) return [];
    return {
      alarm_id,
      code: textIn(fields.code) ?? '',
      title: textIn(fields.title) ?? '系统告警',
      advice: textIn(fields.advice) ?? '',
      subject: textIn(fields.subject) ?? '',
      message: textIn(fields.message) ?? '',
      created_at: momentIn(fields.created_at) ?? null,
      done_at: momentIn(fields.done_at) ?? null,
      done_by: nameOf(textIn(fields.done_by), names),
    };
  });
}

/** The name of who did something: an operator's, or what an administrator gave at the terminal. */
export function nameOf(by: string | undefined, names: unknown): string {
  return by === undefined ? '' : (textIn(fieldsOf(names)?.[by]) ?? by);
}
