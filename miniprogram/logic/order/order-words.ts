import { dayInWords, deadline } from '../dates';
import { yuan } from '../money';
import { wordsOfCause } from './causes';
import type { Order } from './order';
import { isSlow, type OrderKnown } from './order-known';
import { hasFailed, type ShownState } from './order-state';
import { openRefund } from './refunds';

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
        title: '正在确认支付结果',
        text: confirmingText(known),
        strong: '',
      };
    case 'paid':
      return { statusIcon: 'done', icon: 'check', title: '支付成功', ...paidText(known) };
    case 'cancelled':
      return over('cross', '订单已取消', '未收到付款，会员有效期不变。\n如有需要，可以重新下单。');
    case 'closed':
      return over('minus', '订单已关闭', `${lifetime(known.order)}内未完成支付。\n如有需要，可以重新下单。`);
    case 'refunded':
      return over('minus', '订单已退款', returnText(known.order));
    case 'part-refunded':
      return over('minus', '已部分退款', partText(known.order));
    case 'refunding':
      return { statusIcon: 'asking', icon: 'clock', ...refundingWords(known.order), strong: '' };
    case 'expired':
      return {
        statusIcon: 'unknown',
        icon: 'clock',
        title: '已超过支付时间',
        text: expiredText(known.order),
        strong: '',
      };
  }
}

function unpaidWords({ order, attempt, now }: OrderKnown): Words {
  const until = deadline(new Date(order.time_expire), now);
  if (attempt?.kind === 'opened') {
    const text = `如已付款，结果会在这里更新。\n订单将保留至 ${until}。`;
    return { statusIcon: 'open', icon: 'clock', title: '待支付', text, strong: '' };
  }
  if (attempt?.cause !== undefined)
    return { statusIcon: 'failed', icon: 'bang', ...wordsOfCause(attempt.cause, attempt.code), strong: '' };
  if (attempt?.kind === 'failed' && attempt.said === undefined) {
    const text = '同一笔订单不会重复扣款，\n可以更换支付方式重试。';
    return { statusIcon: 'failed', icon: 'bang', title: '未收到支付结果', text, strong: '' };
  }
  if (hasFailed(order, attempt)) {
    const said =
      attempt?.said === undefined ? '微信支付未能完成本次付款。' : `微信支付提示：${attempt.said}。`;
    return {
      statusIcon: 'failed',
      icon: 'bang',
      title: '支付未完成',
      text: `${said}\n订单仍然有效，可以更换支付方式重试。`,
      strong: '',
    };
  }
  const text =
    attempt?.kind === 'cancelled'
      ? `你尚未付款，\n订单将保留至 ${until}。`
      : `请在 ${until} 前完成支付，\n逾期订单将自动关闭。`;
  return { statusIcon: 'open', icon: 'clock', title: '待支付', text, strong: '' };
}

/** Who gives the money back, and who says when it is there. */
function returnText({ apple }: Order): string {
  return apple
    ? '款项由 Apple 退回，\n到账时间以 Apple 通知为准。'
    : '款项将原路退回，\n到账时间以微信支付通知为准。';
}

function partText({ apple, refunded_fee }: Order): string {
  return `已退 ¥${yuan(refunded_fee)}，${apple ? '由 Apple 退回' : '款项原路退回'}。\n会员有效期以会员页为准。`;
}

function refundingWords(order: Order): { title: string; text: string } {
  const open = openRefund(order);
  const fee = `¥${yuan(open?.refund_fee ?? 0)}`;
  if (open?.state === 'ABNORMAL')
    return { title: '退款处理中', text: `退款 ${fee} 暂未成功，\n商家正在处理，请留意到账通知。` };
  return { title: '退款处理中', text: `商家已发起退款 ${fee}，\n到账时间以微信支付通知为准。` };
}

/** Virtual payment never says that an order is closed: nobody waits for that to be found out. */
function expiredText({ channel }: Order): string {
  return channel === 'virtualpay'
    ? '订单已无法支付。\n如已付款，会员将照常开通。'
    : '订单已无法支付，正在向微信支付核实。\n如已付款，会员将照常开通。';
}

function confirmingText(known: OrderKnown): string {
  if (known.order.under_review) return '商家正在核对这笔付款，请勿重复支付。\n有结果后会在这里更新。';
  if (known.polling.offlineSince !== undefined) return '请勿重复支付。\n联网后将自动继续核对。';
  return isSlow(known)
    ? '比平时久一些，请勿重复支付。\n有结果后会在这里更新。'
    : '通常只需几秒。\n可以离开此页，结果不会丢失。';
}

function paidText(known: OrderKnown): Pick<Words, 'text' | 'strong'> {
  if (known.wasCancelTried) return { text: '取消前已完成付款，会员已开通。', strong: '' };
  const until = paidUntil(known);
  if (until === undefined) return { text: '会员已开通。', strong: '' };
  return { text: `${known.productName}有效期至`, strong: dayInWords(until) };
}

function over(icon: string, title: string, text: string): Words {
  return { statusIcon: 'over', icon, title, text, strong: '' };
}

/** What this order itself says it paid for, else what the membership says as a whole. */
function paidUntil({ order, memberUntil }: OrderKnown): Date | undefined {
  if (order.expires_at !== null) return new Date(order.expires_at);
  return memberUntil === 'unread' ? undefined : memberUntil;
}

function lifetime({ created_at, time_expire }: Order): string {
  return `${Math.round((Date.parse(time_expire) - Date.parse(created_at)) / 60_000)} 分钟`;
}
