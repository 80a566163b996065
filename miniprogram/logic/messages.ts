import type { Lost } from './answer';

/** A page that has nothing else to show. */
export interface Message {
  readonly icon: string;
  readonly tone: 'quiet' | 'failed';
  readonly title: string;
  readonly text: string;
  readonly label: string;
  readonly look: 'fill' | 'line';
  readonly act: 'reload' | 'orders' | 'shop';
}

export const NOTHING_ON_SALE: Message = {
  icon: 'receipt',
  tone: 'quiet',
  title: '暂无在售会员',
  text: '请稍后再来看看。\n已开通的会员不受影响。',
  label: '查看我的订单',
  look: 'line',
  act: 'orders',
};

/** Everything there is is withheld from this phone; `reason` names it. */
export function nothingOffered(reason: string): Message {
  return { ...NOTHING_ON_SALE, title: '当前设备暂不支持购买', text: reason };
}

export const NO_ORDERS: Message = {
  icon: 'receipt',
  tone: 'quiet',
  title: '暂无订单',
  text: '下单后，可以在这里查看\n支付进度和会员有效期。',
  label: '选购会员',
  look: 'fill',
  act: 'shop',
};

export const ORDER_NOT_FOUND: Message = {
  icon: 'receipt',
  tone: 'quiet',
  title: '未找到该订单',
  text: '它可能属于其他微信账号。',
  label: '查看我的订单',
  look: 'line',
  act: 'orders',
};

export const ORDER_UNREADABLE: Message = {
  ...ORDER_NOT_FOUND,
  title: '订单暂时无法显示',
  text: '订单信息有误，请联系商家处理。\n已支付的款项不受影响。',
};

/** Reading came to nothing. What is unread is neither gone nor changed, and nothing is said of payments not known. */
export function lostMessage({ offline }: Lost, unread: 'prices' | 'order' | 'orders'): Message {
  if (offline)
    return {
      ...RELOAD,
      icon: 'offline',
      title: '无网络连接',
      text: '请检查网络后重试。\n已支付的订单不受影响。',
    };
  return { ...RELOAD, title: UNREAD[unread] };
}

const RELOAD = {
  icon: 'bang',
  tone: 'failed',
  text: '服务器暂时没有响应，请稍后重试。\n已支付的订单不受影响。',
  label: '重新加载',
  look: 'fill',
  act: 'reload',
} as const;

const UNREAD = { prices: '价格加载失败', order: '订单加载失败', orders: '订单加载失败' };
