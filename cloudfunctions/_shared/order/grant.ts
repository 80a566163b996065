import * as v from 'valibot';
import { endOfTerm, TermSchema } from './term.ts';

export const DAY_MS = 24 * 3_600_000;

const wholeDays = v.pipe(v.number(), v.integer(), v.minValue(0));

const TermGrantSchema = v.object({
  out_trade_no: v.string(),
  term: TermSchema,
  /** The moment of settlement, never time_end: a payment that is found a month late still gives its whole term. */
  granted_at: v.date(),
  /** When a refund of the order was booked. Without `taken_days` it takes all that was not used by then. */
  cut_at: v.exactOptional(v.date()),
  /** How many days the refund takes off the end. */
  taken_days: v.exactOptional(wholeDays),
});

/** What the refunds of an order took off a fixed grant: so many days, or without `taken_days` its whole term. */
const CutSchema = v.object({ out_trade_no: v.string(), taken_days: v.exactOptional(wholeDays) });

/** Until when, whatever it came from: what was there before there were grants, was folded, or edited by hand. */
const FixedGrantSchema = v.object({
  until: v.date(),
  /** So that an order loses its term once, in however many parts it is given back. Absent: nothing was taken. */
  cuts: v.exactOptional(v.array(CutSchema)),
});

export const GrantSchema = v.union([TermGrantSchema, FixedGrantSchema]);

/** What one order gave to a membership. A refund marks it, and never deletes it. */
export type TermGrant = v.InferOutput<typeof TermGrantSchema>;
export type Grant = v.InferOutput<typeof GrantSchema>;
export type FixedGrant = v.InferOutput<typeof FixedGrantSchema>;
export type Cut = v.InferOutput<typeof CutSchema>;

/**
 * Until when a list of grants lasts, in whatever order they came in; undefined when there are none. Each begins at the
 * moment it was granted, or at the end of the one before it if that is later.
 */
export function replay(grants: readonly Grant[]): Date | undefined {
  return endsOf(grants).at(-1)?.end;
}

/** The grants in the order in which they count, each with its end. The ends never go back. */
export function endsOf(grants: readonly Grant[]): { grant: Grant; end: Date }[] {
  let end: Date | undefined;
  return [...grants].sort(byTurn).map((grant) => {
    end = 'until' in grant ? latest(end, grant.until) : endOfGrant(grant, latest(end, grant.granted_at));
    return { grant, end };
  });
}

/** A refund takes what was not used, or so many days of it; what was used up stays used up. */
function endOfGrant({ term, cut_at, taken_days }: TermGrant, start: Date): Date {
  const end = endOfTerm(start, term);
  if (cut_at === undefined) return end;
  const kept =
    taken_days === undefined ? cut_at : latest(new Date(end.getTime() - taken_days * DAY_MS), cut_at);
  return latest(start, kept < end ? kept : end);
}

/** Fixed ones come first; of two settled at the same moment the order number decides. */
export function byTurn(one: Grant, other: Grant): number {
  if ('until' in one || 'until' in other) return Number('until' in other) - Number('until' in one);
  const apart = one.granted_at.getTime() - other.granted_at.getTime();
  if (apart !== 0) return apart;
  return one.out_trade_no < other.out_trade_no ? -1 : 1;
}

export function latest(one: Date | undefined, other: Date): Date {
  return one !== undefined && one > other ? one : other;
}
