/**
 * Every way WeChat Pay says no, with its text. `how` is the level at which the real gateway was seen to say it:
 * `return_msg` is return_code FAIL, without a sign, an appid or an err_code; `err_code` is a signed answer.
 * The documents list all of these codes as err_code; where public logs show the other level, the logs win.
 * `from` says where the text was read: seen (public logs of real answers), documents, inferred (to verify).
 */
export const ERRORS = {
  REQUIRE_POST_METHOD: { how: 'return_msg', text: '请使用post方法', from: 'documents' },
  POST_DATA_EMPTY: { how: 'return_msg', text: 'post数据为空', from: 'documents' },
  NOT_UTF8: { how: 'return_msg', text: '编码格式错误', from: 'documents' },
  XML_FORMAT_ERROR: { how: 'return_msg', text: 'XML格式错误', from: 'seen' },
  LACK_PARAMS: { how: 'return_msg', text: '缺少参数', from: 'seen' },
  PARAM_ERROR: { how: 'return_msg', text: '参数错误', from: 'seen' },
  SIGNERROR: { how: 'return_msg', text: '签名错误', from: 'seen' },
  MCHID_NOT_EXIST: { how: 'return_msg', text: '商户号mch_id或sub_mch_id不存在', from: 'seen' },
  APPID_NOT_EXIST: { how: 'return_msg', text: 'appid不存在', from: 'seen' },
  APPID_MCHID_NOT_MATCH: { how: 'return_msg', text: '商户号mch_id与appid不匹配', from: 'seen' },
  OPENID_MISMATCH: { how: 'return_msg', text: 'appid and openid not match', from: 'seen' },
  NOAUTH: {
    how: 'return_msg',
    text: '商户号该产品权限未开通，请前往商户平台>产品中心检查后重试',
    from: 'seen',
  },
  INVALID_REQUEST: { how: 'err_code', text: '201 商户订单号重复', from: 'seen' },
  OUT_TRADE_NO_USED: { how: 'err_code', text: '商户订单号重复', from: 'seen' },
  ORDERPAID: { how: 'err_code', text: '该订单已支付', from: 'seen' },
  ORDERCLOSED: { how: 'err_code', text: '订单已关闭', from: 'documents' },
  ORDERNOTEXIST: { how: 'err_code', text: 'order not exist', from: 'seen' },
  /** The documents forbid closing within five minutes and name no code for it; this one is seen in client code. */
  TRADE_STATE_ERROR: {
    how: 'err_code',
    text: '订单生成后不能马上调用关单接口，最短调用时间间隔为5分钟',
    from: 'inferred',
  },
  INVALID_TRANSACTIONID: { how: 'err_code', text: '无效transaction_id', from: 'documents' },
  REFUNDNOTEXIST: { how: 'err_code', text: '退款订单不存在', from: 'documents' },
  NOTENOUGH: { how: 'err_code', text: '基本账户余额不足，请充值后重新发起', from: 'seen' },
  USER_ACCOUNT_ABNORMAL: { how: 'err_code', text: '用户账户异常或已注销', from: 'documents' },
  TRADE_OVERDUE: { how: 'err_code', text: '订单已经超过可退款的最大期限', from: 'documents' },
  /** The documents' table has ERROR for whatever has no code of its own; the words say which case it is. */
  ERROR: { how: 'err_code', text: '业务错误', from: 'documents' },
  REFUND_FEE_MISMATCH: {
    how: 'err_code',
    text: '订单金额或退款金额与之前请求不一致，请核实后再试',
    from: 'seen',
  },
  // downloadbill has no err_code: it says its own words in return_msg, and a number beside them.
  NO_BILL_EXIST: { how: 'return_msg', text: 'No Bill Exist', from: 'seen' },
  BILL_CREATING: { how: 'return_msg', text: 'Bill Creating', from: 'documents' },
  INVALID_BILL_TYPE: { how: 'return_msg', text: 'invalid bill_type', from: 'documents' },
  DATA_FORMAT_ERROR: { how: 'return_msg', text: 'data format error', from: 'documents' },
  MISSING_PARAMETER: { how: 'return_msg', text: 'missing parameter', from: 'documents' },
  BILL_SIGN_ERROR: { how: 'return_msg', text: 'SIGN ERROR', from: 'documents' },
  BILL_SYSTEM_ERROR: { how: 'return_msg', text: 'system error', from: 'documents' },
  COMPRESSGZIP_ERROR: { how: 'return_msg', text: 'CompressGZip Error', from: 'documents' },
  BIZERR_NEED_RETRY: { how: 'err_code', text: '退款业务流程错误，需要商户触发重试来解决', from: 'documents' },
  INVALID_REQ_TOO_MUCH: { how: 'err_code', text: '无效请求过多，请一分钟后重试', from: 'documents' },
  SYSTEMERROR: { how: 'err_code', text: '系统超时', from: 'documents' },
  FREQUENCY_LIMITED: { how: 'err_code', text: '频率限制', from: 'documents' },
} as const satisfies Record<string, { how: 'return_msg' | 'err_code'; text: string; from: string }>;

export type ErrCode = keyof typeof ERRORS;

/** WeChat Pay says no. */
export interface Refused {
  readonly kind: 'refused';
  readonly err_code: ErrCode;
  /** What is sent: return_msg or err_code_des. */
  readonly text: string;
  /** What is not sent: the likely mistake, for the trace and the console. */
  readonly why: string;
}

/** @param why the likely mistake, in English, for whoever reads the trace */
export function refuse(err_code: ErrCode, why: string, text: string = ERRORS[err_code].text): Refused {
  return { kind: 'refused', err_code, text, why };
}
