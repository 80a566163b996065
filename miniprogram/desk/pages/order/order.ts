import type { Message } from '../../../logic/messages';
import { serverNow } from '../../../services/clock';
import { later } from '../../../services/device';
import { storage } from '../../../services/storage';
import { withAlarms } from '../../logic/alarm-rows';
import type { History } from '../../logic/history';
import { awaitedRefund } from '../../logic/kept-refunds';
import { messageOf, ORDER_IS_UNREADABLE } from '../../logic/messages';
import { type DeskOrderShown, showDeskOrder } from '../../logic/order-shown';
import { readHistory, setAlarmDone } from '../../services/desk';
import { entitle, leaveBy, openDeskOrder, openDeskOrdersOf, openRefund } from '../../services/navigation';

/** While something is under way the page looks again by itself. */
const LOOK_AGAIN_MS = 15_000;

interface OrderData {
  shown: DeskOrderShown | null;
  message: Message | null;
  /** A refund was asked for from this phone, and its answer has not come. */
  isAsked: boolean;
  /** The alarm that is being marked. */
  marking: string;
  failed: string;
}

interface OrderPage {
  out_trade_no: string;
  history: History | undefined;
  isVisible: boolean;
  stopWaiting: () => void;
  load(): Promise<void>;
  show(): void;
  rest(): void;
  onDone(event: WechatMiniprogram.TouchEvent): Promise<void>;
  onEntry(event: WechatMiniprogram.TouchEvent): Promise<void>;
  onShopper(): Promise<void>;
  onRefund(): Promise<void>;
  onCopy(event: WechatMiniprogram.TouchEvent): Promise<void>;
  onAct(): Promise<void>;
}

Page<OrderData, OrderPage>({
  data: { shown: null, message: null, isAsked: false, marking: '', failed: '' },
  out_trade_no: '',
  history: undefined,
  isVisible: false,
  stopWaiting() {},

  onLoad({ out_trade_no }) {
    this.out_trade_no = out_trade_no ?? '';
  },

  async onShow() {
    this.isVisible = true;
    await this.load();
  },

  onHide() {
    this.rest();
  },

  onUnload() {
    this.rest();
  },

  rest() {
    this.isVisible = false;
    this.stopWaiting();
  },

  async onPullDownRefresh() {
    await this.load();
    await wx.stopPullDownRefresh();
  },

  async load() {
    this.stopWaiting();
    const read = await readHistory(this.out_trade_no);
    if (read.kind === 'answered') {
      if ('unreadable' in read.answer) return this.setData({ message: ORDER_IS_UNREADABLE });
      this.history = read.answer;
      this.setData({ message: null, failed: '' });
      this.show();
      await entitle('订单详情');
    } else if (this.history === undefined || read.kind === 'refused') {
      return this.setData({ message: messageOf(read) });
    }
    const isUnderWay = this.data.shown?.timeline.some(({ look }) => look === 'wait') === true;
    if (isUnderWay && this.isVisible) this.stopWaiting = later(() => this.load(), LOOK_AGAIN_MS);
  },

  show() {
    if (this.history === undefined) return;
    const shown = showDeskOrder(this.history, serverNow());
    const isAsked = awaitedRefund(storage, this.history.order) !== undefined;
    this.setData({ shown, isAsked });
  },

  async onDone(event) {
    const alarm_id: string = event.currentTarget.dataset.alarm;
    if (this.data.marking !== '' || this.history === undefined) return;
    this.setData({ marking: alarm_id, failed: '' });
    const answered = await setAlarmDone(alarm_id, true);
    this.setData({ marking: '' });
    if (answered.kind !== 'answered') return this.setData({ failed: alarm_id });
    this.history = { ...this.history, alarms: withAlarms(this.history.alarms, [answered.answer]) };
    this.show();
  },

  async onEntry(event) {
    const number: string = event.currentTarget.dataset.number;
    if (number !== '') await openDeskOrder(number);
  },

  async onShopper() {
    if (this.history !== undefined) await openDeskOrdersOf(this.history.order.openid);
  },

  onRefund() {
    return openRefund(this.out_trade_no);
  },

  async onCopy(event) {
    await wx.setClipboardData({ data: event.currentTarget.dataset.copy });
  },

  async onAct() {
    if (await leaveBy(this.data.message)) return;
    this.setData({ message: null });
    return this.load();
  },
});
