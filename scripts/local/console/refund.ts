import type { ConsoleParts } from './parts.ts';
import type { Outcome } from './wire.ts';

/** Where payNotify is, refundNotify is as well. */
const PAY_NOTIFY = /\/payNotify$/;

/** What the merchant's staff do in the merchant platform: all that is left of an order goes back, and a notice tells so. */
export function refundByStaff({ wechatpay }: Pick<ConsoleParts, 'wechatpay'>, out_trade_no: string): Outcome {
  const order = wechatpay.orders().find((each) => each.out_trade_no === out_trade_no);
  if (!order?.payment) return { ok: false, message: '微信支付没有这笔付款。' };
  const { notify_url = '' } = order.parameters;
  const address = PAY_NOTIFY.test(notify_url)
    ? { notify_url: notify_url.replace(PAY_NOTIFY, '/refundNotify') }
    : {};
  try {
    wechatpay.refundByStaff(order.mch_id, out_trade_no, address);
    return { ok: true };
  } catch {
    return { ok: false, message: '这笔订单已经没有可退的金额。' };
  }
}
