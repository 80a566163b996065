import type { RefundOrderRequest } from '../../../cloudfunctions/_shared/contract';
import type { DeskPlace, DeskRequest } from '../../../cloudfunctions/_shared/desk-contract';
import { fieldsOf, textIn, wholeIn } from '../../logic/fields';
import { keepOperator } from '../../logic/operator';
import { callRefusing } from '../../services/cloud';
import { storage } from '../../services/storage';
import { type Alarm, type Alarms, alarmAnswerFrom, alarmsFrom } from '../logic/alarm';
import { type Bills, billsFrom } from '../logic/bills';
import { DESK_CODES, type DeskAnswered } from '../logic/codes';
import { type DeskOrders, ordersFrom, type Unreadable } from '../logic/desk-order';
import { type History, historyFrom } from '../logic/history';

/** Who is at the desk, and what waits there. */
export interface Me {
  readonly name: string;
  readonly openAlarms: number;
  /** There are more than were counted. */
  readonly areMore: boolean;
}

export function readMe(): Promise<DeskAnswered<Me>> {
  return ask({ act: 'me' }, (found) => {
    const fields = fieldsOf(found);
    const openAlarms = wholeIn(fields?.open_alarms);
    if (openAlarms === undefined) return undefined;
    const areMore = openAlarms >= (wholeIn(fields?.open_alarms_max) ?? 0);
    return { name: textIn(fields?.name) ?? '', openAlarms, areMore };
  });
}

/** The newest orders, or those that a number or an openid finds. */
export function readDeskOrders(
  search: string,
  from: DeskPlace | undefined,
): Promise<DeskAnswered<DeskOrders>> {
  const which = { ...(search === '' ? {} : { search }), ...(from === undefined ? {} : { from }) };
  return ask({ act: 'orders', ...which }, ordersFrom);
}

export function readHistory(out_trade_no: string): Promise<DeskAnswered<History | Unreadable>> {
  return ask({ act: 'order', out_trade_no }, historyFrom);
}

export function readAlarms(from: DeskPlace | undefined): Promise<DeskAnswered<Alarms>> {
  return ask({ act: 'alarms', ...(from === undefined ? {} : { from }) }, alarmsFrom);
}

/** Says that an alarm was dealt with, or takes that back. */
export function setAlarmDone(alarm_id: string, done: boolean): Promise<DeskAnswered<Alarm>> {
  return ask({ act: 'alarm.done', alarm_id, done }, alarmAnswerFrom);
}

/** The latest days of bills, or those before a day. */
export function readBills(before: string | undefined): Promise<DeskAnswered<Bills>> {
  return ask({ act: 'bills', ...(before === undefined ? {} : { before }) }, billsFrom);
}

/** Asks for a refund; its number is all that is needed of the answer, since the order's page shows the rest. */
export function askForRefund(request: RefundOrderRequest): Promise<DeskAnswered<string>> {
  return callRefusing(DESK_CODES, {
    name: 'refundOrder',
    data: request,
    read: (found) => textIn(fieldsOf(fieldsOf(found)?.refund)?.out_refund_no),
  });
}

/** Whoever is answered is an operator, and is shown the way here from then on; whoever is refused is not. */
async function ask<T>(data: DeskRequest, read: (found: unknown) => T | undefined): Promise<DeskAnswered<T>> {
  const answered = await callRefusing(DESK_CODES, { name: 'serveDesk', data, read });
  if (answered.kind === 'answered') keepOperator(storage, true);
  if (answered.kind === 'refused' && answered.error.errcode === 'FORBIDDEN') keepOperator(storage, false);
  return answered;
}
