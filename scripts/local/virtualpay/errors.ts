import type { Refused } from '../weixin/errors.ts';

/**
 * What the APIs under /xpay answer instead of what was asked for (虚拟支付, 错误码). Where the documents give no text but a
 * description, the text is that description.
 */
export const XPAY_ERRORS = {
  268490001: 'openid错误',
  268490002: '请求参数字段错误',
  268490003: '签名错误',
  268490004: '重复操作',
  268490005: '订单已经通过cancel_currency_pay接口退款，不支持再退款',
  268490006: '代币的退款/支付操作金额错误',
  268490007: '图片或文字存在敏感内容，禁止使用',
  268490008: '代币未发布，不允许进行代币操作',
  268490009: '用户session_key不存在或已过期，请重新登录',
  268490011: '数据生成中，请稍后调用本接口获取',
  268490012: '批量任务运行中，请等待完成后才能再次运行',
  268490013: '禁止对核销状态的单进行退款',
  268490014: '退款操作进行中，稍后可以使用相同参数重试',
  268490015: '频率限制',
  268490016: '退款的left_fee字段与实际不符，请通过query_order接口查询确认',
} as const;

export type XpayErrcode = keyof typeof XPAY_ERRORS;

/**
 * @param why the likely mistake, in English, for whoever reads the trace
 * @param errmsg what is sent, where the general text says too little
 */
export function refuse(errcode: XpayErrcode, why: string, errmsg: string = XPAY_ERRORS[errcode]): Refused {
  return { errcode, errmsg, why };
}

/** The words for an order that is not there. It shares its number with wrong fields. */
export const NO_SUCH_DATA = '数据不存在';

/**
 * What wx.requestVirtualPayment fails with (wx.requestVirtualPayment, 错误码). Words in capitals were seen on phones; of the
 * others the documents have a description only, and the words are ours.
 */
export const CLIENT_ERRORS = {
  1001: 'parameter error',
  [-1]: 'payment failed',
  [-2]: 'cancel',
  [-4]: '该支付存在风险，请稍后再试',
  [-15001]: 'parameter error',
  [-15002]: 'OUT_TRADE_NO_REPEATED',
  [-15003]: 'SYSTEM_ERROR',
  [-15004]: 'CURRENCY_TYPE_INVALID',
  [-15005]: 'SIGNATURE_INVALID',
  [-15006]: 'PAY_SIG_INVALID',
  [-15007]: 'SESSION_KEY_EXPIRED',
  [-15008]: '二级商户进件未完成',
  [-15009]: '代币未发布',
  [-15010]: 'PRODUCT_ID_NOT_EXIST',
  [-15011]: 'PAYMENT_ILLEGAL_IN_SANDBOX',
  [-15012]: '调用米大师失败，该订单已关闭',
  [-15013]: 'GOODS_PRICE_INVALID',
  [-15014]: 'COIN_OR_PRODUCT_ID_CREATED_IN_RECENTLY',
  [-15016]: 'signData format error',
  [-15017]: '疑似违规，收款功能被限制',
  [-15018]: '道具审核不通过',
  [-15019]: '商户号被限制收款',
  [-15020]: '操作过快，请稍候再试',
  [-15021]: '小程序被限频交易',
} as const;

export type ClientErrCode = keyof typeof CLIENT_ERRORS;
