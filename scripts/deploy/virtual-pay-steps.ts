/** What only a human can do in WeChat's own pages so that virtual payment works, each with where it is done. */
export const VIRTUAL_PAY_STEPS = [
  'Once, for virtual payment: let WeChat push its events to the function virtualPayNotify (WeChat DevTools, 云开发, 设置, 其他设置, ' +
    '消息推送, mode 云函数): message type event, one line each for xpay_goods_deliver_notify, xpay_refund_notify, ' +
    'xpay_subscribe_ios_refund_query_notify and xpay_complaint_notify, with this environment',
  'Once, for virtual payment: switch the delivery push on (mini-program console, 虚拟支付, 基本配置, 基础配置, 道具发货推送)',
  'Once, for virtual payment on iPhones: set the short name 小程序简称 (mini-program console, 设置, 基本设置) and switch Apple IAP on ' +
    '(虚拟支付, 基本配置, 基础配置)',
  'For virtual payment: buy for one yuan on an Android phone and on an iPhone with the released version (docs/virtual-payment.md). Only that ' +
    'proves VIRTUAL_PAY_OFFER_ID and the push',
] as const;
