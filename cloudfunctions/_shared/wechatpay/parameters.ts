import { WeChatPayError } from './errors.ts';
import { toWeChatTime } from './time.ts';
import type { OrderParameters, RefundParameters } from './wechatpay.ts';
import { type Fields, unwritable } from './xml.ts';

interface Rule {
  /** WeChat counts bytes of UTF-8, not characters. */
  readonly bytesMax: number;
  readonly bytesMin?: number;
  readonly pattern?: RegExp;
  /** What the pattern wants, for the message. */
  readonly wanted?: string;
}

const IDENTIFIER = { pattern: /^[\w-]+$/, wanted: 'letters, digits, _ and -' } as const;
const TIME = { bytesMax: 14, pattern: /^\d{14}$/, wanted: 'yyyyMMddHHmmss' } as const;

/**
 * The limits of pay.weixin.qq.com/doc/v2/merchant/4011940985 (unified order) and of the refund APIs for the fields that we send. Where two
 * of WeChat's pages disagree, the narrower limit is here: body has 127 or 128 bytes, out_trade_no may hold @ or not.
 */
const RULES: Readonly<Record<string, Rule>> = {
  appid: { bytesMax: 32, ...IDENTIFIER },
  mch_id: { bytesMax: 32, ...IDENTIFIER },
  nonce_str: { bytesMax: 32, ...IDENTIFIER },
  openid: { bytesMax: 128, ...IDENTIFIER },
  out_trade_no: {
    bytesMin: 6,
    bytesMax: 32,
    pattern: /^[\w|*-]+$/,
    wanted: 'letters, digits, _, -, | and *',
  },
  body: { bytesMax: 127 },
  attach: { bytesMax: 127 },
  total_fee: { bytesMax: 15, pattern: /^[1-9]\d*$/, wanted: 'a whole number of fen, at least 1' },
  spbill_create_ip: { bytesMax: 64, pattern: /^[\da-fA-F.:]+$/, wanted: 'an IPv4 or IPv6 address' },
  notify_url: {
    bytesMax: 256,
    pattern: /^https?:\/\/(?!.*[?#[\]])[!-~]+$/,
    wanted: 'http(s)://… in ASCII, without a query string or brackets',
  },
  time_start: TIME,
  time_expire: TIME,
  out_refund_no: { bytesMax: 64, pattern: /^[\w|*@-]+$/, wanted: 'letters, digits, _, -, |, * and @' },
  refund_fee: { bytesMax: 15, pattern: /^[1-9]\d*$/, wanted: 'a whole number of fen, at least 1' },
  refund_desc: { bytesMax: 80 },
  bill_date: { bytesMax: 8, pattern: /^\d{8}$/, wanted: 'yyyyMMdd' },
  bill_type: { bytesMax: 8, pattern: /^[A-Z_]+$/, wanted: 'ALL, SUCCESS or REFUND' },
  tar_type: { bytesMax: 8, pattern: /^GZIP$/, wanted: 'GZIP' },
  offset: { bytesMax: 15, pattern: /^\d+$/, wanted: 'a whole number' },
  sign_type: { bytesMax: 32, pattern: /^(?:MD5|HMAC-SHA256)$/, wanted: 'MD5 or HMAC-SHA256' },
  trade_type: { bytesMax: 16 },
};

/** The request's own fields, spelled as WeChat spells them. Who asks (appid, mch_id, nonce_str, sign) is added later. */
export function orderFields(parameters: OrderParameters): Fields {
  if (!(parameters.time_start < parameters.time_expire)) {
    throw refused('time_expire', 'is not later than time_start');
  }
  const fields: Fields = {
    out_trade_no: parameters.out_trade_no,
    openid: parameters.openid,
    body: parameters.body,
    total_fee: String(parameters.total_fee),
    spbill_create_ip: parameters.spbill_create_ip,
    notify_url: parameters.notify_url,
    time_start: toWeChatTime(parameters.time_start),
    time_expire: toWeChatTime(parameters.time_expire),
    trade_type: 'JSAPI',
  };
  if (parameters.attach !== undefined) fields.attach = parameters.attach;
  return fields;
}

/** The fields of a refund. @throws WeChatPayError PARAMETER_REFUSED for more than the order is about */
export function refundFields(parameters: RefundParameters): Fields {
  const { out_trade_no, out_refund_no, total_fee, refund_fee, refund_desc, notify_url } = parameters;
  if (!(refund_fee <= total_fee)) throw refused('refund_fee', 'is more than total_fee');
  return {
    out_trade_no,
    out_refund_no,
    total_fee: String(total_fee),
    refund_fee: String(refund_fee),
    ...(refund_desc === undefined ? {} : { refund_desc }),
    ...(notify_url === undefined ? {} : { notify_url }),
  };
}

/**
 * Refuses an order for which unifiedorder would be refused, as far as that can be known without asking: so that what
 * cannot be sent is not saved.
 * @throws WeChatPayError PARAMETER_REFUSED, naming the field and the limit, never the value
 */
export function checkOrder(parameters: OrderParameters): void {
  const { appid, mch_id, sign_type } = parameters;
  checkParameters({ ...orderFields(parameters), appid, mch_id, sign_type });
}

/**
 * Refuses what WeChat documents as invalid, before it is sent.
 * @throws WeChatPayError PARAMETER_REFUSED, naming the field and the limit, never the value
 */
export function checkParameters(fields: Readonly<Fields>): void {
  for (const name in fields) {
    const problem = problemOf(name, fields[name] ?? '');
    if (problem) throw refused(name, problem);
  }
}

/** Why a field cannot be sent, to follow its name: the limit, never the value. Undefined where it can. */
export function problemOf(name: string, value: string): string | undefined {
  const rule = RULES[name];
  if (!rule) return 'has no rule here: add the limit that WeChat documents';
  const { bytesMin = 1, bytesMax, pattern, wanted } = rule;
  const bytes = Buffer.byteLength(value);
  if (bytes < bytesMin || bytes > bytesMax) {
    return `has ${bytes} bytes; WeChat Pay takes ${bytesMin} to ${bytesMax}`;
  }
  return pattern && !pattern.test(value) ? `is not ${wanted}` : unwritable(value);
}

function refused(name: string, problem: string): WeChatPayError {
  return new WeChatPayError('PARAMETER_REFUSED', `${name} ${problem}.`);
}
