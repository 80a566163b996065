import { day } from '../../../logic/dates';
import type { Message } from '../../../logic/messages';
import { requestIdFrom } from '../../../logic/shop/request-ids';
import { randomBytes } from '../../../services/device';
import { storage } from '../../../services/storage';
import type { History, OrderInFull } from '../../logic/history';
import { awaitedRefund, forgetRefund, keepRefund } from '../../logic/kept-refunds';
import { messageOf, ORDER_IS_UNREADABLE } from '../../logic/messages';
import { whatOf } from '../../logic/order-rows';
import {
  type Draft,
  draftOf,
  newDraft,
  REASONS,
  type RefundShown,
  showRefund,
  wantedOf,
  withMode,
} from '../../logic/refund-form';
import { isUnknown, type RefundNotice, refundNotice } from '../../logic/refund-words';
import { leftOf } from '../../logic/takes';
import { askForRefund, readHistory } from '../../services/desk';
import { askToRefund } from '../../services/dialogs';
import { backInDesk, entitle, leaveBy } from '../../services/navigation';

const REQUEST_ID_BYTES = 16;

interface RefundData {
  /** Null until the order is read. */
  shown: RefundShown | null;
  draft: Draft | null;
  what: string;
  left: number;
  /** Until when the membership lasts now. */
  until: string;
  reasons: typeof REASONS;
  message: Message | null;
  notice: RefundNotice | null;
  /** What the button says while it runs. */
  busy: string;
}

interface RefundPage {
  out_trade_no: string;
  order: OrderInFull | undefined;
  load(): Promise<void>;
  take(history: History): void;
  fill(draft: Draft): void;
  change(change: Partial<Draft>): void;
  send(): Promise<void>;
  onMode(event: WechatMiniprogram.TouchEvent): void;
  onChoice(event: WechatMiniprogram.TouchEvent): void;
  onReason(event: WechatMiniprogram.TouchEvent): void;
  onType(event: WechatMiniprogram.Input): void;
  onSend(): Promise<void>;
  onAct(): Promise<void>;
}

Page<RefundData, RefundPage>({
  data: {
    ...{ shown: null, draft: null, what: '', left: 0, until: '', message: null, notice: null, busy: '' },
    reasons: REASONS,
  },
  out_trade_no: '',
  order: undefined,

  async onLoad({ out_trade_no }) {
    this.out_trade_no = out_trade_no ?? '';
    await this.load();
  },

  async load() {
    const read = await readHistory(this.out_trade_no);
    if (read.kind !== 'answered') return this.setData({ message: messageOf(read) });
    if ('unreadable' in read.answer) return this.setData({ message: ORDER_IS_UNREADABLE });
    this.take(read.answer);
    await entitle('退款');
  },

  /** A refund whose answer has not come is there again as it was asked for. */
  take({ order, grants }) {
    const isFirst = this.order === undefined;
    this.order = order;
    const kept = awaitedRefund(storage, order);
    const until = grants[0]?.expires_at;
    this.setData({
      what: whatOf(order),
      left: leftOf(order),
      until: until === undefined ? '' : `现有效期至 ${day(new Date(until))}`,
      message: null,
      notice: kept !== undefined && isFirst ? refundNotice({ kind: 'lost', offline: false }) : null,
    });
    const draft = isFirst && kept !== undefined ? draftOf(order, kept) : this.data.draft;
    this.fill(draft === null || (draft.mode !== 'none' && leftOf(order) === 0) ? newDraft(order) : draft);
  },

  fill(draft) {
    if (this.order !== undefined) this.setData({ draft, shown: showRefund(this.order, draft) });
  },

  /** What was said of the last try is not about what is filled in now. */
  change(change) {
    const { draft, busy } = this.data;
    if (draft === null || busy !== '') return;
    this.setData({ notice: null });
    this.fill({ ...draft, ...change });
  },

  onMode(event) {
    const { draft } = this.data;
    if (draft !== null) this.change(withMode(draft, event.currentTarget.dataset.value));
  },

  onChoice(event) {
    this.change({ choice: event.currentTarget.dataset.value });
  },

  onReason(event) {
    this.change({ reason: event.currentTarget.dataset.value });
  },

  onType({ currentTarget, detail }) {
    this.change({ [currentTarget.dataset.field]: detail.value });
  },

  async onSend() {
    const { notice, busy } = this.data;
    if (busy !== '') return;
    switch (notice?.next) {
      case 'reload':
        this.setData({ busy: '正在刷新…' });
        await this.load();
        return this.setData({ busy: '' });
      case 'back':
        return backInDesk();
      case 'edit':
        return this.setData({ notice: null });
      default:
        return this.send();
    }
  },

  async send() {
    const { order } = this;
    const { draft, shown } = this.data;
    if (order === undefined || draft === null || shown === null) return;
    const wanted = wantedOf(order, draft);
    if (wanted === undefined || !(await askToRefund(shown.confirm))) return;
    this.setData({ busy: '正在提交…', notice: null });
    const { out_trade_no } = order;
    const newRequestId = requestIdFrom(await randomBytes(REQUEST_ID_BYTES));
    const { request_id } = keepRefund(storage, { out_trade_no, wanted, newRequestId });
    const expected_refunded_fee = order.refunded_fee + order.refund_reserved_fee;
    const seen = { expected_refunded_fee, expected_refunds: order.refund_count };
    const answered = await askForRefund({ request_id, out_trade_no, ...wanted, ...seen });
    this.setData({ busy: '' });
    if (answered.kind === 'answered') {
      forgetRefund(storage, out_trade_no);
      return backInDesk();
    }
    if (!isUnknown(answered)) forgetRefund(storage, out_trade_no);
    this.setData({ notice: refundNotice(answered) });
  },

  async onAct() {
    if (await leaveBy(this.data.message)) return;
    this.setData({ message: null });
    return this.load();
  },
});
