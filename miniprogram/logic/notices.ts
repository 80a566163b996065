import type { ErrorCode } from '../../cloudfunctions/_shared/contract';
import type { Answered } from './answer';
import { yuan } from './money';
import type { Notice } from './notice';
import { OBSTACLES } from './obstacles';
import type { Bought } from './shop/checkout';

/** Buying that did not come as far as an order to look at. */
type NotOrdered = Exclude<Bought, { kind: 'ordered' }>;

/** What the shop says of it. */
export function noticeOf(bought: NotOrdered): Notice {
  switch (bought.kind) {
    case 'price-changed':
      return {
        title: '价格已更新',
        text: `最新价格为 ¥${yuan(bought.total_fee)}，请确认后再支付。`,
        next: 'pay',
      };
    case 'lost':
      return bought.offline ? NO_NETWORK : ANSWER_LOST;
    case 'hindered':
      return OBSTACLES[bought.obstacle];
    case 'refused':
      return refusalNotice(bought.errcode);
  }
}

/** What an order says of it: at another price, or of something else, there is only a new purchase. */
export function noticeOnOrder(bought: NotOrdered): Notice {
  if (bought.kind === 'price-changed')
    return { ...BUY_ANEW, title: '价格已更新', text: `最新价格为 ¥${yuan(bought.total_fee)}，请重新选购。` };
  const notice = noticeOf(bought);
  return notice.next === 'reload'
    ? { ...BUY_ANEW, title: '此会员已停售', text: '请选择其他会员或时长。' }
    : notice;
}

/** What the shopper had chosen is not sold any more; nothing is chosen in its place. */
export function withdrawnNotice(what: string): Notice {
  return { title: '所选会员已停售', text: `“${what}”已停售，请重新选择。`, next: 'dismiss' };
}

/** Cancelling was asked for and no clear answer came. */
export function cancelNotice(failure: Exclude<Answered<unknown>, { kind: 'answered' }>): Notice {
  const isOffline = failure.kind === 'lost' && failure.offline;
  return {
    title: isOffline ? '无网络连接' : '暂未收到取消结果',
    text: isOffline ? '订单可能尚未取消，请联网后重试。' : '订单可能尚未取消，可以再试一次。',
    next: 'dismiss',
  };
}

/** The shopper asked for the result, and there is none yet. */
export function noResultNotice(isAnswered: boolean): Notice {
  return {
    title: isAnswered ? '暂无结果' : '查询失败',
    text: isAnswered ? '微信支付尚未返回结果，请稍后再查。' : '服务器暂时没有响应，请稍后再查。',
    next: 'dismiss',
  };
}

const BUY_ANEW = { next: 'shop', label: '重新选购' } as const;

const ANSWER_LOST: Notice = {
  title: '暂未收到下单结果',
  text: '可以放心重试，同一笔订单不会重复扣款。',
  next: 'pay',
  label: '重试',
};

const NO_NETWORK: Notice = {
  title: '无网络连接',
  text: '请联网后重试，同一笔订单不会重复扣款。',
  next: 'pay',
  label: '重试',
};

function refusalNotice(errcode: ErrorCode): Notice {
  switch (errcode) {
    case 'TOO_MANY_UNPAID_ORDERS':
      return {
        title: '待支付的订单过多',
        text: '请先支付或取消其中一笔，再下新订单。',
        next: 'orders',
        label: '查看我的订单',
      };
    case 'TOO_MANY_ORDERS':
      return {
        title: '下单太频繁',
        text: '最近一小时内下单次数过多，请稍后再试。',
        next: 'dismiss',
        label: '知道了',
      };
    case 'PRODUCT_NOT_ON_SALE':
    case 'PRICE_CHANGED':
      return {
        title: '所选会员已停售',
        text: '请重新加载，选择其他会员或时长。',
        next: 'reload',
        label: '重新加载',
      };
    case 'MERCHANT_MISCONFIGURED':
    case 'ITEM_NOT_PUBLISHED':
      return {
        title: '商家支付设置异常',
        text: '暂时无法支付。商家已收到提醒，请稍后再来。',
        next: 'dismiss',
        label: '知道了',
      };
    case 'ITEM_NOT_EFFECTIVE':
      return {
        title: '新价格尚未生效',
        text: '微信支付还在更新商品，请半小时后再来。',
        next: 'dismiss',
        label: '知道了',
      };
    case 'LOGIN_CODE_INVALID':
      return {
        title: '微信登录已过期',
        text: '请再试一次，同一笔订单不会重复扣款。',
        next: 'pay',
        label: '重试',
      };
    case 'LOGIN_BLOCKED':
      return {
        title: '微信登录受限',
        text: '微信出于安全考虑，暂不允许当前账号登录。请稍后再试，或联系微信客服。',
        next: 'dismiss',
        label: '知道了',
      };
    case 'OPENID_MISSING':
      return {
        title: '未能识别微信账号',
        text: '请在微信中重新打开小程序。',
        next: 'dismiss',
        label: '知道了',
      };
    case 'INVALID_PARAMETERS':
      return {
        title: '小程序版本过低',
        text: '请关闭小程序后重新打开，更新到最新版本。',
        next: 'dismiss',
        label: '知道了',
      };
    case 'ORDER_HELD':
      return {
        title: '商家正在核对付款',
        text: '有结果前，请勿重复支付。',
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
