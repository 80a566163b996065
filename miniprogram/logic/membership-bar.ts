import { addMonths, day, daysBetween } from './dates';

/** How sure the months of this payment are: `add` dashed, `got` solid, `unknown` dashed grey; `held` is what is there already. */
export type Line = 'held' | 'add' | 'got' | 'unknown';

/** The month membershipBar: time already held, then the time a payment adds, drawn in proportion to their days. */
export interface MembershipBar {
  readonly name: string;
  readonly label: string;
  readonly isSure: boolean;
  readonly parts: readonly { readonly line: Line; readonly days: number }[];
  readonly from: string;
  /** The date where the two parts meet; empty when there is one part. */
  readonly meeting: string;
  readonly until: string;
  /** Where there is room for the date of the meeting. */
  readonly layout: 'meeting-right' | 'meeting-left' | 'spread';
}

interface Term {
  readonly name: string;
  readonly months: number;
  /** When the membership ends without this payment; in the past or undefined when nothing is held. */
  readonly heldUntil: Date | undefined;
  readonly now: Date;
}

/** What a payment will add, in the words of whoever asks: `label(true)` when something is held already. */
export function barOfPlan(
  term: Term,
  line: 'add' | 'unknown',
  label: (extends_: boolean) => string,
): MembershipBar {
  const start = startOf(term);
  const until = addMonths(start, term.months);
  const held = daysBetween(term.now, start);
  return {
    ...drawn({ held, added: daysBetween(start, until), line }),
    name: `${term.name}有效期`,
    label: label(isHeld(term)),
    from: isHeld(term) ? '今天' : '付款当日',
    meeting: isHeld(term) && held > 0 ? day(start) : '',
    until: line === 'unknown' ? '结果待确认' : `${day(until)} 到期`,
  };
}

/** What a payment has added, drawn from the day it was paid. */
export function barOfPaid(paid: {
  name: string;
  months: number;
  at: Date;
  until: Date;
  now: Date;
}): MembershipBar {
  const start = addMonths(paid.until, -paid.months);
  // Clamped month ends can put the start a little before the day of payment.
  const held = Math.max(0, daysBetween(paid.at, start));
  return {
    ...drawn({ held, added: daysBetween(start, paid.until), line: 'got' }),
    name: `${paid.name}有效期`,
    label: `${held > 0 ? '已延长' : '已开通'} ${paid.months} 个月`,
    from: daysBetween(paid.at, paid.now) === 0 ? '今天' : day(paid.at),
    meeting: held > 0 ? day(start) : '',
    until: `${day(paid.until)} 到期`,
  };
}

/** What is held while nothing is added; undefined when nothing is. */
export function barOfMembership(term: Term): MembershipBar | undefined {
  if (!isHeld(term)) return undefined;
  return {
    name: `${term.name}有效期`,
    label: '不变',
    isSure: false,
    parts: [{ line: 'held', days: 1 }],
    from: '今天',
    meeting: '',
    until: `${day(startOf(term))} 到期`,
    layout: 'spread',
  };
}

function drawn({ held, added, line }: { held: number; added: number; line: Line }) {
  const share = held > 0 ? added / (held + added) : 0;
  const parts =
    held > 0
      ? [
          { line: 'held' as const, days: held },
          { line, days: added },
        ]
      : [{ line, days: added }];
  return { parts, isSure: line === 'got', layout: layoutFor(share) };
}

/** A date takes a fifth of the bar and the end with its word a third: beyond that the marks are only spread out. */
function layoutFor(share: number): MembershipBar['layout'] {
  if (share >= 0.56) return 'meeting-right';
  return share >= 0.34 ? 'meeting-left' : 'spread';
}

function isHeld({ heldUntil, now }: Term): boolean {
  return heldUntil !== undefined && heldUntil > now;
}

/** Months are added to the later of now and the end of what is held. */
function startOf({ heldUntil, now }: Term): Date {
  return heldUntil !== undefined && heldUntil > now ? heldUntil : now;
}
