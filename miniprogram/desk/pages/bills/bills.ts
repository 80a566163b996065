import type { Message } from '../../../logic/messages';
import { type Month, showBills } from '../../logic/bill-rows';
import type { Bills } from '../../logic/bills';
import { type Foot, footOf, mayReadMore } from '../../logic/foot';
import { messageOf } from '../../logic/messages';
import { readBills } from '../../services/desk';
import { entitle, leaveBy, openDeskOrder } from '../../services/navigation';

interface BillsData {
  isRead: boolean;
  message: Message | null;
  months: readonly Month[];
  foot: Foot;
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
    this.setData({ isRead: true, message: null, foot: footOf(this.next), months: showBills(this.bills) });
    await entitle('账单');
  },

  async loadMore() {
    if (!mayReadMore(this.data)) return;
    this.setData({ foot: 'reading' });
    const read = await readBills(this.next);
    if (read.kind !== 'answered') return this.setData({ foot: 'failed' });
    this.bills = [...this.bills, ...read.answer.bills];
    this.next = read.answer.next;
    this.setData({ foot: footOf(this.next), months: showBills(this.bills) });
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
    if (await leaveBy(this.data.message)) return;
    this.setData({ message: null });
    return this.load();
  },
});
