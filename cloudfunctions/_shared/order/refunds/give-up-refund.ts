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
 * goes on as any other.
 */
export async function giveUpRefund(
  ports: Ports,
  { out_refund_no, by }: { out_refund_no: string; by: string },
): Promise<Refunded | RefundRefusal> {
  const given = await ports.ledger.transaction((transaction) =>
    markAbandoning(transaction, { out_refund_no, by, now: ports.clock.now() }),
  );
  if ('kind' in given) return given;
  const { order, refund } = await read(ports, given);
  if (!isUnsettled(order)) await orLeaveToTimer(ports, refund, () => goOn(ports, order, refund));
  return read(ports, refund);
}

async function markAbandoning(
  transaction: LedgerTransaction,
  { out_refund_no, by, now }: { out_refund_no: string; by: string; now: Date },
): Promise<Refund | RefundRefusal> {
  const refund = await transaction.refund(out_refund_no);
  if (!refund) return refusal('REFUND_NOT_FOUND', 'There is no refund of this out_refund_no.');
  if (!isOpen(refund) || refund.state === 'ABANDONING') return refund;
  if (refund.state === 'ABNORMAL') {
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
