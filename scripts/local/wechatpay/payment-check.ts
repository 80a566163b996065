import * as v from 'valibot';
import { isUnpaid, type Ledger, type LedgerOrder } from './ledger.ts';
import type { Registry, Shopper } from './merchants.ts';
import { sign } from './sign.ts';
import { readTime } from './spelling.ts';
import { PREPAY_LIFE_MS } from './unifiedorder.ts';

/** What wx.requestPayment answers; `why` is for people and never reaches the mini-program. */
export interface PaymentResult {
  readonly kind: 'done';
  readonly errMsg: string;
  readonly why?: string;
}

/** What wx.requestPayment takes. */
const PAYMENT = v.object({
  timeStamp: v.string(),
  nonceStr: v.pipe(v.string(), v.minLength(1), v.maxLength(32)),
  package: v.string(),
  signType: v.optional(v.picklist(['MD5', 'HMAC-SHA256']), 'MD5'),
  paySign: v.string(),
});

type Payment = v.InferOutput<typeof PAYMENT>;

interface Surroundings {
  readonly now: Date;
  readonly registry: Registry;
  readonly ledger: Ledger;
}

/** The order that these parameters of wx.requestPayment pay for, or what the phone says instead. */
export function checkPayment(
  world: Surroundings,
  parameters: unknown,
  payer: Shopper,
): LedgerOrder | PaymentResult {
  const parsed = v.safeParse(PAYMENT, parameters);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const text = `parameter error: parameter.${v.getDotPath(issue) ?? ''} ${issue.message}`;
    return failed(text, 'not what wx.requestPayment takes');
  }
  const payment = parsed.output;
  const prepay_id = payment.package.replace(/^prepay_id=/, '');
  const order = world.ledger.findNamed(prepay_id);
  if (!order?.prepays.some((prepay) => payment.package === `prepay_id=${prepay.prepay_id}`)) {
    return failed('prepay_id无效', 'package is not "prepay_id=" and a prepay_id of this WeChat Pay');
  }
  const { api_key } = world.registry.get(order.mch_id);
  return (
    checkSign(order, payment, { api_key, appid: payer.appid }) ??
    checkTime(order, world.now, { prepay_id, timeStamp: payment.timeStamp }) ??
    checkPayer(order, payer) ??
    order
  );
}

/** @param why the likely mistake, in English, for whoever reads the trace */
export function failed(text: string, why: string): PaymentResult {
  return { kind: 'done', errMsg: `requestPayment:fail ${text}`, why };
}

/** The phone puts its own appId into the text, so parameters for another app do not verify. */
function checkSign(
  order: LedgerOrder,
  { paySign, ...payment }: Payment,
  { api_key, appid }: { readonly api_key: string; readonly appid: string },
): PaymentResult | undefined {
  const text = '支付验证签名失败';
  if (payment.signType !== order.sign_type) {
    return failed(text, `the order was made with ${order.sign_type}, so signType has to say that too`);
  }
  if (paySign === sign({ ...payment, appId: appid }, api_key, order.sign_type)) return undefined;
  return failed(
    text,
    "signed are appId (capital I), timeStamp, nonceStr, package and signType, with the merchant's current key",
  );
}

function checkTime(
  order: LedgerOrder,
  now: Date,
  { prepay_id, timeStamp }: { readonly prepay_id: string; readonly timeStamp: string },
): PaymentResult | undefined {
  if (!/^\d{10}$/.test(timeStamp) || Math.abs(Number(timeStamp) * 1000 - now.getTime()) > PREPAY_LIFE_MS) {
    return failed('timeStamp无效', 'timeStamp is the seconds since 1970, as text, of about now');
  }
  const expired = '该订单已过期，请重新下单';
  const prepay = order.prepays.find((each) => each.prepay_id === prepay_id);
  if (!prepay || now.getTime() >= prepay.created_at.getTime() + PREPAY_LIFE_MS) {
    return failed(expired, 'a prepay_id lives two hours; ask unifiedorder again');
  }
  const time_expire = readTime(order.parameters.time_expire ?? '');
  return time_expire && now >= time_expire ? failed(expired, 'time_expire has passed') : undefined;
}

function checkPayer(order: LedgerOrder, { openid }: Shopper): PaymentResult | undefined {
  if (openid !== order.parameters.openid) {
    return failed('当前支付用户与下单用户不一致', 'only the openid that was ordered for can pay');
  }
  if (order.trade_state === 'CLOSED') return failed('订单已关闭', 'closed is final');
  return isUnpaid(order) ? undefined : failed('该订单已支付', 'it was paid before');
}
