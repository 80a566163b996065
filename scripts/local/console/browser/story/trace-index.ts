import type { ConsoleEvent } from '../../wire.ts';
import { textField } from './fields.ts';
import { isNoticeLabel } from './messages.ts';
import { isWrite, type Transaction, transactionsOf } from './transaction.ts';
import { isEventLabel, isPush } from './virtual-messages.ts';

/** What a row must know of events before and after its own. */
export interface TraceIndex {
  /** The reply to a call, or its loss, by the call's id. */
  readonly answers: ReadonlyMap<string, ConsoleEvent>;
  readonly transactions: ReadonlyMap<number, Transaction>;
  /** Invocations that only carry a notice on to its function. */
  readonly noticeHops: ReadonlyMap<string, string>;
  /** The how-manieth notice of its order an event is, by seq. */
  readonly noticeTurns: ReadonlyMap<number, number>;
  /** Runs of a timer that are over, asked nobody outside, and wrote nothing but how far they have looked. */
  readonly idleRuns: ReadonlySet<string>;
}

export function indexOf(events: readonly ConsoleEvent[]): TraceIndex {
  const answers = new Map<string, ConsoleEvent>();
  for (const event of events)
    if (event.kind !== 'call' && event.id !== undefined) answers.set(event.id, event);
  return {
    answers,
    transactions: transactionsOf(events),
    noticeHops: noticeHopsOf(events),
    noticeTurns: noticeTurnsOf(events),
    idleRuns: idleRunsOf(events),
  };
}

/** HTTP access passes the notice's id on as its Request-ID. */
function noticeHopsOf(events: readonly ConsoleEvent[]): Map<string, string> {
  const notices = new Set(events.filter(isPosting).map(({ id }) => id));
  const hops = new Map<string, string>();
  for (const { from, to, invocation, payload } of events) {
    const id = textField(payload, 'headers', 'request-id');
    if (from === 'wechatpay' && to === 'function' && invocation !== undefined && notices.has(id)) {
      hops.set(invocation, id ?? '');
    }
    // Message push calls the function itself, under the event's own id.
    if (from === 'weixin' && invocation !== undefined && notices.has(invocation))
      hops.set(invocation, invocation);
  }
  return hops;
}

function noticeTurnsOf(events: readonly ConsoleEvent[]): Map<number, number> {
  const turns = new Map<number, number>();
  const counts = new Map<string, number>();
  for (const event of events) {
    const { from, label, payload } = event;
    const isOurs = isNoticeLabel(label) || (from === 'weixin' && isEventLabel(label));
    const isLostUnsent = event.kind === 'lost' && from !== 'function' && event.id === undefined;
    if (!isOurs || !(isPosting(event) || isLostUnsent)) continue;
    const number = textField(payload, 'out_trade_no') ?? textField(payload, 'OutTradeNo') ?? event.about;
    const out_trade_no = `${label} ${number ?? ''}`;
    const turn = (counts.get(out_trade_no) ?? 0) + 1;
    counts.set(out_trade_no, turn);
    turns.set(event.seq, turn);
  }
  return turns;
}

function idleRunsOf(events: readonly ConsoleEvent[]): Set<string> {
  const idle = new Set<string>();
  for (const { from, to, kind, invocation, id, payload } of events) {
    if (from !== 'function' || to !== 'timer' || invocation === undefined || id !== invocation) continue;
    if (kind === 'reply' && textField(payload, 'code') === undefined) idle.add(invocation);
  }
  for (const { invocation, from, to, kind, label } of events) {
    const isDeed = to === 'database' && isWrite(label) && !isOwnProgress(label);
    const isAsking = from === 'function' && kind === 'call' && to !== 'database';
    if (invocation !== undefined && (isDeed || isAsking)) idle.delete(invocation);
  }
  return idle;
}

/** A timer notes how far it has looked: that is nothing to be seen. */
function isOwnProgress(label: string): boolean {
  return label.endsWith(' progress');
}

/** WeChat posts a notice or pushes an event, or what looks like one. */
function isPosting(event: ConsoleEvent): boolean {
  const { from, to, kind, label } = event;
  if (isPush(event)) return true;
  return from === 'wechatpay' && to === 'function' && kind === 'call' && isNoticeLabel(label);
}
