import * as v from 'valibot';

/** The most that one product grants at once. */
export const TERM_MONTHS_MAX = 120;
export const TERM_DAYS_MAX = 3660;

const count = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max));

/** For how long a membership is granted: calendar months, or days of 24 hours. Exactly one of the two. */
export const TermSchema = v.union([
  v.strictObject({ months: count(TERM_MONTHS_MAX) }),
  v.strictObject({ days: count(TERM_DAYS_MAX) }),
]);

export type Term = v.InferOutput<typeof TermSchema>;

/** The fields of a term where it lies flat: in an option, a request, an order. */
export const TERM_ENTRIES = { months: count(TERM_MONTHS_MAX) };

export interface TermFields {
  readonly months: number;
}

export function termOf({ months }: TermFields): Term {
  return { months };
}

/** The fields of a term, and nothing else of what carries them. */
export function termFieldsOf({ months }: TermFields): TermFields {
  return { months };
}

/** Each term has a key of its own. */
export function termKey({ months }: TermFields): string {
  return `${months} months`;
}

export function isSameTerm(one: TermFields, other: TermFields): boolean {
  return termKey(one) === termKey(other);
}

const DAY_MS = 24 * 3_600_000;
/** Shoppers live by Beijing's calendar, which has no summer time. */
const BEIJING_MS = 8 * 3_600_000;

/**
 * When a term ends that begins at `from`. Months end on the same day and at the same time in Beijing; where that day
 * does not exist, with the last day of the month, the whole of it. So a later beginning never gives an earlier end:
 * counted from 28 January at noon a month ends on 28 February at noon, and from 31 January at nine not three hours
 * before that.
 */
export function endOfTerm(from: Date, term: Term): Date {
  if ('days' in term) return new Date(from.getTime() + term.days * DAY_MS);
  const beijing = new Date(from.getTime() + BEIJING_MS);
  const day = beijing.getUTCDate();
  beijing.setUTCDate(1);
  beijing.setUTCMonth(beijing.getUTCMonth() + term.months);
  const lastDay = new Date(Date.UTC(beijing.getUTCFullYear(), beijing.getUTCMonth() + 1, 0)).getUTCDate();
  beijing.setUTCDate(Math.min(day, lastDay));
  if (day > lastDay) beijing.setUTCHours(23, 59, 59, 999);
  return new Date(beijing.getTime() - BEIJING_MS);
}

/** About how many days a term has, for a share of it: a month counts as thirty. */
export function daysOfTerm(term: Term): number {
  return 'days' in term ? term.days : term.months * 30;
}

/** A term as the shopper reads it: `3 个月`, `7 天`. */
export function termInWords(term: Term): string {
  return 'days' in term ? `${term.days} 天` : `${term.months} 个月`;
}
