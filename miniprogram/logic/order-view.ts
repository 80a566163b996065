import type { OrderView } from '../../cloudfunctions/_shared/contract';
import type { Attempt } from './attempts';
import { dayAndTime, dayInWords, deadline, secondOfDay } from './dates';
import { spokenYuan, yuan } from './money';
import { hasFailed, type ShownState, shownState } from './order-state';
import type { Asking } from './order-watch';
import { type RulerShown, rulerOfHeld, rulerOfPaid, rulerOfPlan } from './ruler';

/** From here on waiting is longer than usual, and the page says so. */
export const SLOW_AFTER_MS = 30_000;

/** All that the order page knows. Moments in text are ISO 8601. */
export interface OrderKnown {
  readonly order: OrderView;
  readonly productName: string;
  /** The product may not be paid for on this phone. */
  readonly isWithheld: boolean;
  /** When the membership of this product ends, as the shopper's document says. */
  readonly heldUntil: Date | undefined;
  readonly attempt: Attempt | undefined;
  readonly asking: Asking;
  /** The shopper asked to cancel while this page was open. */
  readonly wasCancelTried: boolean;
  readonly now: Date;
}

export type Disc = 'asking' | 'unknown' | 'open' | 'done' | 'over' | 'failed';
export type Act = 'pay' | 'cancel' | 'check' | 'shop';

export interface Action {
  readonly act: Act;
  readonly label: string;
  readonly spoken: string;
  readonly look: 'fill' | 'line' | 'plain';
  readonly testid: string;
}

export interface OrderShown {
  readonly state: ShownState;
  readonly disc: Disc;
  readonly icon: string;
  readonly title: string;
  readonly text: string;
  /** The end of the text, set stronger. */
  readonly strong: string;
  readonly what: string;
  readonly fen: number;
  readonly isCounting: boolean;
  readonly ruler: RulerShown | null;
  readonly steps: readonly { title: string; note: string; kind: 'done' | 'half' | 'wait' }[];
  readonly cells: readonly { label: string; value: string; copy: string }[];
  readonly actions: readonly Action[];
  readonly band: string;
}

export function showOrder(known: OrderKnown): OrderShown {
  const { order, productName } = known;
  const state = shownState(order, known.attempt, known.now);
  return {
    state,
    ...wordsFor(state, known),
    what: `${productName} · ${order.months} 个月`,
    fen: order.total_fee,
    isCounting: state === 'unpaid',
    ruler: rulerFor(state, known) ?? null,
    steps: state === 'confirming' ? stepsOf(known) : [],
    cells: cellsOf(state, order),
    actions: actionsFor(state, known),
    band:
      state === 'confirming' && known.asking.offlineSince !== undefined
        ? `网络已断开，显示的是 ${deadline(known.asking.offlineSince, known.now)} 的结果`
        : '',
  };
}

type Words = Pick<OrderShown, 'disc' | 'icon' | 'title' | 'text' | 'strong'>;

function wordsFor(state: ShownState, known: OrderKnown): Words {
  switch (state) {
    case 'unpaid':
      return unpaidWords(known);
    case 'confirming':
      return {
        disc: 'asking',
        icon: 'clock',
        title: '正在确认付款',
        text: confirmingText(known),
        strong: '',
      };
    case 'paid':
      return { disc: 'done', icon: 'check', title: '支付成功', ...paidText(known) };
    case 'cancelled':
      return over('cross', '订单已取消', '没有收到付款，有效期没有变化。\n需要的话可以重新下单。');
    case 'closed':
      return over('minus', '订单已关闭', `${lifetime(known.order)}内没有收到付款。\n需要的话可以重新下单。`);
    case 'refunded':
      return over('minus', '订单已退款', '款项退回原来的付款方式，到账时间以微信支付的通知为准。');
    case 'expired':
      return {
        disc: 'unknown',
        icon: 'clock',
        title: '已过支付时间',
        text: '不能再支付了，正在与微信支付核对。\n如果刚才已付款，会员会照常开通。',
        strong: '',
      };
  }
}

function unpaidWords({ order, attempt, now }: OrderKnown): Words {
  const until = deadline(new Date(order.time_expire), now);
  if (attempt?.kind === 'failed' && attempt.said === undefined) {
    const text = '同一笔订单不会重复扣款，\n可以换一种付款方式再试。';
    return { disc: 'failed', icon: 'bang', title: '没有收到付款结果', text, strong: '' };
  }
  if (hasFailed(order, attempt)) {
    const said =
      attempt?.said === undefined ? '微信支付没有完成这次付款。' : `微信支付提示：${attempt.said}。`;
    return {
      disc: 'failed',
      icon: 'bang',
      title: '支付没有完成',
      text: `${said}\n订单还在，换一种付款方式再试。`,
      strong: '',
    };
  }
  const text =
    attempt?.kind === 'cancelled'
      ? `你还没有付款，\n订单保留到 ${until}。`
      : `请在 ${until} 前完成支付，\n到时订单会自动关闭。`;
  return { disc: 'open', icon: 'clock', title: '待支付', text, strong: '' };
}

function confirmingText({ asking, now }: OrderKnown): string {
  if (asking.offlineSince !== undefined) return '请不要重复付款。\n联网后会自动继续核对。';
  return isSlow(asking, now)
    ? '比平时久一些。请不要重复付款，\n结果出来后这里会更新。'
    : '通常几秒钟。\n可以离开这里，结果不会丢。';
}

function paidText(known: OrderKnown): Pick<Words, 'text' | 'strong'> {
  if (known.wasCancelTried) return { text: '取消前付款已到账，会员已开通。', strong: '' };
  const until = paidUntil(known);
  if (until === undefined) return { text: '会员已开通。', strong: '' };
  return { text: `${known.productName}有效期至`, strong: dayInWords(until) };
}

function over(icon: string, title: string, text: string): Words {
  return { disc: 'over', icon, title, text, strong: '' };
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
      const isStuck = known.asking.offlineSince !== undefined || isSlow(known.asking, known.now);
      return isStuck
        ? [action('check', '重新核对', 'line'), shop('返回会员页', 'plain')]
        : [shop('返回会员页', 'line')];
    }
    case 'expired':
      return [action('check', '查询最新结果', 'fill'), shop('重新选购', 'plain')];
    case 'paid':
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

function rulerFor(state: ShownState, known: OrderKnown): RulerShown | undefined {
  const { order, productName: name, heldUntil, now } = known;
  const term = { name, months: order.months, heldUntil, now };
  switch (state) {
    case 'unpaid':
      return rulerOfPlan(
        term,
        'add',
        (extends_) => `付款后${extends_ ? '延长' : '开通'} ${order.months} 个月`,
      );
    case 'confirming':
      return rulerOfPlan(
        term,
        'add',
        (extends_) => `确认后${extends_ ? '延长' : '开通'} ${order.months} 个月`,
      );
    case 'expired':
      return rulerOfPlan(term, 'unknown', () => '核对中');
    case 'paid': {
      // Without its own date it cannot be told which part of the membership this order paid for.
      if (order.expires_at === null) return undefined;
      const until = new Date(order.expires_at);
      const at = new Date(order.time_end ?? order.created_at);
      return rulerOfPaid({ name, months: order.months, at, until, now });
    }
    case 'cancelled':
    case 'closed':
    case 'refunded':
      return rulerOfHeld(term);
  }
}

/** What this order itself says it paid for, else what the membership says as a whole. */
function paidUntil({ order, heldUntil }: OrderKnown): Date | undefined {
  return order.expires_at === null ? heldUntil : new Date(order.expires_at);
}

function stepsOf({ order, attempt, asking }: OrderKnown): OrderShown['steps'] {
  const isOffline = asking.offlineSince !== undefined;
  return [
    { title: '订单已保存', note: secondOfDay(new Date(order.created_at)), kind: 'done' },
    {
      title: attempt?.kind === 'done' ? '你已在微信支付完成操作' : '微信支付正在处理',
      note: attempt?.kind === 'done' ? secondOfDay(new Date(attempt.at)) : '',
      kind: 'half',
    },
    {
      title: '等待微信支付确认到账',
      note: isOffline ? '等待网络' : asking.count > 0 ? `第 ${asking.count} 次核对` : '',
      kind: 'wait',
    },
  ];
}

function cellsOf(state: ShownState, order: OrderView): OrderShown['cells'] {
  const { out_trade_no, created_at, time_end, cancelled_at } = order;
  const cell = (label: string, value: string, copy = '') => ({ label, value, copy });
  const cells = [cell('订单号', `${out_trade_no.slice(0, 8)}…${out_trade_no.slice(-6)}`, out_trade_no)];
  cells.push(cell('下单时间', dayAndTime(new Date(created_at))));
  if (time_end !== null) cells.push(cell('支付时间', dayAndTime(new Date(time_end))));
  if (state === 'cancelled' && cancelled_at !== null)
    cells.push(cell('取消时间', dayAndTime(new Date(cancelled_at))));
  return cells;
}

function lifetime({ created_at, time_expire }: OrderView): string {
  return `${Math.round((Date.parse(time_expire) - Date.parse(created_at)) / 60_000)} 分钟`;
}

function isSlow({ since }: Asking, now: Date): boolean {
  return since !== undefined && now.getTime() - since.getTime() > SLOW_AFTER_MS;
}
