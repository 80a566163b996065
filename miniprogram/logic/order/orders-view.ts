import { countdown, day, daysBetween, spokenCountdown, when } from '../dates';
import { spokenYuan } from '../money';
import { isWithheldOnIos, type Label, type Memberships } from '../shop/catalogue';
import { termInWords } from '../term';
import type { Attempt } from './attempts';
import type { Order } from './order';
import { nameIn } from './order';
import { shortState, shownState } from './order-state';

export interface MembershipRow {
  readonly product_id: string;
  readonly name: string;
  readonly description: string;
  readonly until: string;
  readonly left: string;
}

export interface OrderRow {
  readonly out_trade_no: string;
  readonly what: string;
  readonly when: string;
  readonly fen: number;
  readonly state: string;
  readonly spoken: string;
  readonly canPay: boolean;
  readonly isFirst: boolean;
  readonly left: string;
  readonly leftSpoken: string;
}

/** Those that go on first, the one that ends first at the top; one that has ended stays below, so that it is not missed. */
export function showMemberships(known: {
  memberships: Memberships;
  products: readonly Label[];
  orders: readonly Order[];
  now: Date;
}): MembershipRow[] {
  const { memberships, products, orders, now } = known;
  return Object.entries(memberships)
    .map(([product_id, expires_at]) => ({ product_id, until: new Date(expires_at) }))
    .sort((a, b) => Number(a.until <= now) - Number(b.until <= now) || a.until.getTime() - b.until.getTime())
    .map(({ product_id, until }) => {
      const product = products.find((candidate) => candidate.product_id === product_id);
      return {
        product_id,
        name: product?.name ?? nameInOrders(orders, product_id),
        description: product?.description ?? '',
        until: `${day(until)} 到期`,
        left: leftOf(until, now),
      };
    });
}

/** The orders as rows; the first that can be paid gets the one filled button of the page. */
export function showRows(known: {
  orders: readonly Order[];
  attemptFor: (order: Order) => Attempt | undefined;
  products: readonly Label[];
  isIos: boolean;
  now: Date;
}): OrderRow[] {
  const { products, isIos, now } = known;
  const rows = known.orders.map((order) => {
    const product = products.find(({ product_id }) => product_id === order.product_id);
    return rowOf({ order, attempt: known.attemptFor(order), product, isIos, now });
  });
  const first = rows.find(({ canPay }) => canPay);
  return rows.map((row) => ({ ...row, isFirst: row === first }));
}

function rowOf(known: {
  order: Order;
  attempt: Attempt | undefined;
  product: Label | undefined;
  isIos: boolean;
  now: Date;
}): Omit<OrderRow, 'isFirst'> {
  const { order, attempt, product, isIos, now } = known;
  const isUnpaid = shownState(order, attempt, now) === 'unpaid';
  const what = `${product?.name ?? nameIn(order)} · ${termInWords(order)}`;
  const state = shortState(order, attempt, now);
  const made = when(new Date(order.created_at), now);
  const expiry = new Date(order.time_expire);
  return {
    out_trade_no: order.out_trade_no,
    what,
    when: made,
    fen: order.total_fee,
    state,
    spoken: `${what}，${spokenYuan(order.total_fee)}，${state}，${made}`,
    canPay:
      isUnpaid && !(isIos && isWithheldOnIos({ virtual: product?.virtual === true, channel: order.channel })),
    left: isUnpaid ? countdown(expiry, now) : '',
    leftSpoken: isUnpaid ? `剩余 ${spokenCountdown(expiry, now)}` : '',
  };
}

/** What is no longer on sale is named as it was ordered. */
function nameInOrders(orders: readonly Order[], product_id: string): string {
  const order = orders.find((candidate) => candidate.product_id === product_id);
  return order === undefined ? '会员' : nameIn(order);
}

function leftOf(until: Date, now: Date): string {
  if (until <= now) return '已到期';
  const days = daysBetween(now, until);
  return days === 0 ? '今天到期' : `还有 ${days} 天`;
}
