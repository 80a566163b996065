import {
  VirtualPayError,
  type VirtualPayErrorCode,
} from '../../../cloudfunctions/_shared/virtualpay/errors.ts';
import { WeixinError, type WeixinErrorCode } from '../../../cloudfunctions/_shared/weixin/errors.ts';
import { DeployError } from '../errors.ts';
import { printable } from '../print.ts';

/** What went wrong between somebody and api.weixin.qq.com, whether it was asked from here or from a function. */
export interface WeixinFailure {
  readonly code: string;
  readonly message: string;
}

/** Where a refusal of WeChat's can be put right. */
export const wayOutOfWeixin = ({ code }: WeixinFailure): string => WAYS_OUT.get(code) ?? OTHERWISE;

/** @throws whatever is no failure of WeChat's: a bug keeps its stack */
export function explainWeixin(doing: string, error: unknown): DeployError {
  if (!(error instanceof VirtualPayError || error instanceof WeixinError)) throw error;
  const code = ITEM_IS_AT_FAULT.has(error.code) ? 'ITEM_REFUSED' : `WEIXIN_${error.code}`;
  return new DeployError(code, `Could not ${doing}: ${printable(error.message)}`, {
    wayOut: wayOutOfWeixin(error),
    cause: error,
  });
}

/** Refusals after which another item may fare better. */
const ITEM_IS_AT_FAULT: ReadonlySet<string> = new Set<VirtualPayErrorCode>([
  'CONTENT_REFUSED',
  'FIELD_REFUSED',
]);

const OTHERWISE =
  'Run this again; if it stays so, ask the support of WeChat with the rid that the message names';
const NETWORK = 'Look at the network and run this again; it goes on where it stopped';

const WAYS_OUT: ReadonlyMap<string, string> = new Map<
  VirtualPayErrorCode | WeixinErrorCode | 'MISCONFIGURED',
  string
>([
  [
    'SECRET_REFUSED',
    'WEIXIN_APP_SECRET is not the secret of the appid in project.config.json, or was reset or frozen (mini-program console, ' +
      'Development 开发管理, Settings 开发设置, AppSecret). Write the current one into .env',
  ],
  [
    'ADDRESS_REFUSED',
    'The mini-program has an IP allow-list, and the address that the message names is not on it (40164). Take the list away ' +
      '(mini-program console, Development 开发管理, Settings 开发设置, IP白名单), or give it fixed addresses: cloud functions leave by ' +
      'changing ones unless fixed egress 固定出口IP is on (CloudBase console, Cloud Functions 云函数, the function, its settings), and this ' +
      'machine by its own',
  ],
  [
    'SIGN_REFUSED',
    'VIRTUAL_PAY_APP_KEY is not the live AppKey 现网AppKey (mini-program console, Virtual Payment 虚拟支付, 基本配置, 基础配置); the ' +
      'sandbox has another one',
  ],
  [
    'NOT_OPENED',
    'Virtual payment is not opened for this mini-program, or not yet (mini-program console, Virtual Payment 虚拟支付, 开通)',
  ],
  [
    'TOKEN_REFUSED',
    'WeChat takes no token of this appid. See that WEIXIN_APP_SECRET belongs to it, and run this again',
  ],
  [
    'CONTENT_REFUSED',
    'The name or the description of the product, or the picture, did not pass the content check. Change it',
  ],
  [
    'FIELD_REFUSED',
    'The message names the field. See VIRTUAL_PAY_ITEM_URL, and the name and description of the product',
  ],
  // What a function says whose own settings are missing or wrong.
  ['MISCONFIGURED', 'Run npm run deploy, which gives the function what .env says'],
  ['TOO_OFTEN', 'Asked too often. Run this again in a few minutes'],
  ['TIMEOUT', NETWORK],
  ['UNREACHABLE', NETWORK],
  ['BROKEN_CONNECTION', NETWORK],
]);
