import type { ErrorCode, OperatorErrorCode } from '../../contract.ts';
import { alarmOf } from '../alarms.ts';
import { ChannelError } from '../channel.ts';
import type { Order } from '../order.ts';
import type { LedgerTransaction, Ports } from '../ports.ts';
import { claimOutOfTurn } from '../reconcile.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { reconcileRefunds, send } from './ask-refund.ts';
import { auditEntry } from './audit.ts';
import { feesOf, withEntry } from './entry.ts';
import { entryOf, isOpen, outRefundNo, type Refund, type Takes } from './refund.ts';
import { nextRefundQueryAt } from './refund-schedule.ts';
import { refundRefused } from './refundable.ts';
import { proposedTakes } from './takes.ts';

/** What somebody who may asks for. */
export interface RefundRequest {
  readonly environment: string;
  /** An operator's openid, or the name an administrator gave. */
  readonly by: string;
  readonly request_id: string;
  readonly out_trade_no: string;
  readonly refund_fee: number;
  readonly reason: string;
  readonly takes?: Takes | undefined;
  readonly expected_refunded_fee: number;
  readonly expected_refunds?: number | undefined;
}

/** A refund and its order, as they are after a call. */
export interface Refunded {
  readonly kind: 'refunded';
  readonly refund: Refund;
  readonly order: Order;
}

export type RefundRefusal = Refusal<OperatorErrorCode | ErrorCode>;

/**
 * Asks for a refund, or finds the one that this request_id asked for before. Refund and reservation are saved in one
 * transaction before WeChat is asked, so that whatever happens then the timer goes on with the same refund, and nobody
 * reserves the same money twice. What WeChat leaves open is answered as PROCESSING: it is not failed.
 */
export async function requestRefund(ports: Ports, request: RefundRequest): Promise<Refunded | RefundRefusal> {
  const reserved = await ports.ledger.transaction((transaction) => reserve(transaction, ports, request));
  if (reserved.kind === 'refusal') return reserved;
  const { refund, order } = reserved;
  if (reserved.isNew) {
    const { out_trade_no, refund_fee } = refund;
    ports.logger.info('refund.reserved', { out_trade_no, out_refund_no: refund._id, refund_fee });
  }
  const ask = () => (reserved.isNew ? send(ports, order, refund) : goOn(ports, order, refund));
  await orLeaveToTimer(ports, refund, ask);
  return read(ports, refund);
}

type Reserved = {
  readonly kind: 'reserved';
  readonly isNew: boolean;
  readonly refund: Refund;
  readonly order: Order;
};

async function reserve(
  transaction: LedgerTransaction,
  { clock, channelOf }: Pick<Ports, 'clock' | 'channelOf'>,
  request: RefundRequest,
): Promise<Reserved | RefundRefusal> {
  const now = clock.now();
  const out_refund_no = outRefundNo(request);
  const order = await transaction.order(request.out_trade_no);
  if (!order) return refusal('ORDER_NOT_FOUND', 'There is no order of this out_trade_no.');
  const known = await transaction.refund(out_refund_no);
  if (known) {
    if (isSame(known, request)) return { kind: 'reserved', isNew: false, refund: known, order };
    const errmsg = `This request_id asked for ${known.refund_fee} fen of ${known.out_trade_no}, taking ${inWords(known.takes)}. Make a new one.`;
    return refusal('REQUEST_ID_REUSED', errmsg, { out_refund_no });
  }
  const refused = refundRefused(order, { ...request, now, channel: channelOf(order) });
  if (refused) return refused;
  const refund = refundOf(request, { order, out_refund_no, now });
  const fees = feesOf(order);
  const change = {
    refund_reserved_fee: fees.reserved + refund.refund_fee,
    refunds: withEntry(order, entryOf(refund)),
    next_query_at: nextRefundQueryAt(refund, now),
  };
  await transaction.writeRefund(refund);
  await transaction.writeOrder(order._id, change);
  await transaction.audit(
    auditEntry({
      act: 'refund',
      by: request.by,
      subject: out_refund_no,
      details: `${refund.refund_fee} fen of ${order._id}, takes ${inWords(refund.takes)}: ${refund.reason}`,
      created_at: now,
    }),
  );
  return { kind: 'reserved', isNew: true, refund, order: { ...order, ...change } };
}

/** Whether a refund is what this asks for. What it takes is compared where it is said: left out, it is the first one's. */
function isSame(known: Refund, { out_trade_no, refund_fee, takes }: RefundRequest): boolean {
  if (known.out_trade_no !== out_trade_no || known.refund_fee !== refund_fee) return false;
  return takes === undefined || inWords(takes) === inWords(known.takes);
}

function inWords(takes: Takes): string {
  return typeof takes === 'string' ? takes : `${takes.days} days`;
}

function refundOf(
  request: RefundRequest,
  { order, out_refund_no, now }: { order: Order; out_refund_no: string; now: Date },
): Refund {
  const { refund_fee, reason, by } = request;
  return {
    _id: out_refund_no,
    out_trade_no: order._id,
    ...(order.channel && { channel: order.channel }),
    ...{ refund_fee, reason, takes: request.takes ?? proposedTakes(order, refund_fee), state: 'PROCESSING' },
    requested_by: by,
    refunded_fee: feesOf(order).refunded,
    created_at: now,
    ...{
      sent_at: null,
      ended_at: null,
      success_time: null,
      refund_id: null,
      err_code: null,
      err_code_des: null,
    },
  };
}

/** A request that is made again asks again, unless WeChat was asked a moment ago. */
export async function goOn(ports: Ports, order: Order, refund: Refund): Promise<void> {
  if (!isOpen(refund)) return;
  const claimed = await claimOutOfTurn(ports, order, ports.clock.now());
  if (claimed) await reconcileRefunds(ports, claimed);
}

/** The refund is saved: what WeChat does not answer now the timer asks about, and the operator is not to ask anew. */
export async function orLeaveToTimer(
  ports: Ports,
  refund: Refund,
  ask: () => Promise<unknown>,
): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    const { reason: code, message } = error;
    ports.logger.warn('refund.query_failed', { out_refund_no: refund._id, ...error.facts });
    await ports.refunds.note(refund, { refund_id: refund.refund_id, err_code: code, err_code_des: message });
    const raised = alarmOf(error, ports.clock.now());
    if (raised) await ports.alarms.raise(raised);
  }
}

export async function read(ports: Ports, { _id, out_trade_no }: Refund): Promise<Refunded> {
  const [refund, order] = await Promise.all([ports.refunds.find(_id), ports.orders.find(out_trade_no)]);
  if (!refund || !order) throw new Error(`The refund ${_id} was there a moment ago and is gone.`);
  return { kind: 'refunded', refund, order };
}
