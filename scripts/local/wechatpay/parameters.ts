import { isIP } from 'node:net';
import { type Refused, refuse } from './errors.ts';
import { readTime } from './spelling.ts';
import type { Message } from './xml.ts';

/** One parameter of a request, as the documents' tables have it. Lengths are in bytes of UTF-8. */
interface Rule {
  /** WeChat's Chinese name of it, which its answers quote. */
  readonly label: string;
  readonly max: number;
  readonly min?: number;
  readonly required?: true;
  readonly pattern?: RegExp;
  /** A rule with words of its own, after length and pattern; the answer is the text of the refusal. */
  readonly check?: (value: string) => string | undefined;
}

type Rules = Readonly<Record<string, Rule>>;

/** The real gateway quotes this pattern to whoever breaks it; a query string breaks it. */
const NOTIFY_URL = /^https?:\/\/([^\s/?#[\]@]+@)?([^\s/?#@:]+)(?::\d{2,5})?([^\s?#[\]]*)$/;
const OUT_TRADE_NO = /^[0-9a-zA-Z_\-|*]+$/;
const YES_OR_NO = /^[YN]$/;
/** Largest amount of an order, in fen: the gateway reads 64 bits, and public logs show 10,000,000 yuan as its end. */
const TOTAL_FEE_MAX = 1_000_000_000;

/** As much of a name that the tables do not have as is repeated to whoever sent it. */
const NAME_CHARACTERS_MAX = 64;

const COMMON: Rules = {
  appid: { label: '公众账号ID', max: 32, required: true },
  mch_id: {
    label: '商户号',
    max: 32,
    required: true,
    check: (value) => (/^\d{8,10}$/.test(value) ? undefined : 'mch_id参数格式错误'),
  },
  nonce_str: { label: '随机字符串', max: 32, required: true },
  sign: { label: '签名', max: 64, required: true },
  sign_type: { label: '签名类型', max: 32, pattern: /^(MD5|HMAC-SHA256)$/ },
};

const time = (label: string): Rule => ({
  label,
  max: 14,
  min: 14,
  check: (value) => (readTime(value) ? undefined : `${label}格式错误`),
});

export const UNIFIEDORDER: Rules = {
  ...COMMON,
  device_info: { label: '设备号', max: 32 },
  body: { label: '商品描述', max: 127, required: true },
  detail: { label: '商品详情', max: 6000 },
  attach: { label: '附加数据', max: 127 },
  out_trade_no: { label: '商户订单号', max: 32, min: 6, required: true, pattern: OUT_TRADE_NO },
  fee_type: { label: '标价币种', max: 16, pattern: /^CNY$/ },
  total_fee: { label: '标价金额', max: 20, required: true, check: checkTotalFee },
  spbill_create_ip: {
    label: '终端IP',
    max: 64,
    required: true,
    check: (value) => (isIP(value) ? undefined : 'invalid spbill_create_ip'),
  },
  time_start: time('交易起始时间'),
  time_expire: time('交易结束时间'),
  goods_tag: { label: '订单优惠标记', max: 32 },
  notify_url: { label: '通知地址', max: 256, required: true, pattern: NOTIFY_URL },
  trade_type: { label: '交易类型', max: 16, required: true, pattern: /^(JSAPI|NATIVE|APP|MWEB)$/ },
  product_id: { label: '商品ID', max: 32 },
  limit_pay: { label: '指定支付方式', max: 32, pattern: /^no_credit$/ },
  openid: { label: '用户标识', max: 128 },
  receipt: { label: '电子发票入口开放标识', max: 8, pattern: YES_OR_NO },
  profit_sharing: { label: '是否需要分账', max: 1, pattern: YES_OR_NO },
  scene_info: { label: '场景信息', max: 256 },
  user_type: { label: '用户类型', max: 32 },
  user_creid: { label: '用户证件号', max: 32 },
  user_truename: { label: '用户姓名', max: 64 },
};

export const ORDERQUERY: Rules = {
  ...COMMON,
  transaction_id: { label: '微信订单号', max: 32 },
  out_trade_no: { label: '商户订单号', max: 32 },
};

export const CLOSEORDER: Rules = {
  ...COMMON,
  out_trade_no: { label: '商户订单号', max: 32, required: true },
};

export const REFUND: Rules = {
  ...COMMON,
  transaction_id: { label: '微信订单号', max: 32 },
  out_trade_no: { label: '商户订单号', max: 32 },
  out_refund_no: { label: '商户退款单号', max: 64, required: true, pattern: /^[0-9a-zA-Z_\-|*@]+$/ },
  total_fee: { label: '订单金额', max: 20, required: true, check: checkTotalFee },
  refund_fee: { label: '退款金额', max: 20, required: true, check: checkRefundFee },
  refund_fee_type: { label: '退款货币种类', max: 8, pattern: /^CNY$/ },
  refund_desc: { label: '退款原因', max: 80 },
  refund_account: { label: '退款资金来源', max: 30 },
  notify_url: { label: '退款结果通知url', max: 256, pattern: NOTIFY_URL },
};

export const REFUNDQUERY: Rules = {
  ...COMMON,
  transaction_id: { label: '微信订单号', max: 32 },
  out_trade_no: { label: '商户订单号', max: 32 },
  out_refund_no: { label: '商户退款单号', max: 64 },
  refund_id: { label: '微信退款单号', max: 32 },
  offset: { label: '偏移量', max: 15, pattern: /^\d+$/ },
};

export const DOWNLOADBILL: Rules = {
  ...COMMON,
  bill_date: {
    label: '对账单日期',
    max: 8,
    required: true,
    check: (value) => (readTime(`${value}000000`) ? undefined : 'data format error'),
  },
  bill_type: { label: '账单类型', max: 32 },
  tar_type: { label: '压缩账单', max: 8, pattern: /^GZIP$/ },
};

/** Whether a request says what its table demands and nothing else, each parameter for itself. */
export function checkParameters(request: Readonly<Message>, rules: Rules): Refused | undefined {
  const missing = Object.keys(rules).filter((name) => rules[name]?.required && !request[name]);
  if (missing.length > 0) return refuse('LACK_PARAMS', `missing or empty: ${missing.join(', ')}`);
  const unknown = Object.keys(request).find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined) {
    const text = `不识别的参数${unknown.slice(0, NAME_CHARACTERS_MAX)}`;
    return refuse('PARAM_ERROR', "no parameter of this API's table has this name", text);
  }
  for (const [name, rule] of Object.entries(rules)) {
    const value = request[name];
    const text = value ? broken(name, value, rule) : undefined;
    if (text) return refuse('PARAM_ERROR', `${name} breaks its rule: ${text}`, text);
  }
  return undefined;
}

function broken(name: string, value: string, rule: Rule): string | undefined {
  const said = `输入源“/body/xml/${name}”映射到值字段“${rule.label}”字符串规则校验失败，`;
  const bytes = Buffer.byteLength(value);
  if (bytes > rule.max) return `${said}字节数 ${bytes}，大于最大值 ${rule.max}`;
  if (rule.min && bytes < rule.min) return `${said}字节数 ${bytes}，小于最小值 ${rule.min}`;
  if (rule.pattern && !rule.pattern.test(value))
    return `${said}字符串必须匹配正则表达式“${rule.pattern.source}”`;
  return rule.check?.(value);
}

function checkTotalFee(value: string): string | undefined {
  if (!/^-?(0|[1-9]\d*)$/.test(value)) {
    return '无法将输入源“/body/xml/total_fee”映射到目标字段“标价金额”中，此字段需要一个合法的 64 位有符号整数';
  }
  return Number(value) >= 1 && Number(value) <= TOTAL_FEE_MAX ? undefined : 'invalid total_fee';
}

function checkRefundFee(value: string): string | undefined {
  return /^[1-9]\d*$/.test(value) && Number(value) <= TOTAL_FEE_MAX ? undefined : 'invalid refund_fee';
}
