import { lostMessage, type Message, NO_ORDERS } from '../../logic/messages';
import { noticeOnOrder } from '../../logic/notices';
import { wasOperator } from '../../logic/operator';
import type { Attempt } from '../../logic/order/attempts';
import type { Order } from '../../logic/order/order';
import { mergeOrders } from '../../logic/order/order';
import { type MembershipRow, type OrderRow, showMemberships, showRows } from '../../logic/order/orders-view';
import { payAgain } from '../../logic/shop/buying';
import type { Label, Memberships } from '../../logic/shop/catalogue';
import { readLabels, readMemberships } from '../../services/catalogue';
import { checkout } from '../../services/checkout';
import { serverNow } from '../../services/clock';
import { isIos } from '../../services/device';
import { showNotice } from '../../services/dialogs';
import { backToShop, openDesk, openOrder } from '../../services/navigation';
import { lastAttempt, readOrders } from '../../services/orders';
import { storage } from '../../services/storage';

const TICK_MS = 1000;

type Foot = 'more' | 'reading' | 'end' | 'failed';

interface OrdersData {
  isRead: boolean;
  message: Message | null;
  memberships: MembershipRow[];
  rows: OrderRow[];
  foot: Foot;
  /** The order that is being paid. */
  paying: string;
  /** Whether the way to the operators' desk is shown. */
  hasDesk: boolean;
}

interface OrdersPage {
  orders: readonly Order[];
  /** Where the orders begin that are not read yet. */
  next: number;
  attempts: Readonly<Record<string, Attempt | undefined>>;
  products: readonly Label[];
  memberships: Memberships;
  tickTimer: number;
  load(): Promise<void>;
  loadMore(): Promise<void>;
  take(orders: readonly Order[]): void;
  rowsNow(): OrderRow[];
  tick(): void;
  pay(order: Order): Promise<void>;
  onAct(): Promise<void>;
  onOrder(event: WechatMiniprogram.TouchEvent): Promise<void>;
  onPay(event: WechatMiniprogram.TouchEvent): Promise<void>;
  onFoot(): Promise<void>;
  onDesk(): Promise<void>;
}

Page<OrdersData, OrdersPage>({
  data: { isRead: false, message: null, memberships: [], rows: [], foot: 'more', paying: '', hasDesk: false },
  orders: [],
  next: 0,
  attempts: {},
  products: [],
  memberships: {},
  tickTimer: 0,

  async onShow() {
    this.tickTimer = setInterval(() => this.tick(), TICK_MS);
    this.setData({ hasDesk: wasOperator(storage) });
    await this.load();
  },

  onHide() {
    clearInterval(this.tickTimer);
  },

  onUnload() {
    clearInterval(this.tickTimer);
  },

  async onPullDownRefresh() {
    await this.load();
    await wx.stopPullDownRefresh();
  },

  onReachBottom() {
    return this.loadMore();
  },

  /** Reads the newest page again; what was read of older ones stays. */
  async load() {
    const [page, products, memberships] = await Promise.all([readOrders(0), readLabels(), readMemberships()]);
    if (page.kind === 'lost' || products.kind === 'lost' || memberships.kind === 'lost') {
      const lost = [page, products, memberships].find((read) => read.kind === 'lost');
      if (lost?.kind === 'lost' && !this.data.isRead) this.setData({ message: lostMessage(lost, 'orders') });
      return;
    }
    this.products = products.found;
    this.memberships = memberships.found;
    this.next = Math.max(this.next, page.found.next ?? 0);
    if (page.found.next === undefined) this.setData({ foot: 'end' });
    this.take(page.found.orders);
  },

  async loadMore() {
    if (!this.data.isRead || this.data.foot === 'reading' || this.data.foot === 'end') return;
    this.setData({ foot: 'reading' });
    const page = await readOrders(this.next);
    if (page.kind === 'lost') return this.setData({ foot: 'failed' });
    this.next = page.found.next ?? this.next;
    this.setData({ foot: page.found.next === undefined ? 'end' : 'more' });
    this.take(page.found.orders);
  },

  take(orders) {
    this.orders = mergeOrders(this.orders, orders);
    this.attempts = Object.fromEntries(this.orders.map((order) => [order.out_trade_no, lastAttempt(order)]));
    const memberships = showMemberships({
      memberships: this.memberships,
      products: this.products,
      orders: this.orders,
      now: serverNow(),
    });
    const isEmpty = this.orders.length === 0 && memberships.length === 0 && this.data.foot === 'end';
    this.setData({ isRead: true, message: isEmpty ? NO_ORDERS : null, memberships, rows: this.rowsNow() });
  },

  rowsNow() {
    return showRows({
      orders: this.orders,
      attemptFor: ({ out_trade_no }) => this.attempts[out_trade_no],
      products: this.products,
      isIos: isIos(),
      now: serverNow(),
    });
  },

  /** Only the rows that changed are sent: those that count down, and one whose time is up. */
  tick() {
    const changed: Record<string, OrderRow> = {};
    this.rowsNow().forEach((row, index) => {
      if (JSON.stringify(row) !== JSON.stringify(this.data.rows[index])) changed[`rows[${index}]`] = row;
    });
    if (Object.keys(changed).length > 0) this.setData(changed);
  },

  async pay(order) {
    this.setData({ paying: order.out_trade_no });
    try {
      const bought = await payAgain(checkout, order, () => {});
      // What became of it is on the order's own page, also when it can no longer be paid.
      if (bought.kind === 'ordered') return await openOrder(bought.out_trade_no);
      if (bought.kind === 'refused' && bought.errcode === 'ORDER_CLOSED')
        return await openOrder(order.out_trade_no);
      await showNotice(noticeOnOrder(bought));
    } finally {
      this.setData({ paying: '' });
    }
  },

  onOrder(event) {
    return openOrder(event.currentTarget.dataset.number);
  },

  async onPay(event) {
    const order = this.orders.find(({ out_trade_no }) => out_trade_no === event.currentTarget.dataset.number);
    if (order !== undefined && this.data.paying === '') await this.pay(order);
  },

  onFoot() {
    return this.loadMore();
  },

  onDesk() {
    return openDesk();
  },

  async onAct() {
    if (this.data.message?.act === 'shop') return backToShop();
    this.setData({ message: null });
    return this.load();
  },
});
