import { CLIENT_ERRORS, type ClientErrCode } from './errors.ts';

/** What the mini-program's `fail` receives. */
export interface Failed {
  readonly kind: 'failed';
  readonly errMsg: string;
  readonly errCode: ClientErrCode;
  /** What is not sent: the likely mistake, for the trace and the console. */
  readonly why: string;
}

/**
 * @param why the likely mistake, in English, for whoever reads the trace
 * @param text what is sent, where the general text says too little
 */
export function failed(errCode: ClientErrCode, why: string, text: string = CLIENT_ERRORS[errCode]): Failed {
  return { kind: 'failed', errMsg: `requestVirtualPayment:fail ${text}`, errCode, why };
}
