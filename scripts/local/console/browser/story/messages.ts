import type { ConsoleEvent } from '../../wire.ts';
import { field, textField, yuan } from './fields.ts';

/** A message in a few words. */
export interface Words {
  readonly label: string;
  readonly isBad?: boolean;
}

/** What a function answers a caller. */
export function answerWords({ label, payload }: ConsoleEvent): Words {
  const failure = textField(payload, 'errcode') ?? textField(payload, 'code');
  if (failure !== undefined) return { label: `${label}：${failure}`, isBad: true };
  if (field(payload, 'payment') !== undefined) return { label: '支付参数，paySign' };
  const trade_state = textField(payload, 'order', 'trade_state');
  return { label: trade_state === undefined ? `${label} 返回` : `trade_state ${trade_state}` };
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
  return { label: label === '/pay/closeorder' ? '已关单' : 'SUCCESS' };
}

/** What the merchant answers a notice; only SUCCESS ends the notices. */
export function receiptWords({ label, payload }: ConsoleEvent): Words {
  if (label.startsWith('forged: ')) return { label: `${textField(payload, 'outcome') ?? '?'}，不该相信它` };
  const outcome = textField(payload, 'outcome');
  return outcome === 'SUCCESS'
    ? { label: 'SUCCESS，不再重发' }
    : { label: `${outcome ?? 'FAIL'}，还会重发`, isBad: true };
}

/** What the mini-program receives from wx.requestPayment. */
export function paymentWords({ payload }: ConsoleEvent): Words {
  const errMsg = textField(payload, 'errMsg') ?? 'requestPayment';
  if (errMsg === 'requestPayment:ok') return { label: `${errMsg}，只是提示` };
  return { label: errMsg, isBad: errMsg !== 'requestPayment:fail cancel' };
}

const DEEDS: Readonly<Record<string, string>> = { pay: '买家输入支付密码', cancel: '买家关闭收银台' };

export function deedWords({ label }: ConsoleEvent): Words {
  return { label: DEEDS[label] ?? label };
}

export function noticeWords({ label }: Pick<ConsoleEvent, 'label'>, turn: number): Words {
  const forgery = label.match(/^forged: (.*)$/)?.[1];
  if (forgery !== undefined) return { label: `伪造的 notify：${forgery}`, isBad: true };
  return { label: turn > 1 ? `notify 第 ${turn} 次` : 'notify' };
}
