import { beginOf, endOf } from './dates.ts';
import type { BillCursor } from './day.ts';
import type { BilledOrder, BillPorts } from './ports.ts';
import type { Tally } from './tally.ts';

/** How going through the orders that were paid on a day went: where to go on, where time was over. */
export type PaidRead = { readonly kind: 'whole' } | { readonly kind: 'stopped'; readonly from: PaidFrom };

type PaidFrom = NonNullable<BillCursor['paid_from']>;

/**
 * Gives every order that was paid on a day to `work`, a page at a time, until it answers false.
 * @param options.bill_date the day
 * @param options.paid_from where an earlier run came to
 * @param options.limit how many orders a page has
 */
export async function eachPaid(
  ports: BillPorts,
  {
    tally,
    bill_date = tally.bill_date,
    paid_from,
    limit,
    isOver,
  }: {
    tally: Tally;
    bill_date?: string;
    paid_from: BillCursor['paid_from'];
    limit: number;
    isOver: () => boolean;
  },
  work: (orders: readonly BilledOrder[]) => Promise<boolean>,
): Promise<PaidRead> {
  const before = endOf(bill_date);
  let from: BillCursor['paid_from'] = paid_from ?? { time_end: beginOf(bill_date) };
  while (from) {
    if (isOver()) return { kind: 'stopped', from };
    const page = await ports.billed.paid({ from, before, limit });
    tally.keep();
    if (!(await work(page.orders))) {
      tally.takeBack();
      return { kind: 'stopped', from };
    }
    from = page.next;
  }
  return { kind: 'whole' };
}
