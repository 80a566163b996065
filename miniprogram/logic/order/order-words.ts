import type { OrderView } from '../../../cloudfunctions/_shared/contract';
import { dayInWords, deadline } from '../dates';
import { isSlow, type OrderKnown } from './order-known';
import { hasFailed, type ShownState } from './order-state';

/** Dashed: polling, unknown. A ring: open. Full: done. Grey: over. Red: failed. */
export type StatusIcon = 'asking' | 'unknown' | 'open' | 'done' | 'over' | 'failed';

export interface Words {
  readonly statusIcon: StatusIcon;
  readonly icon: string;
  readonly title: string;
  readonly text: string;
  /** The end of the text, set stronger. */
  readonly strong: string;
}

/** What the page says of each state, and the shape beside it. */
export function wordsFor(state: ShownState, known: OrderKnown): Words {
  switch (state) {
    case 'unpaid':
      return unpaidWords(known);
    case 'confirming':
      return {
        statusIcon: 'asking',
        icon: 'clock',
        title: '正在确认付款',
        text: confirmingText(known),
        strong: '',
      };
    case 'paid':
      return { statusIcon: 'done', icon: 'check', title: '支付成功', ...paidText(known) };
    case 'cancelled':
      return over('cross', '订单已取消', '没有收到付款，有效期没有变化。\n需要的话可以重新下单。');
    case 'closed':
      return over('minus', '订单已关闭', `${lifetime(known.order)}内没有收到付款。\n需要的话可以重新下单。`);
    case 'refunded':
      return over('minus', '订单已退款', '款项退回原来的付款方式，到账时间以微信支付的通知为准。');
    case 'expired':
      return {
        statusIcon: 'unknown',
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
    return { statusIcon: 'failed', icon: 'bang', title: '没有收到付款结果', text, strong: '' };
  }
  if (hasFailed(order, attempt)) {
    const said =
      attempt?.said === undefined ? '微信支付没有完成这次付款。' : `微信支付提示：${attempt.said}。`;
    return {
      statusIcon: 'failed',
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
  return { statusIcon: 'open', icon: 'clock', title: '待支付', text, strong: '' };
}

function confirmingText(known: OrderKnown): string {
  if (known.order.held) return '商家正在核对这笔付款，请不要重复付款。\n有结果后这里会更新。';
  if (known.polling.offlineSince !== undefined) return '请不要重复付款。\n联网后会自动继续核对。';
  return isSlow(known)
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
  return { statusIcon: 'over', icon, title, text, strong: '' };
}

/** What this order itself says it paid for, else what the membership says as a whole. */
function paidUntil({ order, heldUntil }: OrderKnown): Date | undefined {
  return order.expires_at === null ? heldUntil : new Date(order.expires_at);
}

function lifetime({ created_at, time_expire }: OrderView): string {
  return `${Math.round((Date.parse(time_expire) - Date.parse(created_at)) / 60_000)} 分钟`;
}
