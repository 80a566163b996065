import { fieldsOfMessage } from '../order/reminders/fields.ts';
import type { Reminded, ReminderPorts } from '../order/reminders/ports.ts';
import { WeixinError, type WeixinErrorCode } from '../weixin/errors.ts';
import { sendSubscribeMessage } from '../weixin/subscribe-message.ts';
import type { ReminderConfig } from './reminder-config.ts';
import type { Runtime } from './runtime.ts';
import { readWeixinConfig } from './virtual-pay-config.ts';

/**
 * Reminds shoppers by subscribe messages, within one call.
 * @throws CloudError CONFIGURATION_WRONG
 */
export function messengerOn(
  runtime: Runtime,
  { template_id, fields, app_secret: secret }: ReminderConfig,
  answerBy: Date,
): ReminderPorts['remind'] {
  const { clock, variables } = runtime;
  const needs = { ...runtime.weixin(readWeixinConfig(variables)), clock, answerBy };
  return async ({ openid: touser, appid, page, name, end }) => {
    const data = fieldsOfMessage(fields, { name, end });
    try {
      await sendSubscribeMessage(needs, { appid, secret }, { touser, template_id, page, data });
      return { kind: 'sent' };
    } catch (error) {
      if (!(error instanceof WeixinError)) throw error;
      return remindedBy(error);
    }
  };
}

type Kind = Exclude<Reminded['kind'], 'sent'> | 'unsent for all' | 'misconfigured for all';

const KINDS: Readonly<Record<WeixinErrorCode, Kind>> = {
  TIMEOUT: 'unknown',
  BROKEN_CONNECTION: 'unknown',
  ANSWER_REFUSED: 'unknown',
  UNREACHABLE: 'unsent for all',
  TRY_AGAIN: 'unsent',
  TOO_OFTEN: 'unsent for all',
  SHOPPER_REFUSED: 'refused',
  SHOPPER_UNKNOWN: 'refused',
  SHOPPER_BLOCKED: 'refused',
  CODE_REFUSED: 'refused',
  TOKEN_REFUSED: 'misconfigured for all',
  SECRET_REFUSED: 'misconfigured for all',
  ADDRESS_REFUSED: 'misconfigured for all',
  NOT_PERMITTED: 'misconfigured for all',
  TEMPLATE_REFUSED: 'misconfigured',
  REFUSED: 'misconfigured',
};

/** A gateway that fails may have passed the message on; only WeChat's own word that it is busy says that it did not. */
function kindOf({ code, errcode, isUnsent }: WeixinError): Kind {
  const kind = code === 'TRY_AGAIN' && errcode === undefined ? 'unknown' : KINDS[code];
  return kind === 'unknown' && isUnsent ? 'unsent for all' : kind;
}

function remindedBy(error: WeixinError): Reminded {
  const { code: reason, errcode, message } = error;
  const kind = kindOf(error);
  const code = errcode === undefined ? reason : String(errcode);
  switch (kind) {
    case 'unknown':
    case 'refused':
      return { kind, code };
    case 'unsent':
    case 'unsent for all':
      return { kind: 'unsent', code, isForAll: kind === 'unsent for all' };
    case 'misconfigured':
    case 'misconfigured for all':
      return { kind: 'misconfigured', code, message, isForAll: kind === 'misconfigured for all' };
  }
}
