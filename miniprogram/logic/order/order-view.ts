import { deadline, secondOfDay } from '../dates';
import { barOfMembership, barOfPaid, barOfPlan, type MembershipBar } from '../membership-bar';
import { spokenYuan, yuan } from '../money';
import { type Cell, cellsOf } from '../order-cells';
import { termInWords } from '../term';
import { isSlow, type OrderKnown } from './order-known';
import { hasFailed, type ShownState, shownState } from './order-state';
import { type Words, wordsFor } from './order-words';

export type Act = 'pay' | 'cancel' | 'check' | 'shop';

export interface Action {
  readonly act: Act;
  readonly label: string;
  readonly spoken: string;
  readonly look: 'fill' | 'line' | 'plain';
  readonly testid: string;
}

export interface OrderShown extends Words {
  readonly state: ShownState;
  readonly what: string;
  readonly fen: number;
  readonly isCounting: boolean;
  readonly membershipBar: MembershipBar | null;
  readonly steps: readonly { title: string; note: string; kind: 'done' | 'half' | 'wait' }[];
  readonly cells: readonly Cell[];
  readonly actions: readonly Action[];
  readonly band: string;
}

export function showOrder(known: OrderKnown): OrderShown {
  const { order, productName } = known;
  const state = shownState(order, known.attempt, known.now);
  return {
    state,
    ...wordsFor(state, known),
    what: `${productName} · ${termInWords(order)}`,
    fen: order.total_fee,
    isCounting: state === 'unpaid',
    membershipBar: barFor(state, known) ?? null,
    steps: state === 'confirming' ? stepsOf(known) : [],
    cells: cellsOf(state, order),
    actions: actionsFor(state, known),
    band:
      state === 'confirming' && known.polling.offlineSince !== undefined
        ? `网络已断开，显示的是 ${deadline(known.polling.offlineSince, known.now)} 的结果`
        : '',
  };
}

function actionsFor(state: ShownState, known: OrderKnown): Action[] {
  const { total_fee } = known.order;
  const shop = (label: string, look: Action['look']) => action('shop', label, look);
  switch (state) {
    case 'unpaid': {
      const verb = hasFailed(known.order, known.attempt) ? '重新支付' : '继续支付';
      const pay = {
        ...action('pay', `${verb} ¥${yuan(total_fee)}`, 'fill'),
        spoken: `${verb} ${spokenYuan(total_fee)}`,
      };
      return [...(known.isWithheld ? [] : [pay]), action('cancel', '取消订单', 'plain')];
    }
    case 'confirming': {
      const isStuck = known.polling.offlineSince !== undefined || isSlow(known);
      return isStuck
        ? [action('check', '重新查询', 'line'), shop('返回会员页', 'plain')]
        : [shop('返回会员页', 'line')];
    }
    case 'expired':
      return [action('check', '查询支付结果', 'fill'), shop('重新选购', 'plain')];
    case 'paid':
    case 'refunding':
    case 'part-refunded':
      return [shop('完成', 'line')];
    case 'cancelled':
    case 'closed':
    case 'refunded':
      return [shop('重新选购', 'fill')];
  }
}

function action(act: Act, label: string, look: Action['look']): Action {
  return { act, label, spoken: label, look, testid: act === 'pay' ? 'pay-again' : act };
}

function barFor(state: ShownState, known: OrderKnown): MembershipBar | undefined {
  const { order, productName: name, memberUntil, now } = known;
  // Without the end of the membership it is unknown from when on the payment counts.
  if (memberUntil === 'unread') return undefined;
  const plan = { name, term: order, memberUntil, now };
  switch (state) {
    case 'unpaid':
      return barOfPlan(
        plan,
        'add',
        (extends_) => `付款后${extends_ ? '延长' : '开通'} ${termInWords(order)}`,
      );
    case 'confirming':
      if (order.under_review) return barOfPlan(plan, 'unknown', () => '核对中');
      return barOfPlan(
        plan,
        'add',
        (extends_) => `确认后${extends_ ? '延长' : '开通'} ${termInWords(order)}`,
      );
    case 'expired':
      return barOfPlan(plan, 'unknown', () => '核对中');
    case 'paid': {
      // Without its own date it is unknown which part of the membership this order paid for.
      if (order.expires_at === null) return undefined;
      const until = new Date(order.expires_at);
      const at = new Date(order.time_end ?? order.created_at);
      return barOfPaid({ name, term: order, at, until, now });
    }
    case 'cancelled':
    case 'closed':
      return barOfMembership(plan, '不变');
    case 'refunding':
    case 'part-refunded':
    case 'refunded':
      return barOfMembership(plan, '当前');
  }
}

function stepsOf({ order, attempt, polling }: OrderKnown): OrderShown['steps'] {
  // Virtual payment may be Apple's.
  const payee = order.channel === 'virtualpay' ? '微信' : '微信支付';
  const isOffline = polling.offlineSince !== undefined;
  const saved = { title: '订单已提交', note: secondOfDay(new Date(order.created_at)), kind: 'done' } as const;
  if (order.under_review) {
    const received = { title: '收到一笔付款', note: '', kind: 'half' } as const;
    return [saved, received, { title: '等待商家核对', note: '', kind: 'wait' }];
  }
  return [
    saved,
    {
      title: attempt?.kind === 'done' ? `已在${payee}完成操作` : `${payee}正在处理`,
      note: attempt?.kind === 'done' ? secondOfDay(new Date(attempt.at)) : '',
      kind: 'half',
    },
    {
      title: `等待${payee}确认到账`,
      note: isOffline ? '等待网络' : polling.count > 0 ? `第 ${polling.count} 次核对` : '',
      kind: 'wait',
    },
  ];
}
