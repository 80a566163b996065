import type { DeskPlace } from '../../../../cloudfunctions/_shared/desk-contract';
import type { Message } from '../../../logic/messages';
import { serverNow } from '../../../services/clock';
import type { DeskOrders } from '../../logic/desk-order';
import { type Foot, footOf, mayReadMore } from '../../logic/foot';
import { messageOf } from '../../logic/messages';
import { type DeskRow, joined, searchIn, showDeskRows } from '../../logic/order-rows';
import { type Me, readDeskOrders, readMe } from '../../services/desk';
import { entitle, leaveBy, openAlarms, openBills, openDeskOrder } from '../../services/navigation';

interface OrdersData {
  isRead: boolean;
  message: Message | null;
  me: Me | null;
  /** What is in the field, and what the rows were found by. */
  typed: string;
  search: string;
  rows: DeskRow[];
  foot: Foot;
}

interface OrdersPage {
  orders: DeskOrders['orders'];
  next: DeskPlace | undefined;
  /** Counts the lists that were begun, so that a late answer does not land in another one. */
  begun: number;
  /** A page that was opened for one shopper has nothing else on it. */
  load(): Promise<void>;
  loadMore(): Promise<void>;
  find(typed: string): Promise<void>;
  onType(event: WechatMiniprogram.Input): void;
  onSearch(): Promise<void>;
  onClear(): Promise<void>;
  onOrder(event: WechatMiniprogram.TouchEvent): Promise<void>;
  onFoot(): Promise<void>;
  onAlarms(): Promise<void>;
  onBills(): Promise<void>;
  onAct(): Promise<void>;
}

Page<OrdersData, OrdersPage>({
  data: { isRead: false, message: null, me: null, typed: '', search: '', rows: [], foot: 'more' },
  orders: [],
  next: undefined,
  begun: 0,

  onLoad({ search }) {
    const wanted = searchIn(search ?? '');
    this.setData({ typed: wanted, search: wanted });
  },

  /** What was done on another page shows at once when this one is seen again. */
  async onShow() {
    await this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    await wx.stopPullDownRefresh();
  },

  onReachBottom() {
    return this.loadMore();
  },

  async load() {
    this.begun += 1;
    const { begun } = this;
    const [listed, me] = await Promise.all([readDeskOrders(this.data.search, undefined), readMe()]);
    if (begun !== this.begun) return;
    if (listed.kind !== 'answered') {
      if (!this.data.isRead || isRefused(listed)) this.setData({ message: messageOf(listed) });
      else this.setData({ foot: 'failed' });
      return;
    }
    this.orders = listed.answer.orders;
    this.next = listed.answer.next;
    this.setData({
      ...{ isRead: true, message: null, rows: showDeskRows(this.orders, serverNow()) },
      foot: footOf(this.next),
      me: me.kind === 'answered' ? me.answer : this.data.me,
    });
    await entitle('工作台');
  },

  async loadMore() {
    if (!mayReadMore(this.data)) return;
    this.setData({ foot: 'reading' });
    const { begun } = this;
    const listed = await readDeskOrders(this.data.search, this.next);
    if (begun !== this.begun) return;
    if (listed.kind !== 'answered') return this.setData({ foot: 'failed' });
    this.orders = joined(this.orders, listed.answer.orders);
    this.next = listed.answer.next;
    this.setData({ rows: showDeskRows(this.orders, serverNow()), foot: footOf(this.next) });
  },

  async find(typed) {
    const search = searchIn(typed);
    this.setData({ typed: search, search, isRead: false, rows: [] });
    await this.load();
  },

  onType({ detail }) {
    this.setData({ typed: detail.value });
  },

  onSearch() {
    return this.find(this.data.typed);
  },

  onClear() {
    return this.find('');
  },

  onOrder(event) {
    return openDeskOrder(event.currentTarget.dataset.number);
  },

  onFoot() {
    return this.loadMore();
  },

  onAlarms() {
    return openAlarms();
  },

  onBills() {
    return openBills();
  },

  async onAct() {
    if (await leaveBy(this.data.message)) return;
    this.setData({ message: null });
    return this.load();
  },
});

function isRefused(failure: { readonly kind: string }): boolean {
  return failure.kind === 'refused';
}
