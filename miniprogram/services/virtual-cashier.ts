import type { VirtualPaymentParameters } from '../../cloudfunctions/_shared/contract';
import { type VirtualAnswer, virtualAnswerFrom } from '../logic/shop/virtual-payment';
import { later } from './device';

declare global {
  namespace WechatMiniprogram {
    interface Wx {
      /** Its typings want an object for `signData`; the phone and the page below want the text that was signed. */
      requestVirtualPayment(
        options: VirtualPaymentParameters & Record<'success' | 'fail', (answer: unknown) => void>,
      ): void;
    }
  }
}

/** So long after the shopper is back in the mini-program the answer is no longer waited for: it can get lost. */
const LOST_AFTER_MS = 5000;

/**
 * Opens the cashier of virtual payment, which knows callbacks and no promise. Undefined when the shopper is back and it has
 * not said anything; what it says after that goes to `late`.
 * https://developers.weixin.qq.com/miniprogram/dev/api/payment/wx.requestVirtualPayment.html
 */
export function openVirtualCashier(
  payment: VirtualPaymentParameters,
  late: (answer: VirtualAnswer) => void,
): Promise<VirtualAnswer | undefined> {
  return new Promise((resolve) => {
    let callOff = () => {};
    let isLost = false;
    const back = () => {
      callOff();
      callOff = later(() => {
        isLost = true;
        end(undefined);
      }, LOST_AFTER_MS);
    };
    const end = (answer: VirtualAnswer | undefined) => {
      callOff();
      wx.offAppShow(back);
      resolve(answer);
    };
    const answered = (found: unknown) => {
      const answer = virtualAnswerFrom(found);
      if (isLost) late(answer);
      else end(answer);
    };
    wx.onAppShow(back);
    try {
      wx.requestVirtualPayment({ ...payment, success: answered, fail: answered });
    } catch (cause) {
      answered(cause);
    }
  });
}
