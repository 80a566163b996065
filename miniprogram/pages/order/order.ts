import type { ErrorCode } from '../../../cloudfunctions/_shared/contract';
import type { Lost } from '../../logic/answer';
import { countdown, spokenCountdown } from '../../logic/dates';
import { lostMessage, type Message, ORDER_NOT_FOUND, ORDER_UNREADABLE } from '../../logic/messages';
import type { Notice } from '../../logic/notice';
import { cancelNotice, noResultNotice, noticeOnOrder } from '../../logic/notices';
import type { Order } from '../../logic/order/order';
import { type Act, type OrderShown, showOrder } from '../../logic/order/order-view';
import { OrderWatch } from '../../logic/order/order-watch';
import { payAgain } from '../../logic/shop/buying';
import { checkout } from '../../services/checkout';
import { serverNow } from '../../services/clock';
import { later, onConnected, updateWeChat } from '../../services/device';
import { askToCancel } from '../../services/dialogs';
import { backToShop, openOrderInstead, openOrders } from '../../services/navigation';
import { detailsOnPhone, type OrderDetails, readOrderDetails } from '../../services/order-details';
import { cancelOrder, checkOrder, lastAttempt } from '../../services/orders';

const TICK_MS = 1000;

interface OrderData {
  /** Null until the order is read. */
  shown: OrderShown | null;
  message: Message | null;
  notice: Notice | null;
  /** The act that runs, and what its button says meanwhile. */
  busy: { act: Act; label: string } | null;
  /** What is left to pay in, for the eye and for the ear. */
  left: string;
  leftSpoken: string;
}

interface OrderPage {
  out_trade_no: string;
  watch: OrderWatch | undefined;
  details: OrderDetails | undefined;
  wasCancelTried: boolean;
  isVisible: boolean;
  tickTimer: number;
  stopListening: () => void;
  load(): Promise<void>;
  goOnWithout(lost: Lost): Promise<void>;
  show(): void;
  tick(): void;
  rest(): void;
  pay(order: Order): Promise<void>;
  check(): Promise<void>;
  cancel(): Promise<void>;
  run<T>(act: Act, label: string, action: () => Promise<T>): Promise<T | undefined>;
  onAct(event: WechatMiniprogram.TouchEvent): Promise<void>;
  onPay(order: Order): Promise<void>;
  onMessage(): Promise<void>;
  onCopy(event: WechatMiniprogram.TouchEvent): Promise<void>;
}

Page<OrderData, OrderPage>({
  data: { shown: null, message: null, notice: null, busy: null, left: '', leftSpoken: '' },
  out_trade_no: '',
  watch: undefined,
  details: undefined,
  wasCancelTried: false,
  isVisible: false,
  tickTimer: 0,
  stopListening() {},

  onLoad({ out_trade_no }) {
    this.out_trade_no = out_trade_no ?? '';
    const watch = new OrderWatch({
      checkOrder,
      attemptFor: lastAttempt,
      now: serverNow,
      later,
      changed: () => this.show(),
    });
    this.watch = watch;
    this.stopListening = onConnected(() => {
      const isRead = this.details !== undefined && this.details.memberUntil !== 'unread';
      return isRead ? watch.ask() : this.load();
    });
  },

  async onShow() {
    this.isVisible = true;
    this.tickTimer = setInterval(() => this.tick(), TICK_MS);
    await this.load();
  },

  onHide() {
    this.rest();
  },

  onUnload() {
    this.rest();
    this.stopListening();
  },

  rest() {
    this.isVisible = false;
    clearInterval(this.tickTimer);
    this.watch?.stop();
  },

  async load() {
    const read = await readOrderDetails(this.out_trade_no);
    if (read.kind === 'lost') return this.goOnWithout(read);
    switch (read.found.kind) {
      case 'absent':
        return this.setData({ message: ORDER_NOT_FOUND });
      case 'unreadable':
        return this.setData({ message: ORDER_UNREADABLE });
      case 'found':
        this.details = read.found.details;
        // The page may have been left while it read.
        if (this.isVisible) await this.watch?.start(read.found.details.order);
    }
  },

  /** What was read before stays, and what was just paid for is shown as createOrder answered it. */
  async goOnWithout(lost) {
    if (!this.isVisible) return;
    if (this.details !== undefined) return this.watch?.resume();
    const kept = detailsOnPhone(this.out_trade_no);
    if (kept === undefined) return this.setData({ message: lostMessage(lost, 'order') });
    this.details = kept.details;
    await this.watch?.start(kept.details.order, kept.receivedAt);
  },

  show() {
    const { watch, details } = this;
    if (watch?.order === undefined || details === undefined) return;
    const { order, polling } = watch;
    const shown = showOrder({
      ...details,
      order,
      attempt: lastAttempt(order),
      polling,
      wasCancelTried: this.wasCancelTried,
      now: serverNow(),
    });
    // What went wrong in one state says nothing about the next.
    const isNews = this.data.notice !== null && this.data.shown?.state !== shown.state;
    const until = new Date(order.time_expire);
    const left = shown.isCounting ? countdown(until, serverNow()) : '';
    // Ticking asks every second; what has not changed is not sent to the page again.
    if (JSON.stringify(shown) !== JSON.stringify(this.data.shown)) this.setData({ shown, message: null });
    if (isNews) this.setData({ notice: null });
    if (left !== this.data.left) this.setData({ left, leftSpoken: spokenCountdown(until, serverNow()) });
  },

  tick() {
    const before = this.data.shown?.state;
    this.show();
    // Time is up, or the cashier has said after all that it was paid: what WeChat says about it is asked.
    const after = this.data.shown?.state;
    if (before === 'unpaid' && (after === 'expired' || after === 'confirming')) this.watch?.ask();
  },

  async pay(order) {
    const bought = await this.run('pay', '正在准备支付…', () =>
      payAgain(checkout, order, () => this.setData({ busy: { act: 'pay', label: '等待支付…' } })),
    );
    if (bought === undefined) return;
    if (bought.kind === 'ordered' && bought.out_trade_no !== this.out_trade_no)
      return openOrderInstead(bought.out_trade_no);
    const isClosed = bought.kind === 'refused' && bought.errcode === 'ORDER_CLOSED';
    if (bought.kind === 'ordered' || isClosed) return this.load();
    this.setData({ notice: noticeOnOrder(bought) });
  },

  async check() {
    const before = this.data.shown?.state;
    const isAnswered = await this.run('check', '正在查询…', async () => this.watch?.ask());
    if (isAnswered === undefined || this.data.shown?.state !== before) return;
    this.setData({ notice: noResultNotice(isAnswered) });
  },

  async cancel() {
    if (!(await askToCancel())) return;
    const answered = await this.run('cancel', '正在取消…', () => cancelOrder(this.out_trade_no));
    if (answered === undefined) return;
    this.wasCancelTried = true;
    if (answered.kind === 'answered') return this.watch?.take(answered.answer.order);
    if (answered.kind === 'refused' && isSettled(answered.error.errcode)) return this.load();
    this.setData({ notice: cancelNotice(answered) });
    await this.watch?.ask();
  },

  /** One act at a time; its button says that it runs. Undefined when another one runs already. */
  async run(act, label, action) {
    if (this.data.busy !== null) return undefined;
    this.setData({ busy: { act, label }, notice: null });
    try {
      return await action();
    } finally {
      this.setData({ busy: null });
    }
  },

  async onAct(event) {
    const action = this.data.shown?.actions.find(({ act }) => act === event.currentTarget.dataset.act);
    const order = this.watch?.order;
    if (action === undefined || order === undefined) return;
    switch (action.act) {
      case 'pay':
        return this.onPay(order);
      case 'check':
        return this.check();
      case 'cancel':
        return this.cancel();
      case 'shop':
        return backToShop();
    }
  },

  /** The button does what the notice beside it has put on it. */
  async onPay(order) {
    const { notice } = this.data;
    switch (notice?.label === undefined ? 'pay' : notice.next) {
      case 'pay':
        return this.pay(order);
      case 'reload':
        return this.load();
      case 'orders':
        return openOrders();
      case 'shop':
        return backToShop();
      case 'update':
        this.setData({ notice: null });
        return updateWeChat();
      case 'dismiss':
        return this.setData({ notice: null });
    }
  },

  async onMessage() {
    if (this.data.message?.act === 'orders') return openOrders();
    this.setData({ message: null });
    return this.load();
  },

  async onCopy(event) {
    await wx.setClipboardData({ data: event.currentTarget.dataset.copy });
  },
});

/** Refusals that mean the order is no longer what this page shows. */
function isSettled(errcode: ErrorCode): boolean {
  return ['ORDER_PAID', 'ORDER_HELD', 'ORDER_CLOSED', 'ORDER_NOT_FOUND'].includes(errcode);
}
