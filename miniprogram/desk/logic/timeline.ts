import { day, when } from '../../logic/dates';
import { yuan } from '../../logic/money';
import { nameIn } from '../../logic/order/order';
import { wayOfPaying } from '../../logic/order-cells';
import type { DeskRefund, Grant, History } from './history';
import { takesInWords } from './takes';

/**
 * Something that happened to an order. `money` moved, `bad` needs a human, `wait` is not known yet, and the rest is `plain`.
 */
export interface Entry {
  readonly key: string;
  readonly look: 'money' | 'plain' | 'bad' | 'wait';
  readonly title: string;
  readonly text: string;
  readonly when: string;
  /** The alarm that it is about, while nobody has dealt with it. */
  readonly alarm_id: string;
  /** Another order that it leads to. */
  readonly leadsTo: string;
}

type Found = Partial<Entry> & Pick<Entry, 'key' | 'title'> & { readonly at: string };

/** All that happened to an order, the oldest first, and below it what is awaited. */
export function timelineOf(history: History, now: Date): Entry[] {
  const happened = [
    ...ofOrder(history),
    ...history.grants.map((grant) => given(history, grant)),
    ...history.refunds.flatMap(ofRefund),
    ...history.grants.flatMap((grant) => cut(history, grant)),
    ...ofAlarms(history, now),
    ...ofActs(history),
  ];
  const entries = inOrder(happened).map(({ at, ...entry }) =>
    shown({ ...entry, when: when(new Date(at), now) }),
  );
  return [...entries, ...awaited(history, now)];
}

/** By the second, which is as exact as WeChat's times are; within one as they are named above, which is how they follow. */
function inOrder(found: readonly Found[]): Found[] {
  const second = ({ at }: Found) => Math.floor(Date.parse(at) / 1000);
  return found
    .map((each, index) => ({ each, index }))
    .sort((one, other) => second(one.each) - second(other.each) || one.index - other.index)
    .map(({ each }) => each);
}

function ofOrder({ order }: History): Found[] {
  const { created_at, cancelled_at, time_end, superseded_by, supersedes } = order;
  const placed = { key: 'placed', at: created_at, title: '下单' };
  return [
    supersedes === null ? placed : { ...placed, text: '取代了之前的订单', leadsTo: supersedes },
    ...(cancelled_at === null
      ? []
      : [
          superseded_by === null
            ? { key: 'cancelled', at: cancelled_at, title: '用户取消订单' }
            : { key: 'cancelled', at: cancelled_at, title: '用户重新下单', leadsTo: superseded_by },
        ]),
    ...(time_end === null
      ? []
      : [
          {
            key: 'paid',
            at: time_end,
            look: 'money' as const,
            title: `付款 ¥${yuan(order.total_fee)}`,
            text: wayOfPaying(order),
          },
        ]),
  ];
}

function given({ order }: History, { granted_at, membership }: Grant): Found {
  const text = order.expires_at === null ? '' : `有效期至 ${day(new Date(order.expires_at))}`;
  return { key: `given-${membership}`, at: granted_at, title: `开通${nameOf(order, membership)}`, text };
}

function cut({ order }: History, { cut_at, taken_days, membership }: Grant): Found[] {
  if (cut_at === null) return [];
  const name = nameOf(order, membership);
  const title = taken_days === null ? `收回${name}未用时长` : `${name}扣减 ${taken_days} 天`;
  return [{ key: `cut-${membership}`, at: cut_at, title }];
}

/** Of the order's own product as it was ordered; of another membership that it gives only the id is known. */
function nameOf(order: History['order'], membership: string): string {
  return membership === order.product_id ? nameIn(order) : membership;
}

function ofRefund(refund: DeskRefund): Found[] {
  const { out_refund_no, refund_fee, state, requested_at, ended_at, success_time, takes } = refund;
  const what = refund_fee === 0 ? '扣减会员时长' : `退款 ¥${yuan(refund_fee)}`;
  const asked = {
    key: `asked-${out_refund_no}`,
    at: requested_at,
    title: refund.by === '' ? `商户平台${what}` : `发起${what}`,
    text: [refund.by, refund.reason, takesInWords(takes)].filter((text) => text !== '').join(' · '),
  };
  const end = success_time ?? ended_at;
  if (end === null || refund_fee === 0) return [asked];
  if (state === 'SUCCESS') {
    return [asked, { key: `back-${out_refund_no}`, at: end, look: 'money', title: `${what} 到账` }];
  }
  if (state !== 'CLOSED') return [asked];
  return [
    asked,
    { key: `none-${out_refund_no}`, at: end, title: `${what} 没有退成`, text: '金额可以重新退' },
  ];
}

function ofAlarms({ alarms, order }: History, now: Date): Found[] {
  return alarms.map((alarm) => {
    const about = { key: alarm.alarm_id, at: alarm.created_at ?? order.created_at, title: alarm.title };
    if (alarm.done_at === null)
      return { ...about, look: 'bad', text: alarm.advice, alarm_id: alarm.alarm_id };
    return { ...about, text: `${alarm.done_by} ${when(new Date(alarm.done_at), now)} 已处理` };
  });
}

/** What is said nowhere else: refunds and alarms name who asked for them and who dealt with them. */
function ofActs({ acts }: History): Found[] {
  return acts.flatMap(({ act, by, created_at }) =>
    act === 'give-up' ? [{ key: `gave-up-${created_at}`, at: created_at, title: '放弃退款', text: by }] : [],
  );
}

function awaited({ order, refunds, unreadableRefunds }: History, now: Date): Entry[] {
  const open = refunds.flatMap(awaitedOf);
  const next = order.next_query_at;
  return [
    ...unreadableRefunds.map((name) =>
      shown({ key: name, look: 'bad', title: '一笔退款的数据无法读取', text: name }),
    ),
    ...(order.under_review ? [shown({ key: 'held', look: 'bad', title: '付款与订单不符，等待核对' })] : []),
    ...open,
    ...(next === null
      ? []
      : [shown({ key: 'next', look: 'wait', title: '下次向微信核对', when: when(new Date(next), now) })]),
  ];
}

function awaitedOf({ out_refund_no, state, refused }: DeskRefund): Entry[] {
  const key = `open-${out_refund_no}`;
  switch (state) {
    case 'PROCESSING':
      return [shown({ key, look: 'wait', title: '等待微信退款', text: refused && `微信提示：${refused}` })];
    case 'ABNORMAL':
      return [shown({ key, look: 'bad', title: '钱退不回去', text: '请到商户平台继续处理' })];
    case 'ABANDONING':
      return [shown({ key, look: 'wait', title: '正在确认退款是否送达微信' })];
    case 'SUCCESS':
    case 'CLOSED':
      return [];
  }
}

function shown(entry: Partial<Entry> & Pick<Entry, 'key' | 'title'>): Entry {
  return { look: 'plain', text: '', when: '', alarm_id: '', leadsTo: '', ...entry };
}
