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
  title: '暂时没有在售的会员',
  text: '请稍后再来看看。\n已开通的会员照常有效。',
  label: '查看我的订单',
  look: 'line',
  act: 'orders',
};

/** Everything there is is withheld from this phone; `reason` names it. */
export function nothingOffered(reason: string): Message {
  return { ...NOTHING_ON_SALE, title: '这台设备上不能购买', text: reason };
}

export const NO_ORDERS: Message = {
  icon: 'receipt',
  tone: 'quiet',
  title: '还没有订单',
  text: '下单后，付款进度和有效期\n都会显示在这里。',
  label: '选购会员',
  look: 'fill',
  act: 'shop',
};

export const ORDER_NOT_FOUND: Message = {
  icon: 'receipt',
  tone: 'quiet',
  title: '没有找到这笔订单',
  text: '它可能属于另一个微信账号。',
  label: '查看我的订单',
  look: 'line',
  act: 'orders',
};

/** Reading came to nothing. What is unread is neither gone nor changed, and the text says which. */
export function lostMessage({ offline }: Lost, unread: 'prices' | 'order' | 'orders'): Message {
  if (offline)
    return {
      ...RELOAD,
      icon: 'offline',
      title: '没有网络',
      text: '请检查网络后重试。\n已付款的订单不受影响。',
    };
  return { ...RELOAD, ...UNREAD[unread] };
}

const RELOAD = { icon: 'bang', tone: 'failed', label: '重新读取', look: 'fill', act: 'reload' } as const;

const UNREAD = {
  prices: { title: '价格没有读到', text: '服务器暂时没有回应。\n没有产生订单，也没有扣款。' },
  order: { title: '订单没有读到', text: '服务器暂时没有回应。\n订单和付款都不受影响。' },
  orders: { title: '订单没有读到', text: '服务器暂时没有回应。\n已付款的订单不受影响。' },
};
