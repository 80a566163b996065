import type { ConsoleEvent } from '../../wire.ts';
import { CHAPTERS, type ChapterWords } from '../words/chapters.ts';
import { say } from '../words/language.ts';
import { REFUND_NOTICE } from './messages.ts';
import { isEventLabel } from './virtual-messages.ts';

/** The chapter that an event opens, if it does. */
export function chapterOf(event: ConsoleEvent): ChapterWords | undefined {
  const { from, to, label, kind } = event;
  const chapters = say(CHAPTERS);
  if (from === 'wechatpay' && to === 'function' && label === 'notice') return chapters.notice;
  if (from === 'wechatpay' && to === 'function' && label === REFUND_NOTICE) return chapters.refundNotify;
  if (from === 'weixin' && to === 'function' && isEventLabel(label)) return chapters.event;
  const isStart =
    kind === 'call' &&
    (label === 'wx.requestPayment' || label === 'wx.requestVirtualPayment' || isInvocation(event));
  return isStart && Object.hasOwn(chapters, label) && !OF_NO_FUNCTION.includes(label)
    ? chapters[label]
    : undefined;
}

/** Chapters that are of no function, should one be called so. */
const OF_NO_FUNCTION: readonly string[] = ['notice', 'event', 'idle'];

/** Whether a function begins its work with it. */
export function isInvocation({ to, kind, id, invocation }: ConsoleEvent): boolean {
  return kind === 'call' && to === 'function' && invocation !== undefined && id === invocation;
}
