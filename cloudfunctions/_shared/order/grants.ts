import * as v from 'valibot';
import { endOfTerm, type Term, TermSchema } from './term.ts';

const TermGrantSchema = v.object({
  out_trade_no: v.string(),
  term: TermSchema,
  /** The moment of settlement, never time_end: a payment that is found a month late still gives its whole term. */
  granted_at: v.date(),
  /** When a refund of the order was booked. Without `taken_days` it takes all that was not used by then. */
  cut_at: v.exactOptional(v.date()),
  /** How many days the refund takes off the end. */
  taken_days: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

/** Until when, whatever it came from: what was there before there were grants, was folded, or edited by hand. */
const FixedGrantSchema = v.object({ until: v.date() });

const GrantSchema = v.union([TermGrantSchema, FixedGrantSchema]);

/** What one order gave to a membership. A refund marks it, and never deletes it. */
export type TermGrant = v.InferOutput<typeof TermGrantSchema>;
export type Grant = v.InferOutput<typeof GrantSchema>;

const MembershipSchema = v.object({
  expires_at: v.date(),
  grants: v.fallback(v.optional(v.array(GrantSchema)), undefined),
});

/** A membership as far as it is looked at here: `expires_at` is what everybody reads, and follows from the grants. */
export interface Membership {
  readonly expires_at: Date;
  readonly grants: readonly Grant[];
}

const DAY_MS = 24 * 3_600_000;
/** Grants that ended longer ago are folded into the fixed one: WeChat refunds within a year. */
const FOLDED_AFTER_MS = 400 * DAY_MS;

/**
 * Reads a stored membership; undefined when it has no readable end. Where the stored end is not what the grants give, a
 * human (or the release before) has written it, and that end becomes the fixed grant.
 */
export function readMembership(stored: unknown): Membership | undefined {
  const read = v.safeParse(MembershipSchema, stored);
  if (!read.success) return undefined;
  const { expires_at, grants } = read.output;
  const isOurs = grants !== undefined && replay(grants)?.getTime() === expires_at.getTime();
  return { expires_at, grants: isOurs ? grants : [{ until: expires_at }] };
}

/** Until when a stored membership lasts, which is all that most need of it; undefined when that cannot be read. */
export function endOf(stored: unknown): Date | undefined {
  const read = v.safeParse(MembershipSchema, stored);
  return read.success ? read.output.expires_at : undefined;
}

/** The first moment after a grant. */
function afterwards({ granted_at }: TermGrant): Date {
  return new Date(granted_at.getTime() + 1);
}

/** The membership with one grant more; an order that granted to it already does not grant twice. Never ends earlier. */
export function withGrant(
  membership: Membership | undefined,
  grant: { readonly out_trade_no: string; readonly term: Term; readonly granted_at: Date },
): Membership {
  const { out_trade_no, term } = grant;
  const before = folded(membership?.grants ?? [], grant.granted_at);
  const earlier = before.filter((each) => 'term' in each);
  if (earlier.some((each) => each.out_trade_no === out_trade_no)) return lasting(before, grant.granted_at);
  // Two instances' clocks differ a little: what is booked later counts later, also within a millisecond.
  const granted_at = earlier.reduce(
    (at, each) => (byTurn({ out_trade_no, term, granted_at: at }, each) < 0 ? afterwards(each) : at),
    grant.granted_at,
  );
  return lasting([...before, { out_trade_no, term, granted_at }], granted_at);
}

/**
 * A stored membership after a refund of an order; undefined where it takes nothing: there is none, or what the order
 * gave is used up. The order's own grant is marked. Where it has none of its own (it was granted before there were
 * grants, or is folded), the fixed one is shortened by at most the order's term.
 *
 * @param refund.days so many days off the end; without them all that is not used
 */
export function cutBy(
  stored: unknown,
  refund: {
    readonly out_trade_no: string;
    readonly term: Term;
    readonly cut_at: Date;
    readonly days?: number | undefined;
  },
): Membership | undefined {
  const membership = readMembership(stored);
  if (!membership) return undefined;
  const { cut_at, out_trade_no } = refund;
  const turns = endsOf(membership.grants);
  const own = turns.find(({ grant }) => 'term' in grant && grant.out_trade_no === out_trade_no);
  const concerned = own ?? turns.find(({ grant }) => 'until' in grant);
  // What is used up stays as it was marked: a later mark would give time back.
  if (!concerned || concerned.end <= cut_at) return undefined;
  const { grant } = concerned;
  const cut = 'until' in grant ? shortened(grant, refund) : marked(grant, refund);
  return lasting(
    turns.map((turn) => (turn === concerned ? cut : turn.grant)),
    cut_at,
  );
}

function marked(grant: TermGrant, { cut_at, days }: { cut_at: Date; days?: number | undefined }): TermGrant {
  const { taken_days: before = 0, ...unmarked } = grant;
  // All of it was taken, before it began: days off that must not give the rest back.
  if (grant.cut_at !== undefined && grant.taken_days === undefined) return grant;
  return days === undefined ? { ...unmarked, cut_at } : { ...unmarked, cut_at, taken_days: before + days };
}

function shortened(
  { until }: { until: Date },
  { term, cut_at, days }: { term: Term; cut_at: Date; days?: number | undefined },
): Grant {
  const own_ms = endOfTerm(cut_at, term).getTime() - cut_at.getTime();
  const taken_ms = days === undefined ? own_ms : Math.min(days * DAY_MS, own_ms);
  return { until: latest(cut_at, new Date(until.getTime() - taken_ms)) };
}

function lasting(grants: readonly Grant[], otherwise: Date): Membership {
  return { expires_at: replay(grants) ?? otherwise, grants };
}

/**
 * Until when a list of grants lasts, in whatever order they came in; undefined when there are none. Each begins at the
 * moment it was granted, or at the end of the one before it if that is later.
 */
export function replay(grants: readonly Grant[]): Date | undefined {
  return endsOf(grants).at(-1)?.end;
}

/** The grants in the order in which they count, each with its end. The ends never go back. */
function endsOf(grants: readonly Grant[]): { grant: Grant; end: Date }[] {
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
function byTurn(one: Grant, other: Grant): number {
  if ('until' in one || 'until' in other) return Number('until' in other) - Number('until' in one);
  const apart = one.granted_at.getTime() - other.granted_at.getTime();
  if (apart !== 0) return apart;
  return one.out_trade_no < other.out_trade_no ? -1 : 1;
}

/** The same list, with what ended long ago as one fixed grant. */
function folded(grants: readonly Grant[], now: Date): readonly Grant[] {
  const turns = endsOf(grants);
  const past = turns.filter(({ end }) => now.getTime() - end.getTime() > FOLDED_AFTER_MS);
  const last = past.at(-1);
  if (last === undefined) return grants;
  return [{ until: last.end }, ...turns.slice(past.length).map(({ grant }) => grant)];
}

function latest(one: Date | undefined, other: Date): Date {
  return one !== undefined && one > other ? one : other;
}
