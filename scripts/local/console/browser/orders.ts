import type { ConsoleState, OrderHereAndThere } from '../wire.ts';
import { press } from './api.ts';
import { showOutcome } from './controls.ts';
import { h } from './dom.ts';
import { clockTime } from './time.ts';

/** Each order twice: as the database has it and as WeChat Pay has it. */
export function ordersTable({ orders }: ConsoleState): HTMLElement {
  if (orders.length === 0) {
    return h(
      'p',
      { class: 'empty' },
      '还没有订单。',
      h('br'),
      '下单后，这里和微信支付各自知道的状态会并排显示。',
    );
  }
  const head = h(
    'tr',
    {},
    ...['订单', '这里', '微信支付', '对照'].map((name) => h('th', { scope: 'col' }, name)),
  );
  return h(
    'table',
    { class: 'orders', 'data-testid': 'orders' },
    h('thead', {}, head),
    h('tbody', {}, ...orders.map(row)),
  );
}

function row(order: OrderHereAndThere): HTMLElement {
  const { out_trade_no, body, here, there, cancelled } = order;
  return h(
    'tr',
    { 'data-testid': `compare-${out_trade_no}` },
    h('td', {}, h('b', {}, body), h('code', {}, abbreviated(out_trade_no))),
    h('td', { class: 'state' }, here ?? '没有', cancelled && h('small', {}, '买家已取消')),
    h('td', { class: here === there ? 'state' : 'state differs' }, there ?? '没有'),
    h('td', {}, verdict(order), ...refundsOf(order)),
  );
}

/** What was given back on either side, and a button for what staff do in the merchant platform. */
function refundsOf({ out_trade_no, refunds }: OrderHereAndThere): HTMLElement[] {
  if (!refunds) return [];
  const { here, reserved, there, left } = refunds;
  const shown = [`已退 ${yuan(here)}`, ...(reserved > 0 ? [`处理中 ${yuan(reserved)}`] : [])].join('，');
  const words = here === there ? shown : `${shown}；微信已退 ${yuan(there)}`;
  const onclick = async () => showOutcome(await press(`/api/refunds/${out_trade_no}`, {}));
  const title = '像商户员工那样，在商户平台全额退款';
  return [
    ...(here + reserved + there > 0 ? [h('small', { 'data-testid': `refunds-${out_trade_no}` }, words)] : []),
    ...(left > 0
      ? [h('button', { title, onclick, 'data-testid': `refund-${out_trade_no}` }, '商户平台退款')]
      : []),
  ];
}

function yuan(fen: number): string {
  return `¥${(fen / 100).toFixed(2)}`;
}

/** An order that differs is not wrong: it is not known yet, and the row says when it will be asked about. */
function verdict({ here, there, under_review, next_query_at }: OrderHereAndThere): HTMLElement {
  if (here === there) return h('span', { class: 'tag ok' }, '一致');
  if (under_review) return h('span', { class: 'tag bad' }, '等人处理');
  const words = next_query_at ? `${clockTime(new Date(next_query_at))} 再查` : '还不知道';
  return h('span', { class: 'tag unknown' }, words);
}

export function abbreviated(id: string): string {
  return id.length > 12 ? `${id.slice(0, 4)}…${id.slice(-4)}` : id;
}
