import { WorldClock } from '../../../scripts/local/clock.ts';
import { Trace } from '../../../scripts/local/trace.ts';
import type { Env } from '../../../scripts/local/virtualpay/ledger.ts';
import type { Phone } from '../../../scripts/local/virtualpay/phone.ts';
import type { Push } from '../../../scripts/local/virtualpay/pushes.ts';
import { paySig, userSignature } from '../../../scripts/local/virtualpay/sign.ts';
import { createVirtualPay, type VirtualPayOptions } from '../../../scripts/local/virtualpay/virtualpay.ts';
import { createWeixin } from '../../../scripts/local/weixin/weixin.ts';

export const BIRTH = Date.UTC(2027, 0, 15, 4);
export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const APP = { appid: 'wxd930ea5d5a258f4f', secret: 'secretsecretsecretsecretsecret00' };
export const ACCOUNT = {
  offer_id: '1450000000',
  app_keys: { 0: 'demo-live-appkey-0123456789abcdef', 1: 'demo-sandbox-appkey-fedcba9876543210' },
};
export const OPENID = 'oUrsfxxxxxxxxxx';
export const SOMEBODY_ELSE = 'oSomebodyElse';
export const ITEM = { id: 'city_1m_990', name: '城市版 1 个月', price: 990 };
export const NUMBER = 'M20261127abcdef0123456789';
export const ANDROID: Phone = { openid: OPENID, platform: 'android' };
export const IPHONE: Phone = { openid: OPENID, platform: 'ios', version: '8.0.70' };

/** What phones sign by default; `undefined` leaves a field out. */
export const SIGN_DATA: Readonly<Record<string, unknown>> = {
  offerId: ACCOUNT.offer_id,
  buyQuantity: 1,
  env: 0,
  currencyType: 'CNY',
  productId: ITEM.id,
  goodsPrice: ITEM.price,
  outTradeNo: NUMBER,
  attach: 'city.1',
};

export const YES = { ErrCode: 0, ErrMsg: 'success' };
export const NO = { ErrCode: 1, ErrMsg: 'retry' };

/** api.weixin.qq.com and virtual payment that move only when their clock is moved, and a function that is told. */
export function createWorld(options: Partial<VirtualPayOptions> = {}) {
  const failures: unknown[] = [];
  const report = (error: unknown) => failures.push(error);
  const clock = options.clock ?? new WorldClock({ source: () => BIRTH, report });
  const trace = new Trace(() => clock.now());
  const random = seeded();
  const weixin = createWeixin({ clock, random, trace, app: APP, shoppers: [OPENID, SOMEBODY_ELSE] });
  const pushed: { at: Date; event: Push['event']; timeout_ms: number }[] = [];
  let answer = async (_push: Push): Promise<unknown> => YES;
  const virtualpay = createVirtualPay({
    ...{ clock, random, trace, weixin, account: ACCOUNT },
    deliver: async (push) => {
      pushed.push({ at: clock.now(), event: push.event, timeout_ms: push.timeout_ms });
      return answer(push);
    },
    ...options,
  });
  if (!options.items) for (const env of [0, 1] as const) virtualpay.publish({ ...ITEM, env });

  const ask = async (method: string, url: string, body = ''): Promise<Record<string, unknown>> =>
    JSON.parse((await weixin.handle({ method, url, body: Buffer.from(body) })).body);
  const exchange = (code: string, { appid = APP.appid, secret = APP.secret } = {}) =>
    ask(
      'GET',
      `/sns/jscode2session?${new URLSearchParams({ appid, secret, js_code: code, grant_type: 'authorization_code' })}`,
    );
  const token = (fields: object = {}) =>
    ask(
      'POST',
      '/cgi-bin/stable_token',
      JSON.stringify({ grant_type: 'client_credential', ...APP, ...fields }),
    );
  /** Calls an API under /xpay as a merchant does. */
  const xpay = async (name: string, fields: object, { access_token = '', pay_sig = '' } = {}) => {
    const body = JSON.stringify(fields);
    const env: Env = 'env' in fields && fields.env === 1 ? 1 : 0;
    const query = new URLSearchParams({
      access_token: access_token || String((await token()).access_token),
      pay_sig: pay_sig || paySig(ACCOUNT.app_keys[env], `/xpay/${name}`, body),
    });
    return ask('POST', `/xpay/${name}?${query}`, body);
  };
  /** The key that this person has now. */
  const sessionKey = async (openid = OPENID) => String((await exchange(weixin.login(openid))).session_key);
  /** The parameters of wx.requestVirtualPayment, signed for this person. */
  const parameters = async (fields: object = {}, { openid = OPENID, session_key = '' } = {}) => {
    const signData = JSON.stringify({ ...SIGN_DATA, ...fields });
    const env: Env = 'env' in fields && fields.env === 1 ? 1 : 0;
    const signature = userSignature(session_key || (await sessionKey(openid)), signData);
    const pay = paySig(ACCOUNT.app_keys[env], 'requestVirtualPayment', signData);
    return { signData, mode: 'short_series_goods', paySig: pay, signature };
  };
  const open = async (fields: object = {}, phone: Phone = ANDROID) =>
    virtualpay.cashDesk.open(await parameters(fields), phone);
  return {
    ...{
      clock,
      trace,
      weixin,
      virtualpay,
      failures,
      pushed,
      ask,
      exchange,
      token,
      xpay,
      sessionKey,
      parameters,
      open,
    },
    /** What the merchant's function answers from now on. */
    answering(next: (push: Push) => Promise<unknown>) {
      answer = next;
    },
    async pay(fields: object = {}, phone: Phone = ANDROID) {
      const shown = await open(fields, phone);
      if (shown.kind !== 'shown') throw new Error(shown.why);
      return virtualpay.cashDesk.pay(shown.id);
    },
    query: (fields: object = {}) =>
      xpay('query_order', { openid: OPENID, env: 0, order_id: NUMBER, ...fields }),
    refund: (fields: object = {}) =>
      xpay('refund_order', {
        ...{ openid: OPENID, env: 0, order_id: NUMBER, refund_order_id: 'R20261127abcdef', left_fee: 990 },
        ...{ refund_fee: 990, biz_meta: '', refund_reason: '3', req_from: '1' },
        ...fields,
      }),
  };
}

/** A small linear congruential generator: the same world every time. */
function seeded(seed = 42): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
