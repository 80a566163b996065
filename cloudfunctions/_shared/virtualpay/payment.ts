import type { Env } from './env.ts';
import { ITEM_ID } from './items.ts';
import { paySig, userSignature } from './sign.ts';

/** What `wx.requestVirtualPayment` takes, spelled as it takes it. */
export interface SignedVirtualPayment {
  readonly signData: string;
  readonly mode: 'short_series_goods';
  readonly paySig: string;
  readonly signature: string;
}

/** One item, bought once. `price` in fen; it must be the item's. */
export interface VirtualPaymentToSign {
  readonly offer_id: string;
  readonly env: Env;
  readonly item_id: string;
  readonly price: number;
  readonly out_trade_no: string;
  readonly attach: string;
}

/** The name under which the client's call is signed. */
const CLIENT_CALL = 'requestVirtualPayment';

/** The text that is signed and sent (wx.requestVirtualPayment, signData). It is made once, and nobody rebuilds it. */
export function signDataOf(payment: VirtualPaymentToSign): string {
  return JSON.stringify({
    offerId: payment.offer_id,
    buyQuantity: 1,
    env: payment.env,
    currencyType: 'CNY',
    productId: payment.item_id,
    goodsPrice: payment.price,
    outTradeNo: payment.out_trade_no,
    attach: payment.attach,
  });
}

/** Signs what the phone opens the cashier with. `app_key` is that of the payment's env. */
export function signVirtualPayment(
  payment: VirtualPaymentToSign,
  { app_key, session_key }: { app_key: string; session_key: string },
): SignedVirtualPayment {
  const signData = signDataOf(payment);
  return {
    signData,
    mode: 'short_series_goods',
    paySig: paySig(app_key, CLIENT_CALL, signData),
    signature: userSignature(session_key, signData),
  };
}

/** What WeChat documents as invalid of a number, an attach and an item, to follow the name of the field. */
export function problemOfPayment({
  out_trade_no,
  attach,
  item_id,
  price,
}: VirtualPaymentToSign): string | undefined {
  if (!/^[A-Za-z0-9_*@|-]{8,32}$/.test(out_trade_no) || out_trade_no.startsWith('_'))
    return 'out_trade_no is not 8 to 32 letters, digits, _, -, |, * and @, beginning with another one than _';
  if (!/^[\x20-\x7e]{0,64}$/.test(attach)) return 'attach is not up to 64 characters of ASCII';
  if (!ITEM_ID.test(item_id)) return 'productId is not 1 to 20 letters, digits, _ and -';
  return Number.isSafeInteger(price) && price > 0
    ? undefined
    : 'goodsPrice is not a whole number of fen, at least 1';
}
