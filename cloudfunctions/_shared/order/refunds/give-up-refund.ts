import { isUnsettled } from '../order.ts';
import type { LedgerTransaction, Ports } from '../ports.ts';
import { refusal } from '../refusal.ts';
import { auditEntry } from './audit.ts';
import { isOpen, type Refund } from './refund.ts';
import { neverArrivedAt } from './refund-schedule.ts';
import { goOn, orLeaveToTimer, type Refunded, type RefundRefusal, read } from './request-refund.ts';

/**
 * Gives a refund up that WeChat does not carry out. From then on nobody sends its number again; what was reserved is
 * free only once WeChat says that it does not have it, long enough after it was last sent. If WeChat has it after all, it
 * goes on as any other. One that failed is for staff to go on with; where nobody can, it is free once it is given up.
 */
export async function giveUpRefund(
  ports: Ports,
  { out_refund_no, by }: { out_refund_no: string; by: string },
): Promise<Refunded | RefundRefusal> {
  const given = await ports.ledger.transaction((transaction) =>
    markAbandoning(transaction, ports, { out_refund_no, by }),
  );
  if ('kind' in given) return given;
  const { order, refund } = await read(ports, given);
  if (!isUnsettled(order)) await orLeaveToTimer(ports, refund, () => goOn(ports, order, refund));
  return read(ports, refund);
}

async function markAbandoning(
  transaction: LedgerTransaction,
  { clock, channelOf }: Pick<Ports, 'clock' | 'channelOf'>,
  { out_refund_no, by }: { out_refund_no: string; by: string },
): Promise<Refund | RefundRefusal> {
  const now = clock.now();
  const refund = await transaction.refund(out_refund_no);
  if (!refund) return refusal('REFUND_NOT_FOUND', 'There is no refund of this out_refund_no.');
  if (!isOpen(refund) || refund.state === 'ABANDONING') return refund;
  const order = await transaction.order(refund.out_trade_no);
  if (refund.state === 'ABNORMAL' && order && channelOf(order).staffGoOnWithRefunds) {
    return refusal('REFUND_NOT_POSSIBLE', 'WeChat has this refund. Go on with it in the merchant platform.');
  }
  const abandoned: Refund = { ...refund, state: 'ABANDONING' };
  const sure = neverArrivedAt(refund);
  await transaction.writeRefund(abandoned);
  await transaction.writeOrder(refund.out_trade_no, { next_query_at: sure > now ? sure : now });
  const details = `${refund.refund_fee} fen of ${refund.out_trade_no}`;
  await transaction.audit(
    auditEntry({ act: 'give-up', by, subject: out_refund_no, details, created_at: now }),
  );
  return abandoned;
}
