import type { ErrorCode } from '../../cloudfunctions/_shared/contract';
import type { Answered } from './answer';
import { yuan } from './money';
import type { Bought } from './shop/buying';

/** A failure beside the button it concerns: what is known, what to do next, and what the button then says. */
export interface Notice {
  readonly title: string;
  readonly text: string;
  /** What pressing the filled button does next. */
  readonly next: 'pay' | 'reload' | 'orders' | 'dismiss';
  /** The label of that button; without one it keeps its own. */
  readonly label?: string;
}

/** What the shop or an order says when buying did not come as far as an order to look at. */
export function noticeOf(bought: Exclude<Bought, { kind: 'ordered' }>): Notice {
  switch (bought.kind) {
    case 'price-changed':
      return {
        title: '价格有更新',
        text: `现在是 ¥${yuan(bought.total_fee)}，确认后再支付。`,
        next: 'pay',
      };
    case 'lost':
      return bought.offline ? NO_NETWORK : ANSWER_LOST;
    case 'refused':
      return refusalNotice(bought.errcode);
  }
}

/** Cancelling was asked for and no clear answer came. */
export function cancelNotice(failure: Exclude<Answered<unknown>, { kind: 'answered' }>): Notice {
  const isOffline = failure.kind === 'lost' && failure.offline;
  return {
    title: isOffline ? '没有网络' : '没有收到取消结果',
    text: isOffline ? '订单还没有取消。连上网络后再试。' : '订单可能还在，可以再取消一次。',
    next: 'dismiss',
  };
}

/** The shopper asked for the result, and there is none to tell. */
export function noResultNotice(isAnswered: boolean): Notice {
  return {
    title: isAnswered ? '还没有结果' : '没有收到结果',
    text: isAnswered
      ? '微信支付还没有给出结论。请过一会儿再查一次。'
      : '服务器暂时没有回应。请过一会儿再查一次。',
    next: 'dismiss',
  };
}

const ANSWER_LOST: Notice = {
  title: '没有收到下单结果',
  text: '可以放心再试，同一次下单不会重复扣款。',
  next: 'pay',
  label: '再试一次',
};

const NO_NETWORK: Notice = {
  title: '没有网络',
  text: '连上网络后再试，同一次下单不会重复扣款。',
  next: 'pay',
  label: '再试一次',
};

function refusalNotice(errcode: ErrorCode): Notice {
  switch (errcode) {
    case 'TOO_MANY_UNPAID_ORDERS':
      return {
        title: '还有几笔订单没有支付',
        text: '先支付或取消其中一笔，再下新的订单。',
        next: 'orders',
        label: '查看我的订单',
      };
    case 'PRODUCT_NOT_ON_SALE':
    case 'PRICE_CHANGED':
      return {
        title: '这个选择刚刚停售',
        text: '重新读取后，可以选择其他会员或时长。',
        next: 'reload',
        label: '重新读取',
      };
    case 'MERCHANT_MISCONFIGURED':
      return {
        title: '商家的支付设置有问题',
        text: '现在再试也不会成功。商家已经收到提醒，请晚一点再来。',
        next: 'dismiss',
        label: '知道了',
      };
    case 'OPENID_MISSING':
      return {
        title: '没有认出你的微信账号',
        text: '请从微信里重新打开这个小程序。',
        next: 'dismiss',
        label: '知道了',
      };
    case 'INVALID_PARAMETERS':
      return {
        title: '这个小程序的版本旧了',
        text: '请在微信里关闭它，再重新打开。',
        next: 'dismiss',
        label: '知道了',
      };
    case 'ORDER_HELD':
      return {
        title: '这笔付款正在核对',
        text: '商家正在核对，请不要重复付款。',
        next: 'orders',
        label: '查看我的订单',
      };
    case 'ORDER_NOT_FOUND':
    case 'ORDER_CLOSED':
    case 'ORDER_PAID':
    case 'REQUEST_ID_REUSED':
    case 'WECHATPAY_UNAVAILABLE':
    case 'INTERNAL_ERROR':
      return ANSWER_LOST;
  }
}
