/**
 * What api.weixin.qq.com answers instead of what was asked for. The texts are those of the documents (全局返回码) and of
 * public logs; the real ones carry ` rid: …` at their end, and so do these.
 */
export const ERRORS = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40037: 'invalid template_id',
  40125: 'invalid appsecret',
  40163: 'code been used',
  /** The address that asked is not on the allow-list of the app; the text names it. */
  40164: 'invalid ip 127.0.0.1, not in whitelist',
  40226: 'code blocked',
  /** The app's secret was frozen in the console. */
  40243: 'appsecret frozen',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41008: 'missing code',
  41030: 'invalid page',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  /** The person has not agreed, took it back, or the message was sent already. */
  43101: 'user refuse to accept the msg',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  47001: 'data format error',
  47003: 'argument invalid!',
  48001: 'api unauthorized',
  // Those of the shipping service (uploadShippingInfo).
  10060001: '支付单不存在',
  /** Over: received, or shipped and corrected long ago. Here only when it is asked for. */
  10060002: '支付单已完成发货，无法继续发货',
  10060003: '支付单已使用重新发货机会',
  10060004: '支付单处于不可发货的状态',
  10060005: '物流类型有误',
  10060006: '非快递发货时不允许分拆发货',
  10060008: '商品描述 item_desc 字段不能为空',
  10060009: '商品描述 item_desc 字段太长',
  10060014: '参数错误',
  10060023: '发货信息未更新',
  10060031: '该笔支付单不属于 openid 所指定的用户',
  268485194: '订单单号类型非法',
  268485196: '商户侧单号形式下 mchid 字段不能为空',
  268485197: '商户侧单号形式下 out_trade_no 字段不能为空',
  268485216: '上传时间非法，请按照 RFC 3339 格式填写',
  268485224: '发货模式非法',
  268485226: '物流单号不能为空',
  268485227: '物流公司编码不能为空',
  268485228: '统一发货模式下，物流信息列表长度必须为 1',
} as const;

export type WeixinErrcode = keyof typeof ERRORS;

/** An answer that refuses. */
export interface Refused {
  readonly errcode: number;
  readonly errmsg: string;
  /** What is not sent: the likely mistake, for the trace and the console. */
  readonly why: string;
  /** Fields beside the two, such as `order: null`. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** @param why the likely mistake, in English, for whoever reads the trace */
export function refuse(errcode: WeixinErrcode, why: string): Refused {
  return { errcode, errmsg: ERRORS[errcode], why };
}
