import type { PaymentParameters, VirtualPaymentParameters } from '../../cloudfunctions/_shared/contract';
import { fieldsOf, textIn } from '../logic/fields';
import type { Attempt } from '../logic/order/attempts';
import type { Checkout } from '../logic/shop/checkout';
import { attemptOf } from '../logic/shop/payment';
import { requestIdFrom } from '../logic/shop/request-ids';
import { virtualAttemptOf } from '../logic/shop/virtual-payment';
import { serverNow } from './clock';
import { randomBytes, terminal } from './device';
import { askForMessage } from './messages';
import { createOrder, wantReminder } from './orders';
import { signIn } from './sign-in';
import { storage } from './storage';
import { openVirtualCashier } from './virtual-cashier';

const REQUEST_ID_BYTES = 16;

/** Buying, on this phone. */
export const checkout: Checkout = {
  store: storage,
  terminal,
  newRequestId: async () => requestIdFrom(await randomBytes(REQUEST_ID_BYTES)),
  signIn,
  createOrder,
  pay: (payment, late) => ('signData' in payment ? payVirtually(payment, late) : payByWeChat(payment)),
  askForMessage,
  wantReminder: (out_trade_no) => void wantReminder(out_trade_no),
};

async function payVirtually(
  payment: VirtualPaymentParameters,
  late: (attempt: Attempt) => void,
): Promise<Attempt> {
  const answer = await openVirtualCashier(payment, (said) => late(virtualAttemptOf(said, serverNow())));
  return virtualAttemptOf(answer, serverNow());
}

/** https://developers.weixin.qq.com/miniprogram/dev/api/payment/wx.requestPayment.html */
async function payByWeChat(payment: PaymentParameters): Promise<Attempt> {
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
