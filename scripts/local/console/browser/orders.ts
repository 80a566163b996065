import type { Channel, ConsoleState, OrderHereAndThere } from '../wire.ts';
import { abbreviated, h } from './dom.ts';
import { orderCard } from './order-card.ts';
import { verdictOf } from './verdict.ts';
import { CHANNELS } from './words/channels.ts';
import { say } from './words/language.ts';
import { ORDERS } from './words/tables.ts';

export interface OrdersView {
  /** The one that is opened: its card is shown, and its story alone. */
  readonly opened: string | undefined;
  readonly isSearching: boolean;
  readonly onOpen: (out_trade_no: string) => void;
  readonly onDocument: (out_trade_no: string) => void;
  /** Why an order is what it is. */
  readonly why: (order: OrderHereAndThere) => readonly string[];
}

/** Each order twice: as the database has it and as WeChat has it. */
export function ordersTable(state: ConsoleState, view: OrdersView): HTMLElement[] {
  const { orders, orderCount, channels } = state;
  const words = say(ORDERS);
  if (orders.length === 0) {
    return view.isSearching && orderCount > 0
      ? [h('p', { class: 'empty' }, words.notFound)]
      : [h('p', { class: 'empty' }, words.none, h('br'), words.noneText)];
  }
  const { columns } = words;
  const names = [columns.order, columns.here, thereOf(channels), columns.verdict];
  const head = h('tr', {}, ...names.map((name) => h('th', { scope: 'col' }, name)));
  const isMixed = channels.length > 1 || orders.some(({ channel }) => channel !== channels[0]);
  const rest = orderCount - orders.length;
  return [
    h(
      'table',
      { class: 'orders', 'data-testid': 'orders' },
      h('thead', {}, head),
      h('tbody', {}, ...orders.flatMap((order) => rows(order, isMixed, view))),
    ),
    ...(rest > 0 && !view.isSearching ? [h('p', { class: 'empty' }, words.more(rest))] : []),
  ];
}

/** What the other side is called: by the way to pay where there is one only. */
function thereOf(channels: readonly Channel[]): string {
  const [only, ...others] = channels;
  return say(CHANNELS)[only === undefined || others.length > 0 ? 'both' : only].name;
}

function rows(order: OrderHereAndThere, isMixed: boolean, view: OrdersView): HTMLElement[] {
  const { out_trade_no, body, here, there, cancelled, channel } = order;
  const words = say(ORDERS);
  const isOpened = view.opened === out_trade_no;
  const verdict = verdictOf(order);
  const name = h(
    'button',
    {
      class: 'open',
      type: 'button',
      title: out_trade_no,
      'aria-expanded': String(isOpened),
      'data-testid': `open-${out_trade_no}`,
    },
    h('b', {}, body),
    h('code', {}, abbreviated(out_trade_no)),
    isMixed && h('small', {}, ` ${say(CHANNELS)[channel].name}`),
  );
  const row = h(
    'tr',
    {
      class: 'one',
      'data-testid': `compare-${out_trade_no}`,
      onclick: () => view.onOpen(out_trade_no),
    },
    h('td', {}, name),
    h('td', { class: 'state' }, here ?? words.missing, cancelled && h('small', {}, words.cancelled)),
    h('td', { class: here === there ? 'state' : 'state differs' }, there ?? words.missing),
    h('td', {}, h('span', { class: `tag ${verdict.kind}` }, verdict.words)),
  );
  if (!isOpened) return [row];
  return [row, h('tr', { class: 'card' }, h('td', { colspan: 4 }, orderCard(order, view)))];
}
