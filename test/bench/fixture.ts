import { type SignType, sign } from '../../scripts/local/wechatpay/sign.ts';
import { type Message, writeXml } from '../../scripts/local/wechatpay/xml.ts';

/** One purchase, as every contender gets it: what is asked, what WeChat answers, and the notice of the payment. */
export interface Purchase {
  readonly sign_type: SignType;
  readonly merchant: { readonly appid: string; readonly mch_id: string; readonly api_key: string };
  /** The fields of unifiedorder that the caller chooses. */
  readonly order: Readonly<Record<string, string>>;
  readonly reply: string;
  readonly notice: string;
  /** The same for one fen less, with the sign of the true one. */
  readonly forged: string;
}

const MERCHANT = {
  appid: 'wxd930ea5d5a258f4f',
  mch_id: '1900000109',
  api_key: '8934e7d15453e97507ef794cf7b0519d',
};
const OPENID = 'oUpF8uMEb4qRXf22hE3X68TekukE';
const OUT_TRADE_NO = 'a3f1c2d4e5b60718293a4b5c6d7e8f90';
const FROM_WECHAT = {
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  appid: MERCHANT.appid,
  mch_id: MERCHANT.mch_id,
  nonce_str: '5d2b6c2a8db53831f7eda20af46e531c',
};

/** Written and signed by the local world's code, which none of the contenders has. */
export function purchase(sign_type: SignType): Purchase {
  const signed = (message: Message) => ({ ...message, sign: sign(message, MERCHANT.api_key, sign_type) });
  const notice = signed({
    ...FROM_WECHAT,
    sign_type,
    openid: OPENID,
    is_subscribe: 'N',
    trade_type: 'JSAPI',
    bank_type: 'CMB_DEBIT',
    total_fee: '4800',
    settlement_total_fee: '4800',
    cash_fee: '4800',
    fee_type: 'CNY',
    transaction_id: '4200001234202701151234567890',
    out_trade_no: OUT_TRADE_NO,
    attach: 'city 3 个月',
    time_end: '20270115103100',
  });
  return {
    sign_type,
    merchant: MERCHANT,
    order: {
      out_trade_no: OUT_TRADE_NO,
      openid: OPENID,
      body: '城市会员 3 个月',
      total_fee: '4800',
      spbill_create_ip: '203.0.113.7',
      notify_url: 'https://shop.example.com/payNotify',
      attach: 'city 3 个月',
      time_start: '20270115103000',
      time_expire: '20270115110000',
      trade_type: 'JSAPI',
      sign_type,
    },
    reply: writeXml(
      signed({ ...FROM_WECHAT, trade_type: 'JSAPI', prepay_id: 'wx201410272009395522657a690389285100' }),
    ),
    notice: writeXml(notice),
    forged: writeXml({ ...notice, total_fee: '4799' }),
  };
}
