import { type SignType, sign } from './sign.ts';
import { toTimeStamp } from './time.ts';

/** What `wx.requestPayment` takes, spelled as it takes it. */
export interface SignedPayment {
  readonly timeStamp: string;
  readonly nonceStr: string;
  readonly package: string;
  readonly signType: SignType;
  readonly paySign: string;
}

/** What a payment is signed from. `sign_type` is the order's, `api_key` always the merchant's current one. */
export interface PaymentToSign {
  readonly appid: string;
  readonly prepay_id: string;
  readonly sign_type: SignType;
  readonly api_key: string;
  readonly nonce_str: string;
  readonly now: Date;
}

/**
 * Signs the parameters with which the phone pays an order. A fresh signature for the same prepay_id is as good as the
 * first, as long as the prepay_id lives (two hours).
 */
export function signPayment({
  appid,
  prepay_id,
  sign_type,
  api_key,
  nonce_str,
  now,
}: PaymentToSign): SignedPayment {
  const payment = {
    timeStamp: toTimeStamp(now),
    nonceStr: nonce_str,
    package: `prepay_id=${prepay_id}`,
    signType: sign_type,
  };
  // The appid is signed too, with a capital I here and nowhere else, but it is not sent to the phone.
  return { ...payment, paySign: sign({ appId: appid, ...payment }, api_key, sign_type) };
}
