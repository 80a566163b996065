import type { RefusalCode } from '../../wire.ts';
import { bilingual } from './language.ts';

export const PAYLOAD = bilingual(
  {
    happened: '发生了',
    planned: '还没发生',
    lost: '没送到',
    settled: '入账',
    hint: '点一行看内容',
    notReceived: '没有收到',
    close: '关闭',
    closeHint: '关闭，继续跟随',
    onlyThis: '只看这笔订单',
    cut: '…（太长，未全部显示）',
  },
  {
    happened: 'happened',
    planned: 'not yet',
    lost: 'lost',
    settled: 'settled',
    hint: 'Click a row for what it carried',
    notReceived: 'not received',
    close: 'Close',
    closeHint: 'Close and follow again',
    onlyThis: 'Only this order',
    cut: '… (too long to show all of it)',
  },
);

const zhRefusals: Readonly<Record<RefusalCode, string>> = {
  MALFORMED: '请求不对',
  NO_SUCH_ORDER: '微信没有这笔订单。',
  NOT_PAID: '这笔订单没有付款，没有通知可发。',
  NOTHING_LEFT: '这笔订单已经没有可退的金额。',
  OF_A_SCRIPT: '这个故障是脚本设置的，要由那个脚本收回。',
  NO_UNPAID_ORDER: '还没有未付款的虚拟支付订单：先下单并打开收银台。',
  TIMER_FAILED: '定时器没有运行成功',
  NO_PHONE: '这里没有启动手机。',
  NO_SUCH_COLLECTION: '没有这个集合。',
  NO_SUCH_DOCUMENT: '这条文档已经不在了。',
  DOCUMENT_REFUSED: '数据库不接受这条文档',
  FILTER_REFUSED: '条件不对',
  DOCUMENT_MASKED: '文档里有遮住的字段，保存会丢掉原来的内容。',
  NO_ANSWER: '本地世界没有回应。它还在运行吗？',
};

const enRefusals: Readonly<Record<RefusalCode, string>> = {
  MALFORMED: 'The request is malformed',
  NO_SUCH_ORDER: 'WeChat has no such order.',
  NOT_PAID: 'This order is not paid, so there is no notice of it.',
  NOTHING_LEFT: 'Nothing of this order is left to be given back.',
  OF_A_SCRIPT: 'A script asked for this fault, and has to take it back.',
  NO_UNPAID_ORDER: 'Virtual payment has no unpaid order: place one and open the cashier.',
  TIMER_FAILED: 'The timer failed',
  NO_PHONE: 'No phone is running here.',
  NO_SUCH_COLLECTION: 'There is no such collection.',
  NO_SUCH_DOCUMENT: 'This document is not there any more.',
  DOCUMENT_REFUSED: 'The database refuses this document',
  FILTER_REFUSED: 'The filter is malformed',
  DOCUMENT_MASKED: 'The document has a masked field, and saving would lose what is in it.',
  NO_ANSWER: 'The local world does not answer. Is it still running?',
};

export const REFUSALS = bilingual(zhRefusals, enRefusals);
/** Where the server's own message says what is wrong. */
export const EXPLAINED: readonly RefusalCode[] = [
  'MALFORMED',
  'TIMER_FAILED',
  'DOCUMENT_REFUSED',
  'FILTER_REFUSED',
];
