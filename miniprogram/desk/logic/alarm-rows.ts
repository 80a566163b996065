import { when } from '../../logic/dates';
import type { Alarm } from './alarm';
import { endOf } from './order-rows';

export interface AlarmRow {
  readonly alarm_id: string;
  readonly title: string;
  readonly advice: string;
  readonly when: string;
  /** What it is about, short. */
  readonly about: string;
  /** The order that it is about, where it is about one. */
  readonly out_trade_no: string;
  readonly message: string;
  readonly isOpen: boolean;
  /** Who dealt with it, and when. */
  readonly done: string;
}

/** The open ones and those that were dealt with, as the page shows them: in two lists. */
export function showAlarms(
  alarms: readonly Alarm[],
  now: Date,
): { readonly open: readonly AlarmRow[]; readonly done: readonly AlarmRow[] } {
  const rows = alarms.map((alarm) => rowOf(alarm, now));
  return { open: rows.filter(({ isOpen }) => isOpen), done: rows.filter(({ isOpen }) => !isOpen) };
}

/** Adds what was read to what is known; an alarm that is there is replaced where it stands. */
export function withAlarms(known: readonly Alarm[], read: readonly Alarm[]): Alarm[] {
  const byId = new Map([...known, ...read].map((alarm) => [alarm.alarm_id, alarm]));
  return [...byId.values()];
}

function rowOf(
  { alarm_id, title, advice, created_at, subject, message, done_at, done_by }: Alarm,
  now: Date,
) {
  const isOrder = ORDER_NUMBER.test(subject);
  return {
    ...{ alarm_id, title, advice, message },
    when: created_at === null ? '' : when(new Date(created_at), now),
    about: isOrder ? `订单 ${endOf(subject)}` : subject,
    out_trade_no: isOrder ? subject : '',
    isOpen: done_at === null,
    done: done_at === null ? '' : `${done_by} ${when(new Date(done_at), now)} 已处理`,
  };
}

const ORDER_NUMBER = /^[0-9a-f]{32}$/;
