import { randomBytes } from 'node:crypto';
import { pooledRandom } from '../../../cloudfunctions/_shared/cloud/pooled-random.ts';
import { createWeChatPay } from '../../../cloudfunctions/_shared/wechatpay/client.ts';
import { makeNonce } from '../../../cloudfunctions/_shared/wechatpay/nonce.ts';
import { readNotice } from '../../../cloudfunctions/_shared/wechatpay/notice.ts';
import { signPayment } from '../../../cloudfunctions/_shared/wechatpay/payment.ts';
import { sign } from '../../../cloudfunctions/_shared/wechatpay/sign.ts';
import { fromWeChatTime } from '../../../cloudfunctions/_shared/wechatpay/time.ts';
import type { Contender } from './contender.ts';

/** This project's floor of messages, with every check that the functions make. */
export const ours: Contender = ({ merchant, order, reply, sign_type }) => {
  const { appid, mch_id, api_key } = merchant;
  const answer = Buffer.from(reply);
  // As the functions have it.
  const random = pooledRandom(randomBytes);
  let request = '';
  const wechatpay = createWeChatPay({
    merchant,
    random,
    answerBy: new Date(8.64e15),
    transport: async (_path, body) => {
      request = body;
      return answer;
    },
  });
  const parameters = {
    ...{ appid, mch_id, sign_type },
    ...{ out_trade_no: order.out_trade_no ?? '', openid: order.openid ?? '', body: order.body ?? '' },
    ...{ total_fee: Number(order.total_fee), spbill_create_ip: order.spbill_create_ip ?? '' },
    ...{ notify_url: order.notify_url ?? '', attach: order.attach ?? '' },
    time_start: fromWeChatTime(order.time_start ?? '') ?? new Date(),
    time_expire: fromWeChatTime(order.time_expire ?? '') ?? new Date(),
  };
  return {
    sign: (fields) => sign(fields, api_key, sign_type),
    async order() {
      const prepaid = await wechatpay.unifiedorder(parameters);
      if (prepaid.kind === 'refused') throw new Error(prepaid.err_code);
      const { prepay_id } = prepaid;
      const nonce_str = makeNonce(random);
      const payment = signPayment({ appid, prepay_id, sign_type, api_key, nonce_str, now: new Date() });
      return { request, prepay_id, payment: { appId: appid, ...payment } };
    },
    notice: (xml) => readNotice(xml, merchant).report,
  };
};
