import type { PaymentParameters } from '../../cloudfunctions/_shared/contract';
import { fieldsOf, textIn } from '../logic/fields';
import type { Attempt } from '../logic/order/attempts';
import type { Checkout } from '../logic/shop/buying';
import { attemptOf } from '../logic/shop/payment';
import { requestIdFrom } from '../logic/shop/request-ids';
import { serverNow } from './clock';
import { randomBytes } from './device';
import { createOrder } from './orders';
import { storage } from './storage';

const REQUEST_ID_BYTES = 16;

/** Buying, on this phone. */
export const checkout: Checkout = {
  store: storage,
  newRequestId: async () => requestIdFrom(await randomBytes(REQUEST_ID_BYTES)),
  createOrder,
  pay,
};

/** https://developers.weixin.qq.com/miniprogram/dev/api/payment/wx.requestPayment.html */
async function pay(payment: PaymentParameters): Promise<Attempt> {
  const errMsg = await cashier(payment);
  return attemptOf(errMsg, serverNow());
}

async function cashier(payment: PaymentParameters): Promise<string> {
  try {
    return (await wx.requestPayment(payment)).errMsg;
  } catch (cause) {
    return textIn(fieldsOf(cause)?.errMsg) ?? String(cause);
  }
}
