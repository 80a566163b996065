import { createWeChatPay, type OrderSnapshot } from '../../scripts/local/wechatpay/wechatpay.ts';
import type { Chance } from './chance.ts';
import type { PaymentSide, PostNotice, Truth } from './payment-side.ts';
import { QuietTrace } from './quiet-trace.ts';
import type { Scheduler } from './scheduler.ts';

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly merchant: { readonly mch_id: string; readonly appid: string; readonly api_key: string };
  readonly post: PostNotice;
}

/** The WeChat Pay of `npm start`, in this process and on the scheduler's clock. */
export function localPaymentSide({ scheduler, chance, merchant, post }: Surroundings): PaymentSide {
  const { mch_id, appid, api_key } = merchant;
  const wechatpay = createWeChatPay({
    clock: scheduler,
    random: () => chance.next(),
    trace: new QuietTrace(),
    merchants: [{ mch_id, api_key, appids: [appid] }],
    deliver: ({ body }) => post(body),
  });
  const { cashier, faults } = wechatpay;
  return {
    async answer(path, body, refusal) {
      const takeBack = refusal && faults.add({ kind: 'refuse', ...refusal, path });
      const { body: answer } = await wechatpay.handle(path, 'POST', Buffer.from(body));
      takeBack?.();
      return answer;
    },
    requestPayment(parameters, payer, deed) {
      if (deed === 'pay') return cashier.pay(parameters, payer).errMsg;
      if (deed === 'cancel') return cashier.cancel(parameters, payer).errMsg;
      return cashier.fail(parameters, payer, deed).errMsg;
    },
    order(out_trade_no) {
      const order = wechatpay.order(mch_id, out_trade_no);
      return order && truthOf(order);
    },
    orders: () => wechatpay.orders().map(truthOf),
    rotate: (key) => wechatpay.merchant(mch_id).rotate(key),
    async lie(out_trade_no, lie) {
      await wechatpay.forgeNotice(mch_id, out_trade_no, lie);
    },
    async payClosed(out_trade_no) {
      wechatpay.force(mch_id, out_trade_no, 'SUCCESS');
      await wechatpay.resendNotice(mch_id, out_trade_no);
    },
    refund: (out_trade_no) => wechatpay.force(mch_id, out_trade_no, 'REFUND'),
  };
}

export function truthOf({ out_trade_no, trade_state, parameters, payment }: OrderSnapshot): Truth {
  const { openid = '', total_fee } = parameters;
  return { out_trade_no, trade_state, openid, total_fee: Number(total_fee), isPaid: payment !== undefined };
}
