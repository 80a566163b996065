import type { DeskHistory } from '../../../cloudfunctions/_shared/desk-contract';
import { countIn, type Fields, fieldsOf, momentIn, textIn, wholeIn } from '../../logic/fields';
import { type Alarm, alarmsIn, nameOf } from './alarm';
import { type DeskOrder, deskOrderFrom, type Unreadable } from './desk-order';

/** An order with all that happened to it. Lists are the newest first, moments ISO 8601. */
export interface History {
  readonly order: OrderInFull;
  readonly refunds: readonly DeskRefund[];
  readonly alarms: readonly Alarm[];
  readonly acts: readonly Act[];
  readonly grants: readonly Grant[];
  /** The names of refunds that cannot be read. */
  readonly unreadableRefunds: readonly string[];
}

export interface OrderInFull extends DeskOrder {
  /** When WeChat is asked about it next; null when nothing is left to ask. */
  readonly next_query_at: string | null;
  readonly supersedes: string | null;
  readonly superseded_by: string | null;
  /** What is reserved for a refund under way, in fen. */
  readonly refund_reserved_fee: number;
  /** How many refunds it has, whatever became of them, and those that only take days too. */
  readonly refund_count: number;
  /** About how many days it gives, for a share of them. */
  readonly days: number;
}

type RefundState = 'PROCESSING' | 'SUCCESS' | 'ABNORMAL' | 'CLOSED' | 'ABANDONING';

export interface DeskRefund {
  readonly out_refund_no: string;
  readonly refund_fee: number;
  readonly state: RefundState;
  readonly takes: Takes;
  readonly reason: string;
  /** By name where it is known; empty where it was made elsewhere. */
  readonly by: string;
  readonly requested_at: string;
  readonly ended_at: string | null;
  readonly success_time: string | null;
  /** What WeChat last said against it. */
  readonly refused: string;
}

export type Takes = 'all' | 'none' | { readonly days: number };

export interface Act {
  readonly act: string;
  readonly by: string;
  readonly subject: string;
  readonly created_at: string;
}

export interface Grant {
  readonly membership: string;
  readonly granted_at: string;
  readonly cut_at: string | null;
  readonly taken_days: number | null;
  readonly expires_at: string;
}

/** What `serveDesk` answered; an order that cannot be read is named and nothing else is shown of it. */
export function historyFrom(found: unknown): History | Unreadable | undefined {
  const fields = fieldsOf(found);
  const answered = fieldsOf(fields?.order);
  if (fields === undefined || answered === undefined) return undefined;
  const order = deskOrderFrom(answered);
  if ('unreadable' in order) return order;
  const refunds = listIn(fields, 'refunds');
  return {
    order: inFull(order, answered),
    refunds: refunds.flatMap((refund) => refundFrom(refund, fields.names) ?? []),
    alarms: alarmsIn(listIn(fields, 'alarms'), fields.names),
    acts: listIn(fields, 'audit').flatMap((act) => actFrom(act, fields.names) ?? []),
    grants: listIn(fields, 'grants').flatMap((grant) => grantFrom(grant) ?? []),
    unreadableRefunds: refunds.flatMap((refund) => textIn(fieldsOf(refund)?.unreadable) ?? []),
  };
}

function inFull(order: DeskOrder, fields: Fields): OrderInFull {
  const [first] = listIn(fields, 'gives');
  return {
    ...order,
    next_query_at: momentIn(fields.next_query_at) ?? null,
    supersedes: textIn(fields.supersedes) ?? null,
    superseded_by: textIn(fields.superseded_by) ?? null,
    refund_reserved_fee: wholeIn(fields.refund_reserved_fee) ?? 0,
    refund_count: listIn(fields, 'refunds').length,
    days: wholeIn(fieldsOf(first)?.days) ?? 0,
  };
}

const STATES: readonly RefundState[] = ['PROCESSING', 'SUCCESS', 'ABNORMAL', 'CLOSED', 'ABANDONING'];

function refundFrom(found: unknown, names: unknown): DeskRefund | undefined {
  const fields = fieldsOf(found);
  const out_refund_no = textIn(fields?.out_refund_no);
  const refund_fee = wholeIn(fields?.refund_fee);
  const state = STATES.find((one) => one === fields?.state);
  const requested_at = momentIn(fields?.requested_at);
  if (fields === undefined || !out_refund_no || refund_fee === undefined || !state || !requested_at)
    return undefined;
  const said = [textIn(fields.err_code), textIn(fields.err_code_des)];
  return {
    ...{ out_refund_no, refund_fee, state, requested_at },
    takes: takesIn(fields.takes),
    reason: textIn(fields.reason) ?? '',
    by: nameOf(textIn(fields.requested_by), names),
    ended_at: momentIn(fields.ended_at) ?? null,
    success_time: momentIn(fields.success_time) ?? null,
    refused: said.filter((text) => text !== undefined).join(' '),
  };
}

export function takesIn(found: unknown): Takes {
  const days = countIn(fieldsOf(found)?.days);
  if (days !== undefined) return { days };
  return found === 'all' ? 'all' : 'none';
}

function actFrom(found: unknown, names: unknown): Act | undefined {
  const fields = fieldsOf(found);
  const act = textIn(fields?.act);
  const created_at = momentIn(fields?.created_at);
  if (fields === undefined || act === undefined || created_at === undefined) return undefined;
  const by = nameOf(textIn(fields.by), names);
  return { act, by, subject: textIn(fields.subject) ?? '', created_at };
}

function grantFrom(found: unknown): Grant | undefined {
  const fields = fieldsOf(found);
  const membership = textIn(fields?.membership);
  const granted_at = momentIn(fields?.granted_at);
  const expires_at = momentIn(fields?.expires_at);
  if (!membership || !granted_at || !expires_at) return undefined;
  return {
    ...{ membership, granted_at, expires_at },
    cut_at: momentIn(fields?.cut_at) ?? null,
    taken_days: wholeIn(fields?.taken_days) ?? null,
  };
}

function listIn(fields: Fields, name: keyof DeskHistory | 'gives'): readonly unknown[] {
  const found = fields[name];
  return Array.isArray(found) ? found : [];
}
