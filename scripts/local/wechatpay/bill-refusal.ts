import { ERRORS, type ErrCode, type Refused } from './errors.ts';
import type { Message } from './xml.ts';

/** What the other APIs have a code for, in the words of this one. */
const WORDS: Readonly<Partial<Record<ErrCode, ErrCode>>> = {
  SIGNERROR: 'BILL_SIGN_ERROR',
  LACK_PARAMS: 'MISSING_PARAMETER',
  PARAM_ERROR: 'DATA_FORMAT_ERROR',
  SYSTEMERROR: 'BILL_SYSTEM_ERROR',
};

/** The numbers beside the words. 20001 and 20002 were seen; which words have which is in no document that was found. */
function numberOf(err_code: ErrCode): string {
  if (err_code === 'NO_BILL_EXIST' || err_code === 'BILL_CREATING') return '20002';
  return err_code === 'BILL_SYSTEM_ERROR' || err_code === 'COMPRESSGZIP_ERROR' ? '20003' : '20001';
}

/** downloadbill says no in XML that is not signed: a return_msg in its own words, and error_code, not err_code. */
export function billRefusal({ err_code, text }: Refused): Message {
  const own = WORDS[err_code];
  const return_msg = own ? ERRORS[own].text : text;
  return { return_code: 'FAIL', return_msg, error_code: numberOf(own ?? err_code) };
}
