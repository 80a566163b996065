import type { OrderHereAndThere } from '../wire.ts';
import { press } from './api.ts';
import { copyButton } from './copy.ts';
import { h } from './dom.ts';
import { noticeDeeds } from './notice-deeds.ts';
import { showOutcome } from './outcome.ts';
import { clockTime, day } from './time.ts';
import { say } from './words/language.ts';
import { ORDERS } from './words/tables.ts';
import { isRecorded } from './world.ts';

interface CardView {
  readonly onDocument: (out_trade_no: string) => void;
  readonly why: (order: OrderHereAndThere) => readonly string[];
}

/** One order: why it is what it is, its numbers whole, and what can be done with it. */
export function orderCard(order: OrderHereAndThere, { onDocument, why }: CardView): HTMLElement {
  const { out_trade_no, transaction_id, openid, total_fee, created_at } = order;
  const words = say(ORDERS);
  const [first, ...rest] = why(order);
  const created = created_at ? new Date(created_at) : undefined;
  return h(
    'div',
    { class: 'order-card', 'data-testid': `card-${out_trade_no}` },
    h('p', { class: 'why' }, h('b', {}, first), rest.length > 0 && ` ${rest.join(' ')}`),
    h(
      'dl',
      {},
      ...id(words.number, out_trade_no),
      ...(transaction_id ? id(words.transaction, transaction_id) : []),
      ...(openid ? id(words.openid, openid) : []),
      ...(total_fee === null ? [] : [h('dt', {}, words.amount), h('dd', {}, yuan(total_fee))]),
      ...(created ? [h('dt', {}, words.created), h('dd', {}, `${day(created)} ${clockTime(created)}`)] : []),
    ),
    ...refunded(order),
    h(
      'div',
      { class: 'deeds' },
      ...noticeDeeds(order),
      ...refundDeed(order),
      h('button', { type: 'button', onclick: () => onDocument(out_trade_no) }, words.document),
    ),
  );
}

function id(name: string, value: string): HTMLElement[] {
  return [h('dt', {}, name), h('dd', {}, h('code', {}, value), copyButton(value, name))];
}

/** What was given back on either side. */
function refunded({ out_trade_no, refunds }: OrderHereAndThere): HTMLElement[] {
  if (!refunds || refunds.here + refunds.reserved + refunds.there === 0) return [];
  const words = say(ORDERS);
  const { here, reserved, there } = refunds;
  const parts = [
    words.refunded(yuan(here)),
    ...(reserved > 0 ? [words.refunding(yuan(reserved))] : []),
    ...(here === there ? [] : [words.refundedThere(yuan(there))]),
  ];
  return [h('p', { 'data-testid': `refunds-${out_trade_no}` }, parts.join(' · '))];
}

/** What staff do in the merchant platform, which only WeChat Pay has. */
function refundDeed({ out_trade_no, channel, refunds }: OrderHereAndThere): HTMLElement[] {
  if (isRecorded || channel !== 'wechatpay' || !refunds || refunds.left === 0) return [];
  const { refund, refundHint: title } = say(ORDERS);
  const onclick = async () =>
    showOutcome(await press(`/api/refunds/${encodeURIComponent(out_trade_no)}`, {}));
  return [h('button', { type: 'button', title, onclick, 'data-testid': `refund-${out_trade_no}` }, refund)];
}

function yuan(fen: number): string {
  return `¥${(fen / 100).toFixed(2)}`;
}
