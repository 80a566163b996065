import type { SwitchName } from '../../wire.ts';
import { bilingual } from './language.ts';

interface FaultWords {
  readonly name: string;
  /** What it does, for whoever points at it. */
  readonly hint: string;
}

const zhFaults: Readonly<Record<SwitchName, FaultWords>> = {
  lose: { name: '丢失通知', hint: '微信支付的通知送不到' },
  repeat: { name: '重复通知', hint: '通知一次来 3 遍' },
  delay: { name: '延迟通知', hint: '通知晚 3 分钟，定时器先查到' },
  break: { name: '丢失回答', hint: '微信做完了，连接断开，回答没有收到' },
  fail: { name: '支付失败', hint: '买家余额不足' },
  'lose-event': { name: '丢失推送', hint: '微信的发货推送送不到' },
  'repeat-event': { name: '重复推送', hint: '推送一次来 3 遍' },
  'forge-event': { name: '伪造推送', hint: '立即谎称最近一笔未付款的订单已付款' },
  'slow-query': { name: '查询超时', hint: 'query_order 15 秒才回答，等不到' },
  'hide-payment': { name: '查不到付款', hint: '付款 3 分钟以后才查得到' },
  'lose-success': { name: '丢失付款结果', hint: '钱付了，小程序没有收到结果' },
  unpublish: { name: '道具未发布', hint: '收银台回答 -15010' },
  'replace-key': { name: '换 session_key', hint: '登录时换掉，先前的签名作废' },
  'kill-token': { name: '作废 token', hint: 'access_token 提前失效' },
  down: { name: '微信连不上', hint: '每次请求微信，连接都断开' },
  slow: { name: '微信很慢', hint: '微信的回答晚 3 秒' },
  'system-error': { name: 'SYSTEMERROR', hint: '微信回答系统错误' },
  conflict: { name: '数据库冲突', hint: '事务写入时别人先到' },
  kill: { name: '函数被杀', hint: '云函数访问数据库时进程被杀' },
  offline: { name: '手机断网', hint: '手机发出的请求没有回答' },
};

const enFaults: Readonly<Record<SwitchName, FaultWords>> = {
  lose: { name: 'Lose notice', hint: 'The notice of WeChat Pay does not arrive' },
  repeat: { name: 'Repeat notice', hint: 'The notice comes three times' },
  delay: { name: 'Delay notice', hint: 'The notice comes 3 minutes late, after the timer' },
  break: { name: 'Lose answer', hint: 'WeChat does the work, and its answer is lost' },
  fail: { name: 'Payment fails', hint: 'The shopper has no money' },
  'lose-event': { name: 'Lose event', hint: 'The event of WeChat does not arrive' },
  'repeat-event': { name: 'Repeat event', hint: 'The event comes three times' },
  'forge-event': { name: 'Forge event', hint: 'Claims at once that the newest unpaid order is paid' },
  'slow-query': { name: 'Query times out', hint: 'query_order takes 15 seconds, longer than anybody waits' },
  'hide-payment': { name: 'Hide payment', hint: 'A payment can be queried after 3 minutes' },
  'lose-success': { name: 'Lose result', hint: 'Paid, and the mini-program receives no result' },
  unpublish: { name: 'No such item', hint: 'The cashier answers -15010' },
  'replace-key': { name: 'New session_key', hint: 'A login replaces it: what was signed before is void' },
  'kill-token': { name: 'Void token', hint: 'The access_token ends before its time' },
  down: { name: 'WeChat down', hint: 'The connection breaks at each request to WeChat' },
  slow: { name: 'WeChat slow', hint: 'WeChat answers 3 seconds late' },
  'system-error': { name: 'SYSTEMERROR', hint: 'WeChat answers that its system failed' },
  conflict: { name: 'DB conflict', hint: 'Another transaction writes first' },
  kill: { name: 'Kill function', hint: 'The process ends at its next database call' },
  offline: { name: 'Phone offline', hint: "The phone's requests get no answer" },
};

export const FAULTS = bilingual(zhFaults, enFaults);

export const CONTROLS = bilingual(
  {
    faults: '制造故障',
    lasting: '故障持续多久',
    scopes: { once: '下一次', thrice: '3 次', minutes: '2 分钟', on: '一直' },
    time: '时间',
    timeHint: '所有部分共用一个时钟',
    minutes: (count: number) => `+${count} 分钟`,
    day: '+1 天',
    moving: '时间在走…',
    run: (name: string) => `立即运行 ${name}`,
    running: '在运行…',
    timers: '定时器',
    timersHint: '不等时间到，立即运行',
    left: (times: number) => (times === 1 ? '下一次' : `还有 ${times} 次`),
    until: (time: string) => `到 ${time}`,
    on: '一直',
    used: (times: number) => `已 ${times} 次`,
    otherChannel: (name: string) => `${name}的故障`,
  },
  {
    faults: 'Faults',
    lasting: 'How long a fault lasts',
    scopes: { once: 'Next', thrice: '3 times', minutes: '2 minutes', on: 'Until off' },
    time: 'Time',
    timeHint: 'One clock for every part',
    minutes: (count: number) => `+${count} min`,
    day: '+1 day',
    moving: 'Time moves…',
    run: (name: string) => `Run ${name} now`,
    running: 'Running…',
    timers: 'Timers',
    timersHint: 'Run now, before their time',
    left: (times: number) => (times === 1 ? 'next one' : `${times} more`),
    until: (time: string) => `until ${time}`,
    on: 'on',
    used: (times: number) => `${times} so far`,
    otherChannel: (name: string) => `Faults of ${name}`,
  },
);
