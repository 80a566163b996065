import { ChannelError, type ChannelErrorCode } from '../order/channel.ts';
import { VirtualPayError, type VirtualPayErrorCode } from '../virtualpay/errors.ts';
import { WeixinError, type WeixinErrorCode } from '../weixin/errors.ts';

const OF_WEIXIN: Readonly<Record<WeixinErrorCode, ChannelErrorCode>> = {
  TIMEOUT: 'UNKNOWN',
  UNREACHABLE: 'UNKNOWN',
  BROKEN_CONNECTION: 'UNKNOWN',
  TRY_AGAIN: 'UNKNOWN',
  ANSWER_REFUSED: 'UNKNOWN',
  TOO_OFTEN: 'PATIENCE',
  CODE_REFUSED: 'UNKNOWN',
  SHOPPER_BLOCKED: 'UNKNOWN',
  SECRET_REFUSED: 'MISCONFIGURED',
  ADDRESS_REFUSED: 'MISCONFIGURED',
  TOKEN_REFUSED: 'MISCONFIGURED',
  NOT_PERMITTED: 'MISCONFIGURED',
  SHOPPER_REFUSED: 'REFUSED',
  SHOPPER_UNKNOWN: 'REFUSED',
  TEMPLATE_REFUSED: 'REFUSED',
  REFUSED: 'REFUSED',
};

const OF_VIRTUAL_PAY: Readonly<Record<VirtualPayErrorCode, ChannelErrorCode>> = {
  TRY_AGAIN: 'UNKNOWN',
  TOO_OFTEN: 'PATIENCE',
  TOKEN_REFUSED: 'MISCONFIGURED',
  SIGN_REFUSED: 'MISCONFIGURED',
  NOT_OPENED: 'MISCONFIGURED',
  OPENID_REFUSED: 'REFUSED',
  FIELD_REFUSED: 'REFUSED',
  CONTENT_REFUSED: 'REFUSED',
  SESSION_EXPIRED: 'UNKNOWN',
  TASK_RUNNING: 'UNKNOWN',
  REFUND_RUNNING: 'UNKNOWN',
  LEFT_FEE_CHANGED: 'UNKNOWN',
  ANSWER_REFUSED: 'UNKNOWN',
  REFUSED: 'REFUSED',
};

/** Asks, and says what went wrong in the rules' words. */
export async function translated<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw inOurWords(error);
  }
}

function inOurWords(error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined || !(error instanceof WeixinError || error instanceof VirtualPayError)) return error;
  const { code: reason, errcode, message, rid } = error;
  const err_code = errcode === undefined ? undefined : String(errcode);
  return new ChannelError(code, message, { reason, err_code, rid, cause: error });
}

function codeOf(error: unknown): ChannelErrorCode | undefined {
  if (error instanceof WeixinError) return OF_WEIXIN[error.code];
  return error instanceof VirtualPayError ? OF_VIRTUAL_PAY[error.code] : undefined;
}
