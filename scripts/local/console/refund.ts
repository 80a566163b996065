import { DONE, refusal } from './answers.ts';
import type { ConsoleParts } from './parts.ts';
import type { Outcome } from './wire.ts';

/** Where payNotify is, refundNotify is as well. */
const PAY_NOTIFY = /\/payNotify$/;

/** What the merchant's staff do in the merchant platform: all that is left of an order goes back, and a notice tells so. */
export function refundByStaff({ wechatpay }: Pick<ConsoleParts, 'wechatpay'>, out_trade_no: string): Outcome {
  const order = wechatpay.orders().find((each) => each.out_trade_no === out_trade_no);
  if (!order?.payment) return refusal('NOT_PAID', 'WeChat Pay has no payment of this order.');
  const { notify_url = '' } = order.parameters;
  const address = PAY_NOTIFY.test(notify_url)
    ? { notify_url: notify_url.replace(PAY_NOTIFY, '/refundNotify') }
    : {};
  try {
    wechatpay.refundByStaff(order.mch_id, out_trade_no, address);
    return DONE;
  } catch {
    return refusal('NOTHING_LEFT', 'Nothing of this order is left to be given back.');
  }
}
