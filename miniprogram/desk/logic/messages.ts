import { lostMessage, type Message } from '../../logic/messages';
import type { DeskFailure } from './codes';

/** For everybody who is no operator: it does not say what is behind it. */
export const NO_PERMISSION: Message = {
  icon: 'minus',
  tone: 'quiet',
  title: '没有权限',
  text: '当前微信账号不能打开此页面。',
  label: '返回',
  look: 'line',
  act: 'shop',
};

export const NO_SUCH_ORDER: Message = {
  icon: 'receipt',
  tone: 'quiet',
  title: '未找到该订单',
  text: '请核对订单号后重新搜索。',
  label: '返回工作台',
  look: 'line',
  act: 'orders',
};

export const ORDER_IS_UNREADABLE: Message = {
  ...NO_SUCH_ORDER,
  title: '订单数据无法读取',
  text: '数据被改成了系统读不懂的样子，\n请管理员修正后再试。',
};

/** A page that could not be read, and what to do next. */
export function messageOf(failure: DeskFailure): Message {
  if (failure.kind === 'lost') return { ...lostMessage(failure, 'order'), ...LOST[Number(failure.offline)] };
  switch (failure.error.errcode) {
    case 'FORBIDDEN':
    case 'OPENID_MISSING':
      return NO_PERMISSION;
    case 'ORDER_NOT_FOUND':
      return NO_SUCH_ORDER;
    default:
      return { ...lostMessage({ kind: 'lost', offline: false }, 'order'), ...LOST[0] };
  }
}

const LOST = [
  { title: '加载失败', text: '服务器暂时没有响应，请稍后重试。' },
  { title: '无网络连接', text: '请检查网络后重试。' },
];
