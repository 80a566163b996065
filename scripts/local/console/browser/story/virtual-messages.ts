import type { ConsoleEvent } from '../../wire.ts';
import { say } from '../words/language.ts';
import { ROWS, VIRTUAL } from '../words/story.ts';
import { field, textField } from './fields.ts';
import type { Words } from './messages.ts';

type Told = Words & { readonly topic: string };

export const DELIVER_EVENT = 'xpay_goods_deliver_notify';

/** The events, each with its name in words/story.ts. */
const EVENT_NAMES: Readonly<Record<string, 'deliver' | 'refund' | 'complaint' | 'apple'>> = {
  [DELIVER_EVENT]: 'deliver',
  xpay_refund_notify: 'refund',
  xpay_complaint_notify: 'complaint',
  xpay_subscribe_ios_refund_query_notify: 'apple',
};

/** Whether WeChat pushes an event to a function, or what looks like one. */
export function isPush({ from, to, kind, label }: ConsoleEvent): boolean {
  return from === 'weixin' && to === 'function' && kind === 'call' && isEventLabel(label);
}

export function isEventLabel(label: string): boolean {
  return Object.hasOwn(EVENT_NAMES, label) || label.startsWith('forged: ');
}

export function eventWords({ label }: Pick<ConsoleEvent, 'label'>, turn: number): Words {
  const forgery = label.match(/^forged: (.*)$/)?.[1];
  if (forgery !== undefined) return { label: say(ROWS).forgedEvent(forgery), isBad: true };
  const known = EVENT_NAMES[label];
  return { label: say(ROWS).event(known === undefined ? label : say(VIRTUAL)[known], turn) };
}

/** A message between WeChat and the shop, outside WeChat Pay; undefined where it is none. */
export function virtualWords(event: ConsoleEvent, turn: number): Told | undefined {
  const { from, to, kind, label, payload } = event;
  const isCall = kind === 'call';
  if (label === 'wx.login') return { label: isCall ? 'wx.login' : 'code', topic: 'login' };
  if (label === 'wx.requestVirtualPayment') {
    if (isCall) return { label: 'requestVirtualPayment', topic: 'requestVirtualPayment' };
    return { ...paymentWords(payload), topic: 'hint' };
  }
  if (from === 'weixin' && to === 'function' && isEventLabel(label))
    return { ...eventWords(event, turn), topic: 'event' };
  if (from === 'function' && to === 'weixin' && isEventLabel(label))
    return { ...receiptWords(event), topic: 'event answer' };
  if (from !== 'weixin' && to !== 'weixin') return undefined;
  const api = label
    .replace(/^\/(sns|cgi-bin|xpay|wxa\/sec\/order)\//, '')
    .replace('jscode2session', 'code2Session');
  if (isCall) return { label: api, topic: api };
  return { ...answerWords(payload, api), topic: `${api} answer` };
}

/** What WeChat answers a function. */
function answerWords(payload: unknown, api: string): Words {
  const errcode = field(payload, 'errcode');
  if (typeof errcode === 'number' && errcode !== 0)
    return { label: `${errcode} ${(textField(payload, 'errmsg') ?? '').split(' rid:')[0]}`, isBad: true };
  if (field(payload, 'session_key') !== undefined) return { label: 'openid，session_key' };
  if (field(payload, 'access_token') !== undefined) return { label: 'access_token' };
  const isManaged = field(payload, 'is_trade_managed');
  if (isManaged !== undefined) return { label: `is_trade_managed ${isManaged}` };
  const status = field(payload, 'order', 'status');
  if (typeof status === 'number')
    return { label: `status ${status} ${say(VIRTUAL).statuses[status] ?? ''}`.trim() };
  return { label: field(payload, 'order') === null ? 'order null' : `${api} ok` };
}

/** What the mini-program receives from wx.requestVirtualPayment. */
function paymentWords(payload: unknown): Words {
  const errMsg = textField(payload, 'errMsg') ?? 'requestVirtualPayment';
  if (errMsg === 'requestVirtualPayment:ok') return { label: say(ROWS).justAHint(errMsg) };
  const errCode = field(payload, 'errCode');
  return { label: `${errCode} ${errMsg.replace('requestVirtualPayment:', '')}`, isBad: errCode !== -2 };
}

/** What the function answers an event: only ErrCode 0, or nothing, ends the repeats. */
function receiptWords({ label, payload }: ConsoleEvent): Words {
  const words = say(ROWS);
  const ErrCode = field(payload, 'ErrCode');
  const result_code = field(payload, 'result_code');
  if (result_code !== undefined)
    return { label: result_code === 0 ? words.refundAgreed : words.refundRefused };
  if (label.startsWith('forged: ')) return { label: words.notBelieved(`ErrCode ${ErrCode}`) };
  if (ErrCode === 0) return { label: words.delivered };
  return {
    label: words.eventAgain(String(ErrCode ?? words.noErrCode)),
    isBad: ErrCode !== undefined,
  };
}
