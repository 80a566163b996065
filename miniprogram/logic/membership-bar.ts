import { day, daysBetween } from './dates';
import { endOf, startOf, type Term, termInWords } from './term';

/** How sure the term of this payment is: `add` dashed, `got` solid, `unknown` dashed grey; `member` is what is there already. */
export type Line = 'member' | 'add' | 'got' | 'unknown';

/** The days of a membership: those it has already, then the time a payment adds, drawn in proportion to their days. */
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

interface Plan {
  readonly name: string;
  readonly term: Term;
  /** When the membership ends without this payment; in the past or undefined when there is no membership. */
  readonly memberUntil: Date | undefined;
  readonly now: Date;
}

/** What a payment will add, in the words of whoever asks: `label(true)` when there is a membership already. */
export function barOfPlan(
  plan: Plan,
  line: 'add' | 'unknown',
  label: (extends_: boolean) => string,
): MembershipBar {
  const start = beginningOf(plan);
  const until = endOf(start, plan.term);
  const before = daysBetween(plan.now, start);
  return {
    ...drawn({ before, added: daysBetween(start, until), line }),
    name: `${plan.name}有效期`,
    label: label(isMember(plan)),
    from: isMember(plan) ? '今天' : '付款当日',
    meeting: isMember(plan) && before > 0 ? day(start) : '',
    until: line === 'unknown' ? '结果待确认' : `${day(until)} 到期`,
  };
}

/** What a payment has added, drawn from the day it was paid. */
export function barOfPaid(paid: {
  name: string;
  term: Term;
  at: Date;
  until: Date;
  now: Date;
}): MembershipBar {
  const start = startOf(paid.until, paid.term);
  // Clamped month ends can put the start a little before the day of payment.
  const before = Math.max(0, daysBetween(paid.at, start));
  return {
    ...drawn({ before, added: daysBetween(start, paid.until), line: 'got' }),
    name: `${paid.name}有效期`,
    label: `${before > 0 ? '已延长' : '已开通'} ${termInWords(paid.term)}`,
    from: daysBetween(paid.at, paid.now) === 0 ? '今天' : day(paid.at),
    meeting: before > 0 ? day(start) : '',
    until: `${day(paid.until)} 到期`,
  };
}

/** The membership as it is while nothing is added; undefined without one. */
export function barOfMembership(plan: Plan, label: string): MembershipBar | undefined {
  if (!isMember(plan)) return undefined;
  return {
    name: `${plan.name}有效期`,
    label,
    isSure: false,
    parts: [{ line: 'member', days: 1 }],
    from: '今天',
    meeting: '',
    until: `${day(beginningOf(plan))} 到期`,
    layout: 'spread',
  };
}

function drawn({ before, added, line }: { before: number; added: number; line: Line }) {
  const share = before > 0 ? added / (before + added) : 0;
  const parts =
    before > 0
      ? [
          { line: 'member' as const, days: before },
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

function isMember({ memberUntil, now }: Plan): boolean {
  return memberUntil !== undefined && memberUntil > now;
}

/** A term is added to the later of now and the end of the membership. */
function beginningOf({ memberUntil, now }: Plan): Date {
  return memberUntil !== undefined && memberUntil > now ? memberUntil : now;
}
