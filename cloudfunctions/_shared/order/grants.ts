import * as v from 'valibot';
import {
  byTurn,
  type Cut,
  DAY_MS,
  endsOf,
  type FixedGrant,
  type Grant,
  GrantSchema,
  latest,
  replay,
  type TermGrant,
} from './grant.ts';
import { endOfTerm, type Term } from './term.ts';

const MembershipSchema = v.object({
  expires_at: v.date(),
  grants: v.fallback(v.optional(v.array(GrantSchema)), undefined),
});

/** A membership as far as it is looked at here: `expires_at` is what everybody reads, and follows from the grants. */
export interface Membership {
  readonly expires_at: Date;
  readonly grants: readonly Grant[];
}

/** Grants that ended longer ago are folded into the fixed one: WeChat refunds within a year. */
const FOLDED_AFTER_MS = 400 * DAY_MS;

/**
 * Reads a stored membership; undefined when it has no readable end. Where the stored end is not what the grants give, a
 * human (or the release before) has written it, and that end becomes the fixed grant. What refunds took stays known.
 */
export function readMembership(stored: unknown): Membership | undefined {
  const read = v.safeParse(MembershipSchema, stored);
  if (!read.success) return undefined;
  const { expires_at, grants } = read.output;
  const isOurs = grants !== undefined && replay(grants)?.getTime() === expires_at.getTime();
  return { expires_at, grants: isOurs ? grants : [fixedOf(expires_at, grants)] };
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
  if (!cut) return undefined;
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
  { until, cuts = [] }: FixedGrant,
  {
    out_trade_no,
    term,
    cut_at,
    days,
  }: { out_trade_no: string; term: Term; cut_at: Date; days?: number | undefined },
): FixedGrant | undefined {
  const before = cuts.find((each) => each.out_trade_no === out_trade_no);
  const taken_days = before ? before.taken_days : 0;
  if (taken_days === undefined) return undefined;
  const own_ms = endOfTerm(cut_at, term).getTime() - cut_at.getTime();
  const left_ms = own_ms - taken_days * DAY_MS;
  const isAll = days === undefined || days * DAY_MS >= left_ms;
  const taken_ms = isAll ? Math.max(0, left_ms) : days * DAY_MS;
  const cut = isAll ? { out_trade_no } : { out_trade_no, taken_days: taken_days + days };
  return {
    until: latest(cut_at, new Date(until.getTime() - taken_ms)),
    cuts: [...cuts.filter((each) => each !== before), cut],
  };
}

/** A fixed grant in the place of others. */
function fixedOf(until: Date, grants: readonly Grant[] = []): FixedGrant {
  const cuts = grants.flatMap((grant) => ('until' in grant ? (grant.cuts ?? []) : cutOf(grant)));
  return cuts.length > 0 ? { until, cuts } : { until };
}

function cutOf({ out_trade_no, cut_at, taken_days }: TermGrant): Cut[] {
  if (cut_at === undefined) return [];
  return [{ out_trade_no, ...(taken_days !== undefined && { taken_days }) }];
}

function lasting(grants: readonly Grant[], otherwise: Date): Membership {
  return { expires_at: replay(grants) ?? otherwise, grants };
}

/** The same list, with what ended long ago as one fixed grant. */
function folded(grants: readonly Grant[], now: Date): readonly Grant[] {
  const turns = endsOf(grants);
  const past = turns.filter(({ end }) => now.getTime() - end.getTime() > FOLDED_AFTER_MS);
  const last = past.at(-1);
  if (last === undefined) return grants;
  const list = turns.map(({ grant }) => grant);
  return [fixedOf(last.end, list.slice(0, past.length)), ...list.slice(past.length)];
}
