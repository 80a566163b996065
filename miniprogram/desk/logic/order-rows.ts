import { when } from '../../logic/dates';
import { spokenYuan } from '../../logic/money';
import { nameIn } from '../../logic/order/order';
import { shortState } from '../../logic/order/order-state';
import { termInWords } from '../../logic/term';
import type { DeskOrder, Unreadable } from './desk-order';

export interface DeskRow {
  readonly out_trade_no: string;
  readonly what: string;
  readonly about: string;
  /** Null where the order cannot be read. */
  readonly fen: number | null;
  readonly state: string;
  readonly isBad: boolean;
  readonly spoken: string;
}

/** Orders as rows; one that cannot be read is among them, since a human has to look at it. */
export function showDeskRows(orders: readonly (DeskOrder | Unreadable)[], now: Date): DeskRow[] {
  return orders.map((order) => ('unreadable' in order ? unreadableRow(order.unreadable) : rowOf(order, now)));
}

function rowOf(order: DeskOrder, now: Date): DeskRow {
  const what = whatOf(order);
  const made = when(new Date(order.created_at), now);
  const state = order.under_review ? '待核对' : shortState(order, undefined, now);
  return {
    out_trade_no: order.out_trade_no,
    what,
    about: `${made} · 用户 ${endOf(order.openid)}`,
    fen: order.total_fee,
    state,
    isBad: order.under_review,
    spoken: `${what}，${spokenYuan(order.total_fee)}，${state}，${made}`,
  };
}

function unreadableRow(out_trade_no: string): DeskRow {
  const what = '无法读取的订单';
  return {
    out_trade_no,
    what,
    about: endOf(out_trade_no),
    fen: null,
    state: '待核对',
    isBad: true,
    spoken: what,
  };
}

/** Adds a page to a list; what moved meanwhile and is read again stands where it was, as it is now. */
export function joined(
  known: readonly (DeskOrder | Unreadable)[],
  read: readonly (DeskOrder | Unreadable)[],
): (DeskOrder | Unreadable)[] {
  const byNumber = new Map([...known, ...read].map((order) => [numberOf(order), order]));
  return [...byNumber.values()];
}

function numberOf(order: DeskOrder | Unreadable): string {
  return 'unreadable' in order ? order.unreadable : order.out_trade_no;
}

/** `城市版 · 3 个月`, as it was ordered. */
export function whatOf(order: DeskOrder): string {
  return `${nameIn(order)} · ${termInWords(order)}`;
}

/** Enough of a number to tell it from its neighbours. */
export function endOf(number: string): string {
  return number.length <= 8 ? number : `…${number.slice(-6)}`;
}

/** What was typed or pasted: bills break numbers into groups, and chats put spaces around them. */
export function searchIn(typed: string): string {
  return typed.replace(/\s/g, '');
}
