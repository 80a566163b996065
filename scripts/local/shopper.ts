import type { WorldClock } from './clock.ts';
import type { FunctionHost } from './cloud/functions/host.ts';
import type { LocalVirtualPay } from './virtualpay/virtualpay.ts';
import type { LocalWeChatPay } from './wechatpay/wechatpay.ts';
import type { LocalWeixin } from './weixin/weixin.ts';

/** What the payment of an order is signed into, as createOrder answers it: for either way to pay. */
export type Payment = object;

/** What a phone's wx.requestVirtualPayment says of itself; the local one is an Android phone unless told. */
export interface PhoneKind {
  readonly platform?: 'android' | 'ios' | 'windows' | 'ohos';
  /** WeChat's version. */
  readonly version?: string;
}

/** Somebody with a phone, for tests and scenarios: calls functions, pays, and reads what the rules let a shopper read. */
export interface LocalShopper {
  readonly openid: string;
  /**
   * wx.cloud.callFunction.
   * @throws FunctionError with the platform's code, when the function failed or may not be called
   */
  call(name: string, data?: object): Promise<unknown>;
  /** wx.login: a code that is good once, for five minutes. */
  login(): string;
  /**
   * wx.requestPayment or wx.requestVirtualPayment, by what the parameters are; the shopper enters the password. Resolves
   * when WeChat's first notice (or event) has arrived, or was lost on the way.
   * @throws Error with WeChat's errMsg, when the cashier refuses
   */
  pay(payment: Payment, phone?: PhoneKind): Promise<void>;
}

interface Parts {
  readonly clock: WorldClock;
  readonly host: FunctionHost;
  readonly wechatpay: LocalWeChatPay;
  readonly virtualpay: LocalVirtualPay;
  readonly weixin: LocalWeixin;
}

/** @param who the openid, and the app that the shopper has open */
export function localShopper(world: Parts, who: { openid: string; appid: string }): LocalShopper {
  const { openid } = who;
  return {
    openid,
    call: (name, data = {}) => world.host.callFunction(name, data, who),
    login: () => world.weixin.login(openid),
    async pay(payment, phone = {}) {
      if ('signData' in payment) payVirtually(world, payment, { openid, platform: 'android', ...phone });
      else payOrdinarily(world, payment, who);
      await world.clock.advance(0);
      await world.wechatpay.noticesSettled();
      await world.virtualpay.eventsSettled();
    },
  };
}

function payOrdinarily({ wechatpay }: Parts, payment: Payment, who: { openid: string; appid: string }): void {
  const { errMsg } = wechatpay.cashier.pay(payment, who);
  if (errMsg !== 'requestPayment:ok') throw new Error(errMsg);
}

function payVirtually(
  { virtualpay }: Parts,
  payment: Payment,
  phone: PhoneKind & { openid: string; platform: NonNullable<PhoneKind['platform']> },
): void {
  const shown = virtualpay.cashDesk.open(payment, phone);
  if (shown.kind === 'failed') throw new Error(`${shown.errMsg} (${shown.errCode})`);
  const result = virtualpay.cashDesk.pay(shown.id);
  if (result.kind === 'failed') throw new Error(`${result.errMsg} (${result.errCode})`);
}
