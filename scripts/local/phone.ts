import { randomUUID } from 'node:crypto';
import type { Cloud } from './cloud/cloud.ts';
import { FunctionError } from './cloud/functions/function-error.ts';
import type { FunctionHost } from './cloud/functions/host.ts';
import { databaseOf } from './phone-database.ts';
import { filesOf } from './phone-files.ts';
import type { SimulatorBackend } from './simulator/backend.ts';
import type { PaymentParameters, Shopper } from './simulator/wire.ts';
import type { PaymentResult } from './virtualpay/cash-desk.ts';
import type { LocalVirtualPay } from './virtualpay/virtualpay.ts';
import type { LocalWeChatPay } from './wechatpay/wechatpay.ts';
import type { LocalWeixin } from './weixin/weixin.ts';

/** What the phone in the browser is connected to: the local cloud for `wx.cloud`, the cashiers for the two ways to pay. */
export function phoneBackend({
  host,
  cloud,
  wechatpay,
  weixin,
  virtualpay,
  appid,
  shoppers,
}: {
  host: FunctionHost;
  cloud: Cloud;
  wechatpay: LocalWeChatPay;
  weixin: LocalWeixin;
  virtualpay: LocalVirtualPay;
  appid: string;
  shoppers: readonly [Shopper, ...Shopper[]];
}): SimulatorBackend {
  return {
    shoppers,
    async callFunction(name, data, { openid }) {
      try {
        return { result: await host.callFunction(name, Object(data), { openid, appid }) };
      } catch (error) {
        if (!(error instanceof FunctionError)) throw error;
        const { code, message, errCode } = error;
        return { error: { code, message, errCode } };
      }
    },
    ...databaseOf(cloud),
    files: filesOf(cloud),
    cashier: cashierOf(wechatpay, appid),
    async login({ openid }) {
      return { code: weixin.login(openid) };
    },
    virtualCashier: virtualCashierOf(virtualpay),
    subscribe: {
      titles: (tmplIds) => tmplIds.flatMap((id) => weixin.subscriptions.template(id)?.title ?? []),
      answer(tmplIds, consent, { openid }) {
        for (const id of tmplIds) weixin.subscriptions.answer(openid, id, consent);
      },
    },
  };
}

/** Each opened cashier goes under a number, so that the page cannot pay what it did not open. */
function cashierOf(wechatpay: LocalWeChatPay, appid: string): SimulatorBackend['cashier'] {
  const opened = new Map<string, readonly [PaymentParameters, { openid: string; appid: string }]>();
  const take = (id: string) => {
    const payment = opened.get(id);
    if (!payment) throw new Error('This cashier is closed already.');
    return payment;
  };
  return {
    async open(parameters, { openid }) {
      const shown = wechatpay.cashier.open(parameters, { openid, appid });
      if (shown.kind !== 'shown') return { kind: 'refused', reason: reasonOf(shown.errMsg) };
      const id = randomUUID();
      opened.set(id, [parameters, { openid, appid }]);
      const { payee, body, total_fee } = shown;
      return { kind: 'open', id, payee, body, total_fee };
    },
    async pay(id) {
      const { errMsg } = wechatpay.cashier.pay(...take(id));
      opened.delete(id);
      return errMsg === 'requestPayment:ok'
        ? { kind: 'paid' }
        : { kind: 'refused', reason: reasonOf(errMsg) };
    },
    async fail(id) {
      wechatpay.cashier.fail(...take(id), 'NOTENOUGH');
      opened.delete(id);
    },
    async cancel(id) {
      wechatpay.cashier.cancel(...take(id));
      opened.delete(id);
    },
  };
}

/** What of the mini-program runs here is not released, as the phone's getAccountInfoSync says. */
const ENV_VERSION = 'develop';

function virtualCashierOf({ cashDesk }: LocalVirtualPay): SimulatorBackend['virtualCashier'] {
  return {
    async open(parameters, phone, { openid }) {
      const opened = cashDesk.open(parameters, { ...phone, openid, envVersion: ENV_VERSION });
      if (opened.kind === 'failed') return failure(opened);
      const { id, payee, name, price } = opened;
      return { kind: 'open', id, payee, body: name, total_fee: price };
    },
    async pay(id) {
      const result = cashDesk.pay(id);
      if (result.kind === 'failed') return failure(result);
      return result.kind === 'paid' ? { kind: 'paid' } : { kind: 'lost' };
    },
    async fail(id) {
      return failure(cashDesk.fail(id));
    },
    async cancel(id) {
      return failure(cashDesk.cancel(id));
    },
  };
}

function failure(result: PaymentResult) {
  if (result.kind !== 'failed') throw new Error(`The cash desk answered ${result.kind}.`);
  const { errMsg, errCode } = result;
  return { kind: 'refused', errMsg, errCode } as const;
}

function reasonOf(errMsg: string): string {
  return errMsg.replace(/^requestPayment:fail ?/, '');
}
