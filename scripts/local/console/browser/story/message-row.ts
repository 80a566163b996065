import type { ConsoleEvent } from '../../wire.ts';
import { laneOf } from './every-event.ts';
import { textField } from './fields.ts';
import {
  answerWords,
  deedWords,
  noticeWords,
  paymentWords,
  receiptWords,
  requestWords,
  responseWords,
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
  const { from, to, kind, label, invocation } = event;
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
      label: `微信账本 ${BOOK_WORDS[label] ?? label}`,
      topic: BOOK_TOPICS[label] ?? 'paid',
    };
  }
  if (from === 'timer') {
    return {
      ...drawn,
      kind: 'mark',
      lane: 'function',
      sign: 'timer',
      label: `${label} 定时器`,
      topic: label,
    };
  }
  if (invocation !== undefined && index.noticeHops.has(invocation)) return undefined;
  if (to === 'timer') return kind === 'lost' ? failedRun(event, drawn) : undefined;
  if (from === 'function' && to === 'function') {
    return {
      ...drawn,
      kind: 'mark',
      lane: 'function',
      sign: 'change',
      label: `${label}${kind === 'call' ? '' : ' 返回'}`,
    };
  }
  const ends = { from: laneOf(from), to: laneOf(to) };
  if (kind === 'lost') {
    const words = lostWords(event, index);
    return { ...drawn, ...ends, ...words, kind: 'arrow', line: 'lost', isBad: true };
  }
  return { ...drawn, ...ends, ...wordsOf(event, index), kind: 'arrow', line: kind };
}

/** What virtual payment calls the changes of its book. */
const BOOK_WORDS: Readonly<Record<string, string>> = {
  created: '有了这笔订单',
  paid: '已付款',
  'refund done': '已退款',
  'refund failed': '退款失败',
  'session_key replaced': 'session_key 换了',
};
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
  if (label.startsWith('/pay/')) {
    const api = label.replace('/pay/', '');
    return isCall
      ? { ...requestWords(event), topic: api }
      : { ...responseWords(event), topic: `${api} answer` };
  }
  if (from === 'wechatpay' && to === 'function') {
    if (label !== 'notice' && !label.startsWith('forged: ')) return { label: `HTTP ${label}` };
    return { ...noticeWords(event, index.noticeTurns.get(event.seq) ?? 1), topic: 'notice' };
  }
  if (from === 'function' && to === 'wechatpay') return { ...receiptWords(event), topic: 'receipt' };
  if (to === 'robot') return { label: `群机器人：${firstLine(event)}`, topic: 'robot' };
  if (from === 'robot') return { label: '群机器人回答', topic: 'robot answer' };
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
  if (from === 'weixin' && isEventLabel(label)) {
    const words = eventWords(event, index.noticeTurns.get(event.seq) ?? 1).label;
    return { label: id === undefined ? words : `${words} 的回答`, topic: 'lost event' };
  }
  if (isEventLabel(label)) return { label: '推送的回答', topic: 'lost event' };
  if (label === 'wx.requestVirtualPayment') return { label: 'success', topic: 'lost success' };
  if (from === 'weixin' || from === 'robot') return { label: `${label} 的回答`, topic: 'broken' };
  if (label.startsWith('/pay/')) return { label: `${label.replace('/pay/', '')} 的回答`, topic: 'broken' };
  if (from === 'database') return { label: `${label.replace('database.', '')} 的回答`, topic: 'broken' };
  if (from === 'wechatpay') {
    const turn = index.noticeTurns.get(event.seq) ?? 1;
    const words = noticeWords(event, turn).label;
    return id === undefined ? { label: words, topic: 'lost' } : { label: `${words} 的回答`, topic: 'lost' };
  }
  if (label === 'notice') return { label: 'notify 的回答', topic: 'lost' };
  return { label: `${label} 没有回答`, topic: 'broken' };
}

function failedRun(event: ConsoleEvent, drawn: Omit<Mark, 'kind' | 'lane' | 'sign' | 'label'>): Mark {
  return {
    ...drawn,
    kind: 'mark',
    lane: 'function',
    sign: 'timer',
    label: `${event.label} 没有做完`,
    isBad: true,
  };
}
