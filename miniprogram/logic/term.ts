import type { TermView } from '../../cloudfunctions/_shared/contract';
import { addMonths } from './dates';
import { countIn, type Fields } from './fields';

/** For how long an order or an option gives a membership. */
export type Term = Readonly<TermView>;

const MONTHS_MAX = 120;

/** The term in a document or an answer; undefined when it has none that is sold. */
export function termIn(fields: Fields | undefined): Term | undefined {
  const months = countIn(fields?.months);
  return months === undefined || months > MONTHS_MAX ? undefined : { months };
}

/** The term of an order or an option, and nothing else of it. */
export function termOf({ months }: Term): Term {
  return { months };
}

/** A term in a name that is stored or sent: each has its own. */
export function termKey({ months }: Term): string {
  return String(months);
}

/** The key of the term that the parameters of a page name; undefined where they name none. */
export function termKeyIn(query: Readonly<Record<string, string | undefined>>): string | undefined {
  const term = termIn({ months: Number(query.months) });
  return term && termKey(term);
}

/** `3m`, as it stands in the number of an item of virtual payment. */
export function termCode({ months }: Term): string {
  return `${months}m`;
}

export function isSameTerm(one: Term | undefined, other: Term | undefined): boolean {
  return (one && termKey(one)) === (other && termKey(other));
}

/** Shorter ones first. */
export function byLength(one: Term, other: Term): number {
  return one.months - other.months;
}

/** `3` and `个月`. */
export function termParts({ months }: Term): { readonly number: number; readonly unit: string } {
  return { number: months, unit: '个月' };
}

/** `3 个月` */
export function termInWords(term: Term): string {
  const { number, unit } = termParts(term);
  return `${number} ${unit}`;
}

/** When a membership ends that is extended from a moment on. */
export function endOf(from: Date, { months }: Term): Date {
  return addMonths(from, months);
}

/** When the term began that ends at this moment. */
export function startOf(until: Date, { months }: Term): Date {
  return addMonths(until, -months);
}

/** How often the shorter term goes into the longer one; undefined when it does not without a rest. */
export function timesIn(shorter: Term, longer: Term): number | undefined {
  const times = longer.months / shorter.months;
  return Number.isInteger(times) ? times : undefined;
}

/** How many months a price per month is computed for. */
export function monthsOf({ months }: Term): number {
  return months;
}
