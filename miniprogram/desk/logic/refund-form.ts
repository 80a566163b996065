import type { RefundOrderRequest } from '../../../cloudfunctions/_shared/contract';
import { yuan } from '../../logic/money';
import { isOneLine } from '../../logic/text';
import type { OrderInFull, Takes } from './history';
import { leftOf, proposedTakes, takesInWords } from './takes';

/** How much goes back: all that is left, a part, or nothing where only time is taken. */
export type Mode = 'whole' | 'part' | 'none';
/** What is taken: what is proposed for the amount, or something that was chosen instead. */
export type Choice = 'proposed' | 'all' | 'none' | 'days';

/** What the operator has filled in, as it was typed. */
export interface Draft {
  readonly mode: Mode;
  /** Yuan. */
  readonly amount: string;
  readonly choice: Choice;
  readonly days: string;
  readonly reason: string;
}

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly isChosen: boolean;
}

/** The form as it is shown. */
export interface RefundShown {
  readonly modes: readonly Option<Mode>[];
  readonly choices: readonly Option<Choice>[];
  readonly label: string;
  /** Why it cannot be sent yet: the button says it. Empty when it can. */
  readonly problem: string;
  readonly confirm: { readonly title: string; readonly text: string; readonly label: string };
}

/** What is asked for. */
export type Wanted = Pick<RefundOrderRequest, 'refund_fee' | 'reason'> & { readonly takes: Takes };

/** The usual reasons. The shopper reads them in WeChat's message. */
export const REASONS = ['买错了', '重复购买', '协商退款'] as const;

/** WeChat shows the shopper so many bytes of a reason. */
const REASON_BYTES_MAX = 80;
const DAYS_MAX = 3660;

export function newDraft(order: OrderInFull): Draft {
  const mode = leftOf(order) === 0 ? 'none' : 'whole';
  return { mode, amount: '', choice: mode === 'none' ? 'days' : 'proposed', days: '', reason: '' };
}

/** Another amount proposes anew what it takes; what goes with no amount alone is not kept. */
export function withMode(draft: Draft, mode: Mode): Draft {
  return { ...draft, mode, choice: mode === 'none' ? 'days' : 'proposed' };
}

export function showRefund(order: OrderInFull, draft: Draft): RefundShown {
  const fee = feeOf(order, draft);
  const takes = takesOf(order, draft);
  const problem = problemOf(order, draft);
  return {
    modes: modesOf(order, draft),
    choices: choicesOf(order, draft),
    label: fee === 0 ? takesInWords(takes ?? 'none') : `退款 ¥${yuan(fee ?? 0)}`,
    problem,
    confirm: {
      title: fee === 0 ? `${takesInWords(takes ?? 'none')}？` : `退款 ¥${yuan(fee ?? 0)}？`,
      text:
        fee === 0
          ? '不退钱，只改会员时长。'
          : `款项原路退回，提交后不能撤销。\n会员时长：${takesInWords(takes ?? 'none')}。`,
      label: fee === 0 ? '确认扣减' : '确认退款',
    },
  };
}

/** What the draft asks for; undefined while something is missing. */
export function wantedOf(order: OrderInFull, draft: Draft): Wanted | undefined {
  const refund_fee = feeOf(order, draft);
  const takes = takesOf(order, draft);
  if (problemOf(order, draft) !== '' || refund_fee === undefined || takes === undefined) return undefined;
  return { refund_fee, takes, reason: draft.reason.trim() };
}

/** The draft that asks for this, for a request that is to be made once more. */
export function draftOf(order: OrderInFull, { refund_fee, takes, reason }: Wanted): Draft {
  const mode = refund_fee === 0 ? 'none' : refund_fee === leftOf(order) ? 'whole' : 'part';
  const proposed = proposedTakes(order, refund_fee);
  const isProposed = mode !== 'none' && JSON.stringify(proposed) === JSON.stringify(takes);
  const days = typeof takes === 'object' ? String(takes.days) : '';
  const choice = isProposed ? 'proposed' : typeof takes === 'object' ? 'days' : takes;
  return {
    mode,
    amount: mode === 'part' ? yuan(refund_fee) : '',
    choice,
    days: isProposed ? '' : days,
    reason,
  };
}

/** `12`, `12.5` and `12.50` in fen; undefined for everything else. Digits, since yuan as a number would lose a fen. */
export function fenIn(amount: string): number | undefined {
  const read = /^(\d{1,8})(?:[.。](\d{1,2})?)?$/.exec(amount.trim());
  if (read === null) return undefined;
  const [, whole = '', fraction = ''] = read;
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
}

function feeOf(order: OrderInFull, { mode, amount }: Draft): number | undefined {
  if (mode === 'none') return 0;
  return mode === 'whole' ? leftOf(order) : fenIn(amount);
}

function takesOf(order: OrderInFull, draft: Draft): Takes | undefined {
  switch (draft.choice) {
    case 'proposed':
      return proposedTakes(order, feeOf(order, draft) ?? 0);
    case 'days':
      return /^\d{1,4}$/.test(draft.days) ? { days: Number(draft.days) } : undefined;
    default:
      return draft.choice;
  }
}

function problemOf(order: OrderInFull, draft: Draft): string {
  const fee = feeOf(order, draft);
  if (fee === undefined || (draft.mode !== 'none' && fee === 0)) return '请输入退款金额';
  if (fee > leftOf(order)) return `最多可退 ¥${yuan(leftOf(order))}`;
  const takes = takesOf(order, draft);
  if (takes === undefined || (typeof takes === 'object' && takes.days === 0)) return '请输入天数';
  if (typeof takes === 'object' && takes.days > DAYS_MAX) return `最多扣减 ${DAYS_MAX} 天`;
  if (draft.reason.trim() === '') return '请填写原因';
  if (bytesOf(draft.reason.trim()) > REASON_BYTES_MAX || !isOneLine(draft.reason.trim())) return '原因太长';
  return '';
}

function modesOf(order: OrderInFull, { mode }: Draft): Option<Mode>[] {
  const option = (value: Mode, label: string) => ({ value, label, isChosen: value === mode });
  const none = option('none', '不退款');
  return leftOf(order) === 0 ? [none] : [option('whole', '全部'), option('part', '部分'), none];
}

function choicesOf(order: OrderInFull, draft: Draft): Option<Choice>[] {
  const option = (value: Choice, label: string) => ({ value, label, isChosen: value === draft.choice });
  const days = option('days', '指定天数');
  const all = option('all', '收回未用时长');
  if (draft.mode === 'none') return [days, all];
  const proposed = proposedTakes(order, feeOf(order, draft) ?? 0);
  const first = option('proposed', takesInWords(proposed));
  const others = [all, option('none', '不扣时长')].filter(({ value }) => value !== proposed);
  return [first, ...others, days];
}

/** As UTF-8, which WeChat counts. */
function bytesOf(text: string): number {
  return Array.from(text).reduce((sum, character) => {
    const code = character.codePointAt(0) ?? 0;
    return sum + (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
  }, 0);
}
