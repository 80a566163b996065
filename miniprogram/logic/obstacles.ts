import type { Notice } from './notice';
import type { Obstacle } from './shop/terminal';

const UPDATE = { next: 'update', label: '更新微信' } as const;
const UNDERSTOOD = { next: 'dismiss', label: '知道了' } as const;

/** Why virtual payment cannot be opened here, and the way out. */
export const OBSTACLES: Readonly<Record<Obstacle, Notice>> = {
  terminal: { ...UNDERSTOOD, title: '此设备暂不支持购买', text: '请在手机微信中打开小程序购买。' },
  system: {
    ...UNDERSTOOD,
    title: '系统版本过低',
    text: '购买此会员需要 iOS 15 或更高版本，请升级系统后再来。',
  },
  'ios-wechat': {
    ...UPDATE,
    title: '微信版本过低',
    text: '购买此会员需要微信 8.0.68 或更高版本，请更新后再来。',
  },
  wechat: { ...UPDATE, title: '微信版本过低', text: '当前版本的微信不支持购买此会员，请更新后再来。' },
  price: {
    ...UNDERSTOOD,
    title: '暂不支持此金额',
    text: 'iPhone 和 iPad 上单笔金额不能低于 1 元，请选择其他时长。',
  },
};
