import type { Message } from '../../../logic/messages';
import { backToShop } from '../../../services/navigation';
import { type Month, showBills } from '../../logic/bill-rows';
import type { Bills } from '../../logic/bills';
import { messageOf } from '../../logic/messages';
import { readBills } from '../../services/desk';
import { backInDesk, entitle, openDeskOrder } from '../../services/navigation';

interface BillsData {
  isRead: boolean;
  message: Message | null;
  months: readonly Month[];
  foot: 'more' | 'reading' | 'end' | 'failed';
  /** The day that is unfolded. */
  unfolded: string;
}

interface BillsPage {
  bills: Bills['bills'];
  next: string | undefined;
  load(): Promise<void>;
  loadMore(): Promise<void>;
  onDay(event: WechatMiniprogram.TouchEvent): void;
  onOrder(event: WechatMiniprogram.TouchEvent): Promise<void>;
  onFoot(): Promise<void>;
  onAct(): Promise<void>;
}

Page<BillsData, BillsPage>({
  data: { isRead: false, message: null, months: [], foot: 'more', unfolded: '' },
  bills: [],
  next: undefined,

  async onLoad() {
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
    const read = await readBills(undefined);
    if (read.kind !== 'answered') return this.setData({ message: messageOf(read) });
    this.bills = read.answer.bills;
    this.next = read.answer.next;
    const foot = this.next === undefined ? 'end' : 'more';
    this.setData({ isRead: true, message: null, foot, months: showBills(this.bills) });
    await entitle('账单');
  },

  async loadMore() {
    const { isRead, foot } = this.data;
    if (!isRead || foot === 'reading' || foot === 'end') return;
    this.setData({ foot: 'reading' });
    const read = await readBills(this.next);
    if (read.kind !== 'answered') return this.setData({ foot: 'failed' });
    this.bills = [...this.bills, ...read.answer.bills];
    this.next = read.answer.next;
    this.setData({ foot: this.next === undefined ? 'end' : 'more', months: showBills(this.bills) });
  },

  onDay(event) {
    const { key } = event.currentTarget.dataset;
    this.setData({ unfolded: this.data.unfolded === key ? '' : key });
  },

  onOrder(event) {
    return openDeskOrder(event.currentTarget.dataset.number);
  },

  onFoot() {
    return this.loadMore();
  },

  async onAct() {
    switch (this.data.message?.act) {
      case 'shop':
        return backToShop();
      case 'orders':
        return backInDesk();
      default:
        this.setData({ message: null });
        return this.load();
    }
  },
});
