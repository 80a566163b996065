import type { Chance } from '../chance.ts';
import type {
  AskedRefusal,
  NoticeForgery,
  PaymentSide,
  PostNotice,
  RefundFailure,
  Truth,
} from '../payment-side.ts';
import type { Scheduler } from '../scheduler.ts';
import { type Fields, fieldsOf, signatureOf, xmlOf } from './messages.ts';
import { type BookedOrder, OrderBook } from './order-book.ts';
import { RefundBook } from './refund-book.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** 15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h (payment result notice). */
const NOTICE_GAPS_MS = [
  15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600,
].map((seconds) => seconds * SECOND_MS);
const TIMESTAMP_SLACK_MS = 120 * MINUTE_MS;

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly merchant: { readonly mch_id: string; readonly appid: string; readonly api_key: string };
  readonly post: PostNotice;
  readonly failure: RefundFailure;
}

/** What each forgery says in place of the truth before it is signed, or after. */
const SIGNED_FORGERIES: Partial<Readonly<Record<NoticeForgery, Fields>>> = {
  'wrong amount': { total_fee: '1' },
  'wrong payer': { openid: 'oSomebodyElse' },
  'wrong merchant': { mch_id: '1900000001' },
  'wrong app': { appid: 'wx0000000000000000' },
  'wrong order': { out_trade_no: 'no-such-order' },
};

/** The second model of WeChat Pay; see README.md beside it. */
export function secondPaymentSide({ scheduler, chance, merchant, post, failure }: Surroundings): PaymentSide {
  const { mch_id, appid } = merchant;
  const book = new OrderBook(() => scheduler.time, chance);
  const refundBook = new RefundBook(book, { now: () => scheduler.time, chance, failure });
  let key = merchant.api_key;

  function answer(path: string, body: string, refusal: AskedRefusal | undefined): string {
    const request = fieldsOf(body);
    const fail = (return_msg: string) => xmlOf({ return_code: 'FAIL', return_msg }, chance);
    if (!request) return fail('XML格式错误');
    const { sign_type = 'MD5', nonce_str = '' } = request;
    if (request.sign !== signatureOf(request, key, sign_type)) return fail('签名错误');
    if (request.mch_id !== mch_id || request.appid !== appid) return fail('商户号mch_id与appid不匹配');
    const said = refusal?.when === 'before' ? refusal : work(path, request);
    const { err_code }: { err_code?: string } = refusal ?? said;
    const outcome =
      err_code === undefined
        ? { result_code: 'SUCCESS', ...said }
        : { result_code: 'FAIL', err_code, err_code_des: err_code };
    const fields = { return_code: 'SUCCESS', return_msg: 'OK', appid, mch_id, nonce_str, ...outcome };
    return xmlOf({ ...fields, sign: signatureOf(fields, key, sign_type) }, chance);
  }

  function work(path: string, request: Fields) {
    if (path === '/secapi/pay/refund') return refundBook.refund(request);
    if (path === '/pay/refundquery') return refundBook.refundquery(request);
    if (path === '/pay/unifiedorder') return book.unifiedorder(request);
    return path === '/pay/orderquery' ? book.orderquery(request) : book.closeorder(request);
  }

  function noticeOf(order: BookedOrder, forgery?: NoticeForgery): string {
    const { sign_type = 'MD5' } = order.parameters;
    const said = chance.happens(0.2) ? { sign_type } : {};
    const payment = order.payment ?? {
      transaction_id: '4200000000000000',
      time_end: '20270201120000',
      bank_type: 'OTHERS',
    };
    const truth = {
      return_code: 'SUCCESS',
      result_code: 'SUCCESS',
      appid,
      mch_id,
      nonce_str: chance.bytes(16).toString('hex'),
      ...said,
      ...book.paid({ ...order, payment }),
    };
    const fields = { ...truth, ...(forgery && SIGNED_FORGERIES[forgery]) };
    const by = forgery === 'other algorithm' ? (sign_type === 'MD5' ? 'HMAC-SHA256' : 'MD5') : sign_type;
    const sign = signatureOf(fields, forgery === 'wrong sign' ? '1'.repeat(32) : key, by);
    if (forgery === 'no sign') return xmlOf(fields, chance);
    return xmlOf({ ...fields, sign, ...(forgery === 'changed amount' ? { total_fee: '1' } : {}) }, chance);
  }

  /** Until SUCCESS is read, or the schedule is through. */
  async function notify(order: BookedOrder, turn = 0): Promise<void> {
    const gap = NOTICE_GAPS_MS[turn];
    const begun = scheduler.time;
    try {
      const { status, body } = await post(noticeOf(order));
      if (status === 200 && fieldsOf(body)?.return_code === 'SUCCESS') return;
    } catch {
      // No reply is as good as FAIL.
    }
    if (gap !== undefined) scheduler.at(begun + gap, () => notify(order, turn + 1));
  }

  return {
    answer: async (path, body, refusal) => answer(path, body, refusal),
    requestPayment(parameters, payer, act) {
      const given: Record<string, string> = Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [name, String(value)]),
      );
      const { paySign, timeStamp = '', signType = 'MD5' } = given;
      const order = book.payable(given.package?.replace('prepay_id=', '') ?? '', payer.openid);
      const { paySign: _, ...signed } = given;
      if (paySign !== signatureOf({ ...signed, appId: payer.appid }, key, signType))
        return 'requestPayment:fail 支付验证签名失败';
      if (Math.abs(Number(timeStamp) * SECOND_MS - scheduler.time) > TIMESTAMP_SLACK_MS)
        return 'requestPayment:fail timeStamp';
      if (typeof order === 'string') return `requestPayment:fail ${order}`;
      if (signType !== (order.parameters.sign_type ?? 'MD5')) return 'requestPayment:fail signType';
      if (act !== 'pay') return `requestPayment:fail ${act}`;
      book.pay(order);
      scheduler.after(chance.whole(0, 3000), () => notify(order));
      return 'requestPayment:ok';
    },
    order(out_trade_no) {
      const order = book.find(out_trade_no);
      return order && truthOf(order);
    },
    orders: () =>
      [...book.orders.keys()].flatMap((out_trade_no) => book.find(out_trade_no) ?? []).map(truthOf),
    rotate(api_key) {
      key = api_key;
    },
    async forge(out_trade_no, forgery) {
      const order = book.find(out_trade_no);
      if (order) await post(noticeOf(order, forgery)).catch(() => undefined);
    },
    async payClosed(out_trade_no) {
      const order = book.find(out_trade_no);
      if (!order) return;
      book.pay(order);
      await notify(order);
    },
    refund(out_trade_no) {
      refundBook.byStaff(out_trade_no, refundBook.leftOf(out_trade_no));
    },
    // This model sends no notice of a refund: whatever is booked is found by asking.
    refundByStaff: (out_trade_no, refund_fee) => refundBook.byStaff(out_trade_no, refund_fee),
    leftOf: (out_trade_no) => refundBook.leftOf(out_trade_no),
    refundedOf: (out_trade_no) => refundBook.refundedOf(out_trade_no),
    refunds: () => refundBook.all(),
    endFailedRefunds: () => refundBook.endFailed(),
  };
}

function truthOf({ parameters, state, payment }: BookedOrder): Truth {
  const { out_trade_no = '', openid = '', total_fee } = parameters;
  return {
    out_trade_no,
    trade_state: state,
    openid,
    total_fee: Number(total_fee),
    isPaid: payment !== undefined,
  };
}
