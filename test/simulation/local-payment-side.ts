import { gunzipSync } from 'node:zlib';
import { sign } from '../../scripts/local/wechatpay/sign.ts';
import { createWeChatPay, type OrderSnapshot } from '../../scripts/local/wechatpay/wechatpay.ts';
import { writeXml } from '../../scripts/local/wechatpay/xml.ts';
import type { Chance } from './chance.ts';
import type { PaymentSide, PostNotice, RefundFailure, Truth } from './payment-side.ts';
import { QuietTrace } from './quiet-trace.ts';
import type { Scheduler } from './scheduler.ts';
import { outTradeNoIn } from './wires.ts';

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly merchant: { readonly mch_id: string; readonly appid: string; readonly api_key: string };
  readonly post: PostNotice;
  readonly postRefund: PostNotice;
  readonly failure: RefundFailure;
}

const ALWAYS = Number.POSITIVE_INFINITY;

/** The WeChat Pay of `npm start`, in this process and on the scheduler's clock. */
export function localPaymentSide({
  scheduler,
  chance,
  merchant,
  post,
  postRefund,
  failure,
}: Surroundings): PaymentSide {
  const { mch_id, appid, api_key } = merchant;
  const wechatpay = createWeChatPay({
    clock: scheduler,
    random: () => chance.next(),
    trace: new QuietTrace(),
    merchants: [{ mch_id, api_key, appids: [appid] }],
    deliver: ({ url, body }) => (url.endsWith('/refundNotify') ? postRefund(body) : post(body)),
  });
  const { cashier, faults } = wechatpay;
  return {
    bills: {
      takeSilently: (out_trade_no) => wechatpay.force(mch_id, out_trade_no, 'SUCCESS'),
      refundSilently(out_trade_no, refund_fee) {
        wechatpay.refundByStaff(mch_id, out_trade_no, { refund_fee });
      },
      lose: (out_trade_no) => void faults.add({ kind: 'lose-payment-line', out_trade_no, count: ALWAYS }),
      repeat: (out_trade_no) => void faults.add({ kind: 'repeat-payment-line', out_trade_no, count: ALWAYS }),
      loseRefunds: (out_trade_no) =>
        void faults.add({ kind: 'lose-refund-line', out_trade_no, count: ALWAYS }),
      delay: () => void faults.add({ kind: 'refuse', err_code: 'BILL_CREATING', path: '/pay/downloadbill' }),
      payElsewhere(out_trade_no, attach) {
        const { api_key: key } = wechatpay.merchant(mch_id);
        const order = {
          ...{ appid, mch_id, nonce_str: 'n', body: 'another, `thing', out_trade_no, total_fee: '700' },
          ...{ spbill_create_ip: '127.0.0.1', notify_url: 'http://127.0.0.1/elsewhere', trade_type: 'JSAPI' },
          ...{ openid: 'oSomebody', ...(attach && { attach }) },
        };
        const body = writeXml({ ...order, sign: sign(order, key, 'MD5') });
        wechatpay
          .handle('/pay/unifiedorder', 'POST', Buffer.from(body))
          .then(() => wechatpay.force(mch_id, out_trade_no, 'SUCCESS'));
      },
    },
    async answer(path, body, refusal) {
      const takeBack = refusal && faults.add({ kind: 'refuse', ...refusal, path });
      const before = countOf(path, body);
      const { body: answer, file } = await wechatpay.handle(path, 'POST', Buffer.from(body), {
        isReused: false,
        certified: mch_id,
      });
      takeBack?.();
      const refund_status = countOf(path, body) > before ? failure() : undefined;
      if (refund_status) faults.add({ kind: 'fail-refund', refund_status, out_trade_no: outTradeNoIn(body) });
      // A wire of the simulation carries text.
      return file ? gunzipSync(file).toString('utf8') : answer;
    },
    requestPayment(parameters, payer, act) {
      if (act === 'pay') return cashier.pay(parameters, payer).errMsg;
      if (act === 'cancel') return cashier.cancel(parameters, payer).errMsg;
      return cashier.fail(parameters, payer, act).errMsg;
    },
    order(out_trade_no) {
      const order = wechatpay.order(mch_id, out_trade_no);
      return order && truthOf(order);
    },
    orders: () => wechatpay.orders().map(truthOf),
    rotate: (key) => wechatpay.merchant(mch_id).rotate(key),
    async forge(out_trade_no, forgery) {
      await wechatpay.forgeNotice(mch_id, out_trade_no, forgery);
    },
    async payClosed(out_trade_no) {
      wechatpay.force(mch_id, out_trade_no, 'SUCCESS');
      await wechatpay.resendNotice(mch_id, out_trade_no);
    },
    refund: (out_trade_no) => wechatpay.force(mch_id, out_trade_no, 'REFUND'),
    refundByStaff(out_trade_no, refund_fee) {
      const notify_url = 'http://127.0.0.1/refundNotify';
      wechatpay.refundByStaff(mch_id, out_trade_no, { refund_fee, notify_url });
    },
    leftOf(out_trade_no) {
      const order = wechatpay.order(mch_id, out_trade_no);
      if (!order?.payment) return 0;
      return Number(order.parameters.total_fee) - sumOf(order, (state) => state !== 'REFUNDCLOSE');
    },
    refundedOf(out_trade_no) {
      const order = wechatpay.order(mch_id, out_trade_no);
      return order ? sumOf(order, (state) => state === 'SUCCESS') : 0;
    },
    refunds: () =>
      wechatpay.orders().flatMap(({ refunds = [] }) =>
        refunds.map(({ out_refund_no, refund_fee, refund_status: state, source }) => {
          return { out_refund_no, refund_fee, state, isByStaff: source === 'VENDOR_PLATFORM' };
        }),
      ),
    endFailedRefunds() {
      for (const { out_trade_no, refunds = [] } of wechatpay.orders()) {
        for (const { out_refund_no, refund_status } of refunds) {
          if (refund_status !== 'CHANGE') continue;
          const end = chance.happens(0.5) ? 'SUCCESS' : 'REFUNDCLOSE';
          wechatpay.endRefund(mch_id, { out_trade_no, out_refund_no }, end);
        }
      }
    },
  };

  /** How many refunds an order has, where it is one that is asked for. */
  function countOf(path: string, body: string): number {
    if (path !== '/secapi/pay/refund') return 0;
    return wechatpay.order(mch_id, outTradeNoIn(body))?.refunds?.length ?? 0;
  }
}

/** The sum of the refunds of an order in some states, in fen. */
function sumOf({ refunds = [] }: OrderSnapshot, isMeant: (refund_status: string) => boolean): number {
  return refunds.reduce((sum, each) => sum + (isMeant(each.refund_status) ? each.refund_fee : 0), 0);
}

export function truthOf({ out_trade_no, trade_state, parameters, payment }: OrderSnapshot): Truth {
  const { openid = '', total_fee } = parameters;
  return { out_trade_no, trade_state, openid, total_fee: Number(total_fee), isPaid: payment !== undefined };
}
