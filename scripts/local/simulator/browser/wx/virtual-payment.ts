import type { VirtualRefusal } from '../../wire.ts';
import type { Network } from '../network.ts';
import { reportError } from '../problems.ts';
import { NoAnswer, type Server } from '../server.ts';
import type { Platform } from '../settings.ts';
import { openAppleSheet } from '../shell/apple-sheet.ts';
import { openCashier } from '../shell/cashier-sheet.ts';
import type { Phone } from '../shell/phone.ts';
import type { AppVisibility } from './app-visibility.ts';
import { CLIENTS } from './device-information.ts';
import type { Options } from './failure.ts';
import { POOR_PASSWORD } from './payment.ts';

interface Parts {
  readonly server: Server;
  readonly phone: Phone;
  readonly network: Network;
  readonly platform: Platform;
  readonly visibility: AppVisibility;
}

type Result = { readonly kind: 'paid' } | { readonly kind: 'lost' } | VirtualRefusal;

const NO_NETWORK: VirtualRefusal = {
  kind: 'refused',
  errMsg: 'requestVirtualPayment:fail network error',
  errCode: -15003,
};

/** wx.requestVirtualPayment has callbacks only, and a payment whose success gets lost calls none of them. */
export function virtualPaymentApis(parts: Parts) {
  return {
    requestVirtualPayment: (options: Options = {}): void => void request(options, parts),
  };
}

async function request(options: Options, parts: Parts): Promise<void> {
  const result = await pay(options, parts).catch((error: unknown) => {
    if (error instanceof NoAnswer) return NO_NETWORK;
    throw error;
  });
  if (result.kind === 'lost') return;
  const answer = answerOf(result);
  for (const callback of [options[result.kind === 'paid' ? 'success' : 'fail'], options.complete]) {
    if (typeof callback !== 'function') continue;
    try {
      callback(answer);
    } catch (error) {
      reportError('wx.requestVirtualPayment callback', error);
    }
  }
}

function answerOf(result: { readonly kind: 'paid' } | VirtualRefusal): object {
  if (result.kind === 'paid') return { errMsg: 'requestVirtualPayment:ok' };
  return { errMsg: result.errMsg, errCode: result.errCode };
}

async function pay(options: Options, parts: Parts): Promise<Result> {
  const { server, network, platform } = parts;
  if (!network.isConnected()) return NO_NETWORK;
  const { signData, mode, paySig, signature } = options;
  const { version } = CLIENTS.current;
  const { virtualCashier } = server;
  const opened = await virtualCashier.open({ signData, mode, paySig, signature }, { platform, version });
  if (opened.kind === 'refused') return opened;
  const result = await confirm(opened, parts);
  parts.visibility.cameBack();
  return result;
}

async function confirm(
  payment: Parameters<typeof openCashier>[1],
  { server, phone, platform }: Parts,
): Promise<Result> {
  const { virtualCashier } = server;
  const sheet = platform === 'ios' ? openAppleSheet(phone, payment) : openCashier(phone, payment);
  const password = await sheet.password;
  if (password === undefined) {
    sheet.close();
    return virtualCashier.cancel(payment.id);
  }
  if (password === POOR_PASSWORD) {
    await sheet.refuse('零钱余额不足');
    return virtualCashier.fail(payment.id);
  }
  const result = await virtualCashier.pay(payment.id);
  if (result.kind === 'refused')
    await sheet.refuse(result.errMsg.replace(/^requestVirtualPayment:fail /, ''));
  else sheet.close();
  return result;
}
