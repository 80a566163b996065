import { WorldClock } from '../../../scripts/local/clock.ts';
import { Trace } from '../../../scripts/local/trace.ts';
import type { Posting, PostingReply } from '../../../scripts/local/wechatpay/deliver.ts';
import { type SignType, sign } from '../../../scripts/local/wechatpay/sign.ts';
import { spellTime } from '../../../scripts/local/wechatpay/spelling.ts';
import { createWeChatPay, type WeChatPayOptions } from '../../../scripts/local/wechatpay/wechatpay.ts';
import { type Message, readXml, writeXml } from '../../../scripts/local/wechatpay/xml.ts';

export const BIRTH = Date.UTC(2027, 0, 15, 4);
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const MERCHANT = {
  mch_id: '1900000109',
  api_key: '8934e7d15453e97507ef794cf7b0519d',
  appids: ['wxd930ea5d5a258f4f'],
  name: '青屿会员',
};
export const OTHER = {
  mch_id: '1900000117',
  api_key: '192006250b4c09247ec02edce69f6a2d',
  appids: ['wx2421b1c4370ec43b'],
};
export const APPID = 'wxd930ea5d5a258f4f';
export const PAYER = { openid: 'oUpF8uMEb4qRXf22hE3X68TekukE', appid: APPID };
export const OUT_TRADE_NO = 'order-0001';

const SUCCESS =
  '<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>';

/** A WeChat Pay that moves only when its clock is moved, and a merchant who queries it and receives its notices. */
export function createWorld(options: Partial<WeChatPayOptions> = {}) {
  const report = (error: unknown) => failures.push(error);
  const clock = options.clock ?? new WorldClock({ source: () => BIRTH, report });
  const failures: unknown[] = [];
  const trace = new Trace(() => clock.now());
  const received: { at: Date; notice: Message }[] = [];
  let reply = async (_posting: Posting): Promise<PostingReply> => ({ status: 200, body: SUCCESS });
  const wechatpay = createWeChatPay({
    clock,
    trace,
    random: seeded(),
    merchants: [MERCHANT, OTHER],
    shoppers: [
      PAYER,
      { openid: 'oSomebodyElse', appid: APPID },
      { openid: 'oOfTheOther', appid: 'wx2421b1c4370ec43b' },
    ],
    deliver: async (posting) => {
      received.push({ at: clock.now(), notice: readXml(posting.body) });
      return reply(posting);
    },
    ...options,
  });

  const post = async (path: string, body: string | Buffer, method = 'POST'): Promise<Message> =>
    readXml((await wechatpay.handle(path, method, Buffer.from(body))).body);

  /** Asks with validly signed parameters; `undefined` leaves one out. */
  const ask = (api: string, parameters: Parameters, key = MERCHANT.api_key): Promise<Message> =>
    post(`/pay/${api}`, signedRequest(parameters, key));

  /** Asks for a refund as whoever shows the certificate of `certified` does. */
  const refund = async (parameters: Parameters = {}, certified = MERCHANT.mch_id): Promise<Message> => {
    const body = Buffer.from(signedRequest({ ...refundParameters(), ...parameters }));
    const connection = { isReused: false, certified };
    return readXml((await wechatpay.handle(REFUND_PATH, 'POST', body, connection)).body);
  };

  return {
    clock,
    trace,
    wechatpay,
    failures,
    received,
    post,
    ask,
    refund,
    refundquery: (parameters: Parameters = { out_refund_no: OUT_REFUND_NO }) =>
      ask('refundquery', parameters),
    /** An order that is paid, and its transaction_id. */
    async paid(parameters: Parameters = {}): Promise<string> {
      const prepaid = await ask('unifiedorder', { ...orderParameters(clock.now()), ...parameters });
      const result = wechatpay.cashier.pay(this.payment(prepaid), PAYER);
      if (result.errMsg !== 'requestPayment:ok') throw new Error(result.errMsg);
      const { out_trade_no = OUT_TRADE_NO } = parameters;
      return wechatpay.order(MERCHANT.mch_id, out_trade_no)?.payment?.transaction_id ?? '';
    },
    /** What the merchant replies to notices from now on. */
    replying(next: (posting: Posting) => Promise<PostingReply>) {
      reply = next;
    },
    order: (parameters: Parameters = {}) => ask('unifiedorder', { ...orderParameters(), ...parameters }),
    query: (parameters: Parameters = { out_trade_no: OUT_TRADE_NO }) => ask('orderquery', parameters),
    close: (parameters: Parameters = { out_trade_no: OUT_TRADE_NO }) => ask('closeorder', parameters),
    /** The parameters of wx.requestPayment for an order. */
    payment({ prepay_id = '' }: Message, { signType = 'MD5' as SignType, key = MERCHANT.api_key } = {}) {
      const timeStamp = String(Math.floor(clock.now().getTime() / 1000));
      const signed = { timeStamp, nonceStr: '5K8264ILTKCH16CQ', package: `prepay_id=${prepay_id}`, signType };
      return { ...signed, paySign: sign({ ...signed, appId: APPID }, key, signType) };
    },
  };
}

type Parameters = Readonly<Record<string, string | undefined>>;

export function orderParameters(now = new Date(BIRTH)): Message {
  return {
    body: '青屿会员-城市 3 个月',
    out_trade_no: OUT_TRADE_NO,
    total_fee: '4800',
    spbill_create_ip: '127.0.0.1',
    time_start: spellTime(now),
    time_expire: spellTime(new Date(now.getTime() + 30 * MINUTE_MS)),
    notify_url: 'http://127.0.0.1:8080/payNotify',
    trade_type: 'JSAPI',
    openid: PAYER.openid,
  };
}

export const REFUND_PATH = '/secapi/pay/refund';
export const OUT_REFUND_NO = 'refund-0001';

/** What gives 1000 fen of the order back. */
export function refundParameters(): Message {
  return {
    out_trade_no: OUT_TRADE_NO,
    out_refund_no: OUT_REFUND_NO,
    total_fee: '4800',
    refund_fee: '1000',
    refund_desc: '买错了',
    notify_url: 'http://127.0.0.1:8080/refundNotify',
  };
}

/** A message of the merchant, validly signed unless it says its own sign; `undefined` leaves a parameter out. */
export function signedRequest(parameters: Parameters, key = MERCHANT.api_key): string {
  const common = { appid: APPID, mch_id: MERCHANT.mch_id, nonce_str: 'ibuaiVcKdpRxkhJA' };
  const request = defined({ ...common, ...parameters });
  const sign_type = request.sign_type === 'HMAC-SHA256' ? 'HMAC-SHA256' : 'MD5';
  return writeXml({ sign: sign(request, key, sign_type), ...request });
}

function defined(parameters: Parameters): Message {
  const entries = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}

/** A small linear congruential generator: the same world every time. */
function seeded(seed = 42): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
