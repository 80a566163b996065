import { channelNameOf } from '../order.ts';
import { beginOf, endOf } from './dates.ts';
import type { BillDay } from './day.ts';
import type { BilledOrder, BillPorts, EndedFrom, EndedRefund } from './ports.ts';

/** A page of refunds, and of their orders. */
const REFUNDS_A_PAGE = 1000;
const ORDERS_A_READ = 100;

/**
 * The refunds that were booked here as given back on a day and that no bill has. A bill lists a refund on the day on which it was
 * asked for, which is this one or one before; so this can be said once the bill of the day after was compared too.
 *
 * @param how.days every day of the channel that is written
 * @param how.isOurs whether an order is one of the merchant and app whose bills they are
 */
export async function unbilledRefunds(
  { billedRefunds, billed }: Pick<BillPorts, 'billedRefunds' | 'billed'>,
  day: BillDay,
  { days, isOurs }: { days: Iterable<BillDay>; isOurs: (order: BilledOrder) => boolean },
): Promise<readonly EndedRefund[]> {
  if (day.refunds_judged !== false) return [];
  const met = new Set([...days].flatMap(({ unknown_refunds = [] }) => unknown_refunds));
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
  return unbilled.filter(({ out_trade_no }) => orders.has(out_trade_no));
}

/** One that only takes days gives nothing back, and WeChat knows nothing of it. */
function isGivenBack(refund: EndedRefund, { channel }: BillDay): boolean {
  return refund.state === 'SUCCESS' && refund.refund_fee > 0 && channelNameOf(refund) === channel;
}

function isBilled({ _id, billed_on }: EndedRefund, met: ReadonlySet<string>): boolean {
  return billed_on !== undefined || met.has(_id);
}
