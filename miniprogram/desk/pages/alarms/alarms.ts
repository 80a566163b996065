import type { DeskPlace } from '../../../../cloudfunctions/_shared/desk-contract';
import type { Message } from '../../../logic/messages';
import { serverNow } from '../../../services/clock';
import type { Alarm } from '../../logic/alarm';
import { type AlarmRow, showAlarms, withAlarms } from '../../logic/alarm-rows';
import { type Foot, footOf, mayReadMore } from '../../logic/foot';
import { messageOf } from '../../logic/messages';
import { readAlarms, setAlarmDone } from '../../services/desk';
import { entitle, leaveBy, openDeskOrder } from '../../services/navigation';

interface AlarmsData {
  isRead: boolean;
  message: Message | null;
  open: readonly AlarmRow[];
  done: readonly AlarmRow[];
  foot: Foot;
  /** The alarm whose original text is shown. */
  unfolded: string;
  /** The alarm that is being marked, and the one for which no answer came. */
  marking: string;
  failed: string;
}

interface AlarmsPage {
  alarms: readonly Alarm[];
  next: DeskPlace | undefined;
  load(): Promise<void>;
  loadMore(): Promise<void>;
  show(): void;
  mark(alarm_id: string, done: boolean): Promise<void>;
  onDone(event: WechatMiniprogram.TouchEvent): Promise<void>;
  onUndo(event: WechatMiniprogram.TouchEvent): Promise<void>;
  onUnfold(event: WechatMiniprogram.TouchEvent): void;
  onOrder(event: WechatMiniprogram.TouchEvent): Promise<void>;
  onCopy(event: WechatMiniprogram.TouchEvent): Promise<void>;
  onFoot(): Promise<void>;
  onAct(): Promise<void>;
}

Page<AlarmsData, AlarmsPage>({
  data: {
    ...{ isRead: false, message: null, open: [], done: [], foot: 'more' },
    ...{ unfolded: '', marking: '', failed: '' },
  },
  alarms: [],
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
    const read = await readAlarms(undefined);
    if (read.kind !== 'answered') return this.setData({ message: messageOf(read) });
    this.alarms = read.answer.alarms;
    this.next = read.answer.next;
    this.setData({ isRead: true, message: null, foot: footOf(this.next) });
    this.show();
    await entitle('告警');
  },

  async loadMore() {
    if (!mayReadMore(this.data)) return;
    this.setData({ foot: 'reading' });
    const read = await readAlarms(this.next);
    if (read.kind !== 'answered') return this.setData({ foot: 'failed' });
    this.alarms = withAlarms(this.alarms, read.answer.alarms);
    this.next = read.answer.next;
    this.setData({ foot: footOf(this.next) });
    this.show();
  },

  show() {
    this.setData(showAlarms(this.alarms, serverNow()));
  },

  async mark(alarm_id, done) {
    if (this.data.marking !== '') return;
    this.setData({ marking: alarm_id, failed: '' });
    const answered = await setAlarmDone(alarm_id, done);
    this.setData({ marking: '' });
    if (answered.kind === 'answered') {
      this.alarms = withAlarms(this.alarms, [answered.answer]);
      return this.show();
    }
    // It was deleted in the console meanwhile: there is nothing left to mark.
    if (answered.kind === 'refused' && answered.error.errcode === 'ALARM_NOT_FOUND') return this.load();
    if (answered.kind === 'refused' && answered.error.errcode === 'FORBIDDEN')
      return this.setData({ message: messageOf(answered) });
    this.setData({ failed: alarm_id });
  },

  onDone(event) {
    return this.mark(event.currentTarget.dataset.alarm, true);
  },

  onUndo(event) {
    return this.mark(event.currentTarget.dataset.alarm, false);
  },

  onUnfold(event) {
    const { alarm } = event.currentTarget.dataset;
    this.setData({ unfolded: this.data.unfolded === alarm ? '' : alarm });
  },

  onOrder(event) {
    return openDeskOrder(event.currentTarget.dataset.number);
  },

  async onCopy(event) {
    await wx.setClipboardData({ data: event.currentTarget.dataset.copy });
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
