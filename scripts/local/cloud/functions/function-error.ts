import { CloudError } from '../errors.ts';

/**
 * The error codes of a function call that failed, and the numbers under which the mini-program sees them
 * (`errCode: -504002 functions execute fail | errMsg: …`). Where the platform's documents name a code without its
 * number, the number is that of SYS_ERR, which is what the SDKs make of a code they do not know.
 */
const ERR_CODES = {
  FUNCTION_NOT_FOUND: -501000,
  PERMISSION_DENIED: -501001,
  EXCEED_REQUEST_SIZE_LIMIT: -501001,
  EXCEED_CONCURRENT_REQUEST_LIMIT: -501004,
  FUNCTIONS_EXECUTE_FAIL: -504002,
  FUNCTIONS_TIME_LIMIT_EXCEEDED: -504003,
} as const;

export type FunctionErrorCode = keyof typeof ERR_CODES;

/** A call that the platform answers with an error instead of the function's result. */
export class FunctionError extends CloudError<FunctionErrorCode> {
  /** What `wx.cloud.callFunction` rejects with. */
  readonly errCode: number;

  constructor(code: FunctionErrorCode, message: string) {
    super(code, message);
    this.errCode = ERR_CODES[code];
  }
}
