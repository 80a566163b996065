import type { ConsoleEvent } from '../../wire.ts';
import { say } from '../words/language.ts';
import { ROWS, VIRTUAL } from '../words/story.ts';
import { laneOf } from './every-event.ts';
import { textField } from './fields.ts';
import {
  answerWords,
  apiOf,
  deedWords,
  httpWords,
  isNoticeLabel,
  noticeWords,
  paymentWords,
  receiptWords,
  requestWords,
  responseWords,
  robotWords,
  type Words,
} from './messages.ts';
import type { Arrow, Mark, Row } from './row.ts';
import type { TraceIndex } from './trace-index.ts';
import { eventWords, isEventLabel, virtualWords } from './virtual-messages.ts';

/** The row of whatever does not touch the database; none for the second hop of a notice and a timer's answer. */
export function messageRow(
  event: ConsoleEvent,
  busy: Row['busy'],
  index: TraceIndex,
): Arrow | Mark | undefined {
  const drawn = { key: `${event.seq}`, at: event.at, events: [event], busy };
  const { from, to, kind, label, id, invocation } = event;
  const words = say(ROWS);
  if (from === 'shopper') {
    return {
      ...drawn,
      ...deedWords(event),
      kind: 'mark',
      lane: 'mini-program',
      sign: 'shopper',
      topic: 'shopper',
    };
  }
  if (kind === 'change') {
    return {
      ...drawn,
      kind: 'mark',
      lane: laneOf(to),
      sign: 'change',
      label: words.book(bookWords(label)),
      topic: BOOK_TOPICS[label] ?? 'paid',
    };
  }
  if (from === 'timer') {
    return {
      ...drawn,
      kind: 'mark',
      lane: 'function',
      sign: 'timer',
      label: words.timer(label),
      topic: label,
    };
  }
  // Only the hop itself: what its function asks for in its course is drawn.
  if (id !== undefined && id === invocation && index.noticeHops.has(id)) return undefined;
  if (to === 'timer') return kind === 'lost' ? failedRun(event, drawn) : undefined;
  if (from === 'function' && to === 'function') {
    return {
      ...drawn,
      kind: 'mark',
      lane: 'function',
      sign: 'change',
      label: kind === 'call' ? label : words.returns(label),
    };
  }
  const ends = { from: laneOf(from), to: laneOf(to) };
  if (kind === 'lost') {
    return { ...drawn, ...ends, ...lostWords(event, index), kind: 'arrow', line: 'lost', isBad: true };
  }
  return { ...drawn, ...ends, ...wordsOf(event, index), kind: 'arrow', line: kind };
}

/** What virtual payment calls the changes of its book; WeChat Pay's name both states. */
function bookWords(change: string): string {
  const { created, paid, refunded, refundFailed, keyReplaced } = say(VIRTUAL);
  const known: Readonly<Record<string, string>> = {
    ...{ created, paid },
    'refund done': refunded,
    'refund failed': refundFailed,
    'session_key replaced': keyReplaced,
  };
  return known[change] ?? change;
}

const BOOK_TOPICS: Readonly<Record<string, string>> = {
  created: 'created',
  'session_key replaced': 'replaced',
};

function wordsOf(event: ConsoleEvent, index: TraceIndex): Words & { topic?: string } {
  const { from, to, kind, label } = event;
  const isCall = kind === 'call';
  const virtual = virtualWords(event, index.noticeTurns.get(event.seq) ?? 1);
  if (virtual) return virtual;
  if (label === 'wx.requestPayment') {
    return isCall
      ? { label: 'requestPayment', topic: 'requestPayment' }
      : { ...paymentWords(event), topic: 'hint' };
  }
  const api = apiOf(label);
  if (api !== undefined) {
    return isCall
      ? { ...requestWords(event, api), topic: api }
      : { ...responseWords(event), topic: `${api} answer` };
  }
  if (from === 'wechatpay' && to === 'function') {
    if (!isNoticeLabel(label)) return { label: `HTTP ${label}` };
    return { ...noticeWords(event, index.noticeTurns.get(event.seq) ?? 1), topic: 'notice' };
  }
  if (from === 'function' && to === 'wechatpay')
    return isNoticeLabel(label) ? { ...receiptWords(event), topic: 'receipt' } : httpWords(event);
  if (to === 'robot') return { label: say(ROWS).robot(firstLine(event)), topic: 'robot' };
  if (from === 'robot') return { ...robotWords(event), topic: 'robot answer' };
  if (isCall) return { label: `callFunction ${label}`, topic: label };
  return { ...answerWords(event), topic: `${label} answer` };
}

/** What is said in the group chat begins with what it is. */
function firstLine({ payload }: ConsoleEvent): string {
  const text = textField(payload, 'text', 'content') ?? textField(payload, 'content', 'text');
  return (text ?? textField(payload, 'text') ?? '').split('\n')[0] ?? '';
}

function lostWords(event: ConsoleEvent, index: TraceIndex): { label: string; topic: string } {
  const { from, label, id } = event;
  const words = say(ROWS);
  if (from === 'weixin' && isEventLabel(label)) {
    const pushed = eventWords(event, index.noticeTurns.get(event.seq) ?? 1).label;
    return { label: id === undefined ? pushed : words.answerOf(pushed), topic: 'lost event' };
  }
  if (isEventLabel(label)) return { label: words.answerOf(eventWords(event, 1).label), topic: 'lost event' };
  if (label === 'wx.requestVirtualPayment') return { label: 'success', topic: 'lost success' };
  if (from === 'weixin' || from === 'robot') return { label: words.answerOf(label), topic: 'broken' };
  const api = apiOf(label);
  if (api !== undefined) return { label: words.answerOf(api), topic: 'broken' };
  if (from === 'database') return { label: words.answerOf(label.replace('database.', '')), topic: 'broken' };
  if (from === 'wechatpay') {
    const turn = index.noticeTurns.get(event.seq) ?? 1;
    const notice = noticeWords(event, turn).label;
    return { label: id === undefined ? notice : words.answerOf(notice), topic: 'lost' };
  }
  if (isNoticeLabel(label)) return { label: words.answerOf(noticeWords(event, 1).label), topic: 'lost' };
  return { label: words.unanswered(label), topic: 'broken' };
}

function failedRun(event: ConsoleEvent, drawn: Omit<Mark, 'kind' | 'lane' | 'sign' | 'label'>): Mark {
  return {
    ...drawn,
    kind: 'mark',
    lane: 'function',
    sign: 'timer',
    label: say(ROWS).failedRun(event.label),
    isBad: true,
  };
}
