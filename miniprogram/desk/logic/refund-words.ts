import type { ErrorCode, OperatorErrorCode } from '../../../cloudfunctions/_shared/contract';
import type { DeskCode, DeskFailure } from './codes';

/** What became of a refund that was not answered with one: what is known, and what the button does next. */
export interface RefundNotice {
  readonly title: string;
  readonly text: string;
  /** `again`: the same once more, which is safe. `reload`: look at the order again. `edit`: change what was filled in. */
  readonly next: 'again' | 'reload' | 'edit' | 'back';
  readonly label: string;
}

export function refundNotice(failure: DeskFailure): RefundNotice {
  if (failure.kind === 'refused') return noticeOf(failure.error.errcode);
  return failure.offline ? { ...LOST, title: '无网络连接' } : LOST;
}

/** Whether it is open what became of it, so that its request_id has to be kept. */
export function isUnknown(failure: DeskFailure): boolean {
  return failure.kind === 'lost' || noticeOf(failure.error.errcode).next === 'again';
}

function noticeOf(errcode: DeskCode): RefundNotice {
  return NOTICES[errcode] ?? OF_THE_SHOP;
}

const LOST: RefundNotice = {
  title: '没有收到结果',
  text: '可以放心再次提交，同一笔退款不会重复。',
  next: 'again',
  label: '再次提交',
};

const RELOAD = { next: 'reload', label: '刷新订单' } as const;
const BACK = { next: 'back', label: '返回订单' } as const;
const EDIT = { next: 'edit', label: '知道了' } as const;

const OF_THE_SHOP: RefundNotice = { ...BACK, title: '暂时不能退款', text: '请返回订单后重试。' };

/** Of the codes that shoppers receive as well those that a refund can be refused with. */
const NOTICES: Readonly<Record<OperatorErrorCode, RefundNotice> & Partial<Record<ErrorCode, RefundNotice>>> =
  {
    REFUND_CHANGED: {
      ...RELOAD,
      title: '这笔订单刚有新的退款',
      text: '可能是其他同事操作的。请刷新后核对金额和会员时长。',
    },
    REFUND_OPEN: { ...RELOAD, title: '上一笔退款还在处理', text: '同一时间只能有一笔。等它结束后再退。' },
    REFUND_TOO_MUCH: { ...RELOAD, title: '超过可退金额', text: '请刷新后核对还可以退多少。' },
    REFUND_TOO_SOON: {
      title: '两笔退款间隔太短',
      text: '微信要求同一订单的两笔退款至少间隔 1 分钟，请稍后再提交。',
      next: 'edit',
      label: '知道了',
    },
    REFUND_PARTS_USED_UP: {
      ...BACK,
      title: '退款次数已用完',
      text: '微信规定一笔订单最多分 50 次退。请用其他方式退还。',
    },
    REFUND_OVERDUE: {
      ...BACK,
      title: '超过退款期限',
      text: '付款已超过一年，微信不再受理。请用其他方式退还。',
    },
    REFUND_NOT_POSSIBLE: {
      ...BACK,
      title: '不能从这里退款',
      text: '可能没有配置商户证书，或订单属于另一个商户号。请联系管理员。',
    },
    REFUND_NOT_FOUND: { ...RELOAD, title: '没有找到这笔退款', text: '请刷新订单后再看。' },
    ORDER_NOT_PAID: { ...RELOAD, title: '订单没有付款', text: '没有可以退的款项。请刷新订单。' },
    ORDER_NOT_FOUND: { ...BACK, title: '没有找到这笔订单', text: '请核对订单号。' },
    FORBIDDEN: { ...BACK, title: '没有权限', text: '当前微信账号不能退款，没有任何变化。' },
    OPENID_MISSING: { ...EDIT, title: '未能识别微信账号', text: '请在微信中重新打开小程序。' },
    INVALID_PARAMETERS: {
      ...EDIT,
      title: '内容没有通过检查',
      text: '请检查金额、天数和原因，没有任何变化。',
    },
    REQUEST_ID_REUSED: { ...EDIT, title: '请重新提交', text: '上次提交的是另一笔退款，请核对后再提交一次。' },
    MERCHANT_MISCONFIGURED: { ...BACK, title: '支付设置有误', text: '暂时不能退款，请联系管理员。' },
    WECHATPAY_UNAVAILABLE: LOST,
    INTERNAL_ERROR: LOST,
    ALARM_NOT_FOUND: OF_THE_SHOP,
    OPERATOR_NOT_FOUND: OF_THE_SHOP,
  };
