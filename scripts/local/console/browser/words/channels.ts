import { bilingual } from './language.ts';

/** What a way to pay is called, and what it sends. */
export const CHANNELS = bilingual(
  {
    wechatpay: { name: '微信支付', sends: '通知', again: '重发' },
    virtualpay: { name: '虚拟支付', sends: '推送', again: '重推' },
    both: { name: '微信' },
  },
  {
    wechatpay: { name: 'WeChat Pay', sends: 'notice', again: 'sends it again' },
    virtualpay: { name: 'Virtual payment', sends: 'event', again: 'pushes it again' },
    both: { name: 'WeChat' },
  },
);
