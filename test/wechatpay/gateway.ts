import { createHash } from 'node:crypto';
import {
  createWeChatPay,
  type Path,
  type TimeLimits,
  type Transport,
} from '../../cloudfunctions/_shared/wechatpay/client.ts';
import type { Merchant } from '../../cloudfunctions/_shared/wechatpay/merchant.ts';
import { matchesSign, type SignType, sign } from '../../cloudfunctions/_shared/wechatpay/sign.ts';
import type {
  OrderKey,
  OrderParameters,
  WeChatPay,
} from '../../cloudfunctions/_shared/wechatpay/wechatpay.ts';
import { type Fields, readXml, writeXml } from '../../cloudfunctions/_shared/wechatpay/xml.ts';

export const merchant: Merchant = { mch_id: '10000100', api_key: '192006250b4c09247ec02edce69f6a2d' };
export const PREVIOUS_KEY = '8934e7d15453e97507ef794cf7b0519d';

export const ORDER: OrderKey = {
  appid: 'wxd930ea5d5a258f4f',
  mch_id: merchant.mch_id,
  out_trade_no: 'a3f1c2d4e5b60718293a4b5c6d7e8f90',
  sign_type: 'HMAC-SHA256',
};

export const PARAMETERS: OrderParameters = {
  ...ORDER,
  openid: 'oUpF8uMEb4qRXf22hE3X68TekukE',
  body: '城市会员 3 个月',
  total_fee: 300,
  spbill_create_ip: '127.0.0.1',
  notify_url: 'https://shop.example.com/payNotify',
  time_start: new Date('2026-11-23T04:00:00Z'),
  time_expire: new Date('2026-11-23T04:30:00Z'),
};

/** What WeChat is to answer; `sign` false leaves the answer unsigned, text goes out as it is. */
export interface Answer {
  readonly fields: Readonly<Fields>;
  readonly sign?: boolean;
}

export interface Gateway {
  readonly wechatpay: WeChatPay;
  /** What the client above is built from, for another one. */
  readonly transport: Transport;
  /** The requests that arrived, verified or not. */
  readonly requests: { readonly path: Path; readonly fields: Fields; readonly limits: TimeLimits }[];
}

/**
 * The least that can replace WeChat Pay: it knows one key, refuses a request that this key did not sign as WeChat
 * refuses it, and signs what `answer` says with the request's own algorithm.
 */
export function gateway(
  answer: (request: Fields, path: Path) => Answer | string | Promise<Answer | string>,
  options: {
    merchant?: Merchant;
    /** The key that WeChat knows while it reads this request, counted from 0. */
    key?: (request: number) => string;
    refuseSign?: (request: Fields) => Answer;
    answerBy?: Date;
  } = {},
): Gateway {
  const {
    merchant: asking = merchant,
    key = () => merchant.api_key,
    refuseSign = () => SIGN_REFUSED,
  } = options;
  const { answerBy = PARAMETERS.time_start } = options;
  const requests: Gateway['requests'] = [];
  const transport: Transport = async (path, body, limits) => {
    const fields = readXml(body);
    const known = key(requests.length);
    requests.push({ path, fields, limits });
    const sign_type: SignType = fields.sign_type === 'MD5' ? 'MD5' : 'HMAC-SHA256';
    const said = matchesSign(fields, known, sign_type) ? await answer(fields, path) : refuseSign(fields);
    if (typeof said === 'string') return Buffer.from(said);
    const signed = said.sign === false ? {} : { sign: sign(said.fields, known, sign_type) };
    return Buffer.from(writeXml({ ...said.fields, ...signed }));
  };
  const wechatpay = createWeChatPay({ merchant: asking, transport, random: counted(), answerBy });
  return { requests, wechatpay, transport };
}

const SIGN_REFUSED: Answer = {
  fields: { return_code: 'FAIL', return_msg: '签名错误，请检查后再试' },
  sign: false,
};

/** An answer's common part, and what it says. */
export function answered(fields: Readonly<Fields>): Answer {
  return {
    fields: {
      return_code: 'SUCCESS',
      return_msg: 'OK',
      appid: ORDER.appid,
      mch_id: merchant.mch_id,
      nonce_str: 'IITRi8Iabbblz1Jc',
      result_code: 'SUCCESS',
      ...fields,
    },
  };
}

export function failed(err_code: string): Answer {
  return answered({ result_code: 'FAIL', err_code, err_code_des: '原因' });
}

/** A source of bytes that differ every time and are the same in every run. */
export function counted(): (bytes: number) => Buffer {
  let count = 0;
  return (bytes) => createHash('sha256').update(String(count++)).digest().subarray(0, bytes);
}
