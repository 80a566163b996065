import { alarm } from '../alarms.ts';
import type { Order } from '../order.ts';
import type { Ports } from '../ports.ts';
import { lookForRefunds, receiveRefund } from './ask-refund.ts';
import { isOpen } from './refund.ts';

/** What was done with a hint: `done` only after what WeChat says is saved, so that WeChat need not repeat it. */
export type HintOutcome = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly reason: string };

const DONE: HintOutcome = { kind: 'done' };

/**
 * Something says that a refund has ended. It is believed only after WeChat was asked about that refund; one that is booked
 * already, or that is of another order than it says, asks nobody, so that it costs a read. Where it names none, or one that
 * WeChat does not know by that number, or calls unfinished while nobody here waits for it, the order itself is looked at for
 * what was given back.
 */
export async function receiveRefundHint(
  ports: Ports,
  { out_trade_no, out_refund_no }: { out_trade_no: string; out_refund_no: string | undefined },
): Promise<HintOutcome> {
  const [order, refund] = await Promise.all([
    ports.orders.find(out_trade_no),
    out_refund_no === undefined ? undefined : ports.refunds.find(out_refund_no),
  ]);
  if (refund && refund.out_trade_no !== out_trade_no) return { kind: 'refused', reason: 'REFUND_MISMATCH' };
  if (refund?.state === 'SUCCESS') return DONE;
  if (!order) {
    const message = `WeChat reports the refund ${out_refund_no ?? ''} of an order that is not in the database. Is another system using this merchant?`;
    await ports.alarms.raise(alarm('ORDER_UNKNOWN', out_trade_no, message, ports.clock.now()));
    return { kind: 'refused', reason: 'ORDER_UNKNOWN' };
  }
  const report =
    out_refund_no === undefined ? undefined : await ports.channelOf(order).queryRefund(order, out_refund_no);
  if (report === undefined || report.kind === 'absent') return look(ports, order);
  const settlement = await receiveRefund(ports, order, report);
  switch (settlement.kind) {
    case 'moved':
      return DONE;
    case 'kept': {
      // Something says that it has ended, and WeChat is a moment behind. Only one of ours that is open has a turn anyway.
      const isForgotten = report.state === 'PROCESSING' && !(refund && isOpen(refund));
      return settlement.isOutdated || isForgotten ? look(ports, settlement.order) : DONE;
    }
    case 'refused':
      return { kind: 'refused', reason: settlement.code };
    case 'unknown':
      return { kind: 'refused', reason: 'ORDER_UNKNOWN' };
  }
}

async function look(ports: Ports, order: Order): Promise<HintOutcome> {
  return (await lookForRefunds(ports, order)) ? DONE : { kind: 'refused', reason: 'REFUND_UNKNOWN' };
}
