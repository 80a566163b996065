import * as v from 'valibot';
import { readAlarm } from '../_shared/cloud/database/stores/alarm-done.ts';
import { readOrder } from '../_shared/cloud/database/stores/orders.ts';
import type { Overview } from '../_shared/cloud/database/stores/overview.ts';
import { readRefund } from '../_shared/cloud/database/stores/refunds.ts';
import type {
  DeskAct,
  DeskGrant,
  DeskHistory,
  DeskOrderInFull,
  DeskRefund,
} from '../_shared/desk-contract.ts';
import { readMembership } from '../_shared/order/grants.ts';
import { isRecord } from '../_shared/order/membership.ts';
import { grantsOf } from '../_shared/order/order.ts';
import { refundViewOf } from '../_shared/order/refunds/refund-view.ts';
import { daysOfTerm } from '../_shared/order/term.ts';
import { alarmView, orderViewOf, readOr } from './views.ts';

/** All that happened to an order, as operators see it. */
export function historyView(
  out_trade_no: string,
  { order, user, refunds, alarms, audit }: Awaited<ReturnType<Overview['order']>>,
): Omit<DeskHistory, 'names' | 'now'> {
  return {
    order: readOr(order, () => orderInFull(order)),
    refunds: refunds.map((refund) => readOr(refund, () => refundView(refund))),
    alarms: alarms.flatMap((document) => readAlarm(document) ?? []).map(alarmView),
    audit: audit.flatMap(actView),
    grants: grantViews(user, out_trade_no),
  };
}

function orderInFull(document: unknown): DeskOrderInFull {
  const order = readOrder(document);
  const { next_query_at, queried_at, query_count, supersedes, superseded_by } = order;
  const gives = grantsOf(order).map(({ membership, term }) => ({ membership, days: daysOfTerm(term) }));
  return {
    ...orderViewOf(order),
    ...{ query_count, gives },
    next_query_at: next_query_at?.toISOString() ?? null,
    queried_at: queried_at?.toISOString() ?? null,
    supersedes: supersedes ?? null,
    superseded_by: superseded_by ?? null,
  };
}

function refundView(document: unknown): DeskRefund {
  const refund = readRefund(document);
  return { ...refundViewOf(refund), ended_at: refund.ended_at?.toISOString() ?? null };
}

const ActSchema = v.object({
  act: v.string(),
  by: v.string(),
  subject: v.string(),
  details: v.string(),
  created_at: v.date(),
});

function actView(document: unknown): DeskAct[] {
  const read = v.safeParse(ActSchema, document);
  return read.success ? [{ ...read.output, created_at: read.output.created_at.toISOString() }] : [];
}

/** What the order gave, as it stands in each membership that can be read. */
function grantViews(user: unknown, out_trade_no: string): DeskGrant[] {
  const memberships = isRecord(user) && isRecord(user.memberships) ? user.memberships : {};
  return Object.entries(memberships).flatMap(([membership, stored]) => {
    const read = readMembership(stored);
    return (read?.grants ?? []).flatMap((grant) => {
      if (!read || !('term' in grant) || grant.out_trade_no !== out_trade_no) return [];
      return {
        membership,
        granted_at: grant.granted_at.toISOString(),
        cut_at: grant.cut_at?.toISOString() ?? null,
        taken_days: grant.taken_days ?? null,
        expires_at: read.expires_at.toISOString(),
      };
    });
  });
}
