import { channelNameOf } from '../order.ts';
import { beginOf, dateBeside, dateOf, endOf } from './dates.ts';
import type { BillDay } from './day.ts';
import type { BilledOrder, BillPorts, EndedFrom, EndedRefund } from './ports.ts';

/** A page of refunds, and of their orders. */
const REFUNDS_A_PAGE = 1000;
const ORDERS_A_READ = 100;

/** Every day of a channel that is written, by its date. */
type Days = ReadonlyMap<string, BillDay>;

/** What of a day's refunds is in no bill, or that this cannot be said yet: a bill that may have one of them is still to be read. */
export type Unbilled =
  | { readonly kind: 'known'; readonly refunds: readonly EndedRefund[] }
  | { readonly kind: 'too-early' };

const NONE: Unbilled = { kind: 'known', refunds: [] };

/**
 * The refunds that were booked here as given back on a day and that no bill has. A bill lists a refund on the day on which it was
 * asked for, which is this one or one before; so this can be said once the bill of the day after was compared too, and all of
 * those since the refund was asked for. Of one for which a bill counts that noted no refunds, nothing is said.
 *
 * @param how.isOurs whether an order is one of the merchant and app whose bills they are
 */
export async function unbilledRefunds(
  { billedRefunds, billed }: Pick<BillPorts, 'billedRefunds' | 'billed'>,
  day: BillDay,
  { days, isOurs }: { days: Days; isOurs: (order: BilledOrder) => boolean },
): Promise<Unbilled> {
  if (day.refunds_judged !== false) return NONE;
  const met = new Set([...days.values()].flatMap(({ unknown_refunds = [] }) => unknown_refunds));
  const unbilled: EndedRefund[] = [];
  let from: EndedFrom | undefined = { moment: beginOf(day.bill_date) };
  while (from) {
    const page = await billedRefunds.ended({ from, before: endOf(day.bill_date), limit: REFUNDS_A_PAGE });
    unbilled.push(...page.refunds.filter((refund) => isGivenBack(refund, day) && !isBilled(refund, met)));
    from = page.next;
  }
  const numbers = [...new Set(unbilled.map(({ out_trade_no }) => out_trade_no))];
  const orders = new Map<string, BilledOrder>();
  for (let at = 0; at < numbers.length; at += ORDERS_A_READ)
    for (const [number, order] of await billed.among(numbers.slice(at, at + ORDERS_A_READ)))
      if (isOurs(order)) orders.set(number, order);
  const refunds: EndedRefund[] = [];
  for (const refund of unbilled) {
    const order = orders.get(refund.out_trade_no);
    const bills = order ? billsOf(day, { days, from: askedOn(refund, order) }) : 'silent';
    if (bills === 'unread') return { kind: 'too-early' };
    if (bills === 'read') refunds.push(refund);
  }
  return { kind: 'known', refunds };
}

/** One that only takes days gives nothing back, and WeChat knows nothing of it. */
function isGivenBack(refund: EndedRefund, { channel }: BillDay): boolean {
  return refund.state === 'SUCCESS' && refund.refund_fee > 0 && channelNameOf(refund) === channel;
}

function isBilled({ _id, billed_on }: EndedRefund, met: ReadonlySet<string>): boolean {
  return billed_on !== undefined || met.has(_id);
}

/** The first day whose bill may have a refund. One that was made elsewhere is known here only since it was booked. */
function askedOn({ requested_by, created_at }: EndedRefund, { time_end }: BilledOrder): string | undefined {
  const moment = requested_by === null ? time_end : created_at;
  return moment === null ? undefined : dateOf(moment);
}

/**
 * The bills from a day to the one after another. `silent`: one of them is too old to be looked at here, or was compared without noting
 * refunds, by a release that did not.
 */
function billsOf(
  { bill_date }: BillDay,
  { days, from }: { days: Days; from: string | undefined },
): 'read' | 'unread' | 'silent' {
  const isWritten = from !== undefined && [...days.keys()].some((date) => date <= from);
  if (!isWritten) return 'silent';
  let isRead = true;
  for (let date = from; date <= dateBeside(bill_date, 1); date = dateBeside(date, 1)) {
    const day = days.get(date);
    if (day && day.refunds_judged === undefined) return 'silent';
    isRead &&= day?.state === 'DONE';
  }
  return isRead ? 'read' : 'unread';
}
