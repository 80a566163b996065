import type { ConsoleEvent } from '../../wire.ts';
import { say } from '../words/language.ts';
import { ROWS } from '../words/story.ts';
import { field, textField, yuan } from './fields.ts';

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

/** A call to one of WeChat Pay's three APIs. */
export function requestWords({ label, payload }: ConsoleEvent): Words {
  const api = label.replace(/^\/pay\//, '');
  const total_fee = field(payload, 'total_fee');
  return { label: total_fee === undefined ? api : `${api} ${yuan(total_fee)}` };
}

/** What WeChat Pay answers. */
export function responseWords({ label, payload }: ConsoleEvent): Words {
  const return_code = textField(payload, 'return_code');
  if (return_code !== 'SUCCESS') return { label: textField(payload, 'return_msg') ?? 'FAIL', isBad: true };
  const err_code = textField(payload, 'err_code');
  if (err_code !== undefined) return { label: err_code, isBad: true };
  if (field(payload, 'prepay_id') !== undefined) return { label: 'prepay_id' };
  const trade_state = textField(payload, 'trade_state');
  if (trade_state !== undefined) return { label: `trade_state ${trade_state}` };
  return { label: label === '/pay/closeorder' ? say(ROWS).orderClosed : 'SUCCESS' };
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
  return { label: say(ROWS).notice(turn) };
}
