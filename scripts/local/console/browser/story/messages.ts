import type { ConsoleEvent } from '../../wire.ts';
import { say } from '../words/language.ts';
import { ROWS } from '../words/story.ts';
import { field, parsed, textField, yuan } from './fields.ts';

/** A message in a few words. */
export interface Words {
  readonly label: string;
  readonly isBad?: boolean;
}

/** What a function answers a caller. */
export function answerWords({ label, payload }: ConsoleEvent): Words {
  const words = say(ROWS);
  const failure = textField(payload, 'errcode') ?? textField(payload, 'code');
  if (failure !== undefined) return { label: words.refused(label, failure), isBad: true };
  if (field(payload, 'payment') !== undefined) return { label: words.paymentParameters };
  const trade_state = textField(payload, 'order', 'trade_state');
  return { label: trade_state === undefined ? words.returns(label) : `trade_state ${trade_state}` };
}

/** The API of WeChat Pay whose path it is; undefined for what is none. */
export function apiOf(label: string): string | undefined {
  return /^\/(?:secapi\/)?pay\/(\w+)$/.exec(label)?.[1];
}

/** A call to one of WeChat Pay's APIs. */
export function requestWords({ payload }: ConsoleEvent, api: string): Words {
  const fee = field(payload, 'refund_fee') ?? field(payload, 'total_fee');
  const about = fee === undefined ? field(payload, 'bill_date') : yuan(fee);
  return { label: about === undefined ? api : `${api} ${about}` };
}

/** What WeChat Pay answers. */
export function responseWords({ label, payload }: ConsoleEvent): Words {
  const lines = textField(payload, 'lines');
  // A bill is a file, and no message that says how it went.
  if (lines !== undefined) return { label: say(ROWS).bill(Number(lines)) };
  const return_code = textField(payload, 'return_code');
  const return_msg = textField(payload, 'return_msg');
  if (return_msg === 'No Bill Exist') return { label: say(ROWS).noBill };
  if (return_code !== 'SUCCESS') return { label: return_msg ?? 'FAIL', isBad: true };
  const err_code = textField(payload, 'err_code');
  // That nothing was given back is an answer like any other.
  if (err_code !== undefined) return { label: err_code, isBad: err_code !== 'REFUNDNOTEXIST' };
  if (field(payload, 'prepay_id') !== undefined) return { label: 'prepay_id' };
  const refund_status = textField(payload, 'refund_status_0');
  if (refund_status !== undefined) return { label: `refund_status ${refund_status}` };
  const trade_state = textField(payload, 'trade_state');
  if (trade_state !== undefined) return { label: `trade_state ${trade_state}` };
  return { label: label === '/pay/closeorder' ? say(ROWS).orderClosed : 'SUCCESS' };
}

/** Whether WeChat Pay posts it of itself: a notice of a payment or a refund, or what looks like one. */
export function isNoticeLabel(label: string): boolean {
  return label === 'notice' || label === REFUND_NOTICE || label.startsWith('forged: ');
}

export const REFUND_NOTICE = 'refund notice';

/** What a function answers to whoever reached it by HTTP; a failure of the platform has a code in its place. */
export function httpWords({ label, payload }: ConsoleEvent): Words {
  const code = textField(payload, 'code');
  if (code !== undefined) return { label: say(ROWS).refused(`HTTP ${label}`, code), isBad: true };
  const status = field(payload, 'statusCode');
  return { label: `HTTP ${status ?? label}`, isBad: typeof status === 'number' && status >= 400 };
}

/** What the merchant answers a notice; only SUCCESS ends the notices. */
export function receiptWords({ label, payload }: ConsoleEvent): Words {
  const words = say(ROWS);
  if (label.startsWith('forged: ')) return { label: words.notBelieved(textField(payload, 'outcome') ?? '?') };
  const outcome = textField(payload, 'outcome');
  return outcome === 'SUCCESS'
    ? { label: words.noMoreNotices }
    : { label: words.noticeAgain(outcome ?? 'FAIL'), isBad: true };
}

/** What the mini-program receives from wx.requestPayment. */
export function paymentWords({ payload }: ConsoleEvent): Words {
  const errMsg = textField(payload, 'errMsg') ?? 'requestPayment';
  if (errMsg === 'requestPayment:ok') return { label: say(ROWS).justAHint(errMsg) };
  return { label: errMsg, isBad: errMsg !== 'requestPayment:fail cancel' };
}

export function deedWords({ label }: ConsoleEvent): Words {
  const { pays, cancels } = say(ROWS);
  return { label: label === 'pay' ? pays : label === 'cancel' ? cancels : label };
}

export function noticeWords({ label }: Pick<ConsoleEvent, 'label'>, turn: number): Words {
  const forgery = label.match(/^forged: (.*)$/)?.[1];
  if (forgery !== undefined) return { label: say(ROWS).forgedNotice(forgery), isBad: true };
  return { label: label === REFUND_NOTICE ? say(ROWS).refundNotice(turn) : say(ROWS).notice(turn) };
}

/** What a robot answers: WeCom's and Feishu's say by a number whether it was said. */
export function robotWords({ payload }: ConsoleEvent): Words {
  const answer = parsed(field(payload, 'answer'));
  const code = field(answer, 'errcode') ?? field(answer, 'code') ?? 0;
  const { robotAnswers } = say(ROWS);
  return code === 0 ? { label: robotAnswers } : { label: `${robotAnswers} ${code}`, isBad: true };
}
