import { ChannelError } from '../channel.ts';
import { beginOf, endOf } from './dates.ts';
import type { BillCursor } from './day.ts';
import type { BilledOrder, BillPorts } from './ports.ts';
import type { Tally } from './tally.ts';

/**
 * How going through the orders that were paid on a day went: where to go on, where time was over or the payment side wants no
 * more questions.
 */
export type PaidRead =
  | { readonly kind: 'whole' }
  | { readonly kind: 'stopped'; readonly from: PaidFrom; readonly error?: ChannelError };

type PaidFrom = NonNullable<BillCursor['paid_from']>;

/**
 * Gives every order that was paid on a day to `work`, a page at a time, until it answers false, or fails with a ChannelError.
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
    const stopped = await attempt(() => work(page.orders));
    if (stopped) {
      tally.takeBack();
      return { ...stopped, from };
    }
    from = page.next;
  }
  return { kind: 'whole' };
}

/** A failure after which nothing more is to be asked stops the work where it is, as time does. */
async function attempt(
  work: () => Promise<boolean>,
): Promise<{ readonly kind: 'stopped'; readonly error?: ChannelError } | undefined> {
  try {
    return (await work()) ? undefined : { kind: 'stopped' };
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    return { kind: 'stopped', error };
  }
}
