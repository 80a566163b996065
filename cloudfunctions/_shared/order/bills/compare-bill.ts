import { createHash } from 'node:crypto';
import { ChannelError } from '../channel.ts';
import type { Bill, BillPart, BillRow } from './bill.ts';
import { comparePayment } from './compare-payment.ts';
import { compareRefund } from './compare-refund.ts';
import type { BillCursor } from './day.ts';
import { doInTurn, type Task } from './in-turn.ts';
import { Numbers } from './numbers.ts';
import type { BilledOrder, BillPorts } from './ports.ts';
import type { Tally } from './tally.ts';

/** So many lines are compared at a time; a run that ends between two of them loses nothing. */
export const BILL_STEP_LINES = 1000;
/** The database is asked for so many orders at a time. */
const ORDERS_A_READ = 100;

/** How reading a bill went. */
export type BillRead =
  /** To its end. `numbers` are those of all payments in it, `at` is the cursor of its end. */
  | { readonly kind: 'whole'; readonly numbers: Numbers; readonly at: Place }
  /** Time is over, or the payment side wants no more questions; `at` is where to go on. */
  | { readonly kind: 'stopped'; readonly at: Place; readonly error?: ChannelError }
  /** The bill has changed since it was read up to the cursor. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'not-whole'; readonly problem: string };

type Place = Pick<BillCursor, 'lines' | 'digest' | 'paid_from'>;

interface Reading {
  readonly bill: Bill;
  readonly tally: Tally;
  readonly cursor: BillCursor | null;
  readonly isLast: boolean;
  /** Whether no more work may begin. */
  readonly isOver: () => boolean;
}

type Line = { readonly row: BillRow; readonly isTwice: boolean };

/**
 * Compares a bill with the orders, line by line. What comes before the cursor was compared in an earlier run, and is only
 * read: the numbers in it are needed, and that it still says the same.
 */
export async function compareBill(ports: BillPorts, reading: Reading): Promise<BillRead> {
  const { bill, tally, cursor, isOver } = reading;
  const numbers = new Numbers();
  const digest = createHash('sha256');
  const done = cursor?.lines ?? 0;
  let lines = 0;
  let step: Line[] = [];
  const place = (): Place => ({ lines, digest: digest.copy().digest('hex'), paid_from: null });
  let at: Place = { lines: done, digest: cursor?.digest ?? '', paid_from: cursor?.paid_from ?? null };

  for await (const parts of bill.parts()) {
    for (const part of parts) {
      if (part.kind === 'not-whole') {
        // What it has may be true all the same.
        await compareStep(ports, reading, step);
        return part;
      }
      lines++;
      digest.update(textOf(part));
      const isTwice = part.kind === 'payment' && !numbers.add(part.out_trade_no);
      if (lines <= done) {
        if (lines === done && place().digest !== cursor?.digest) return { kind: 'changed' };
        continue;
      }
      if (part.kind === 'bad-line') await noteBadLine(ports, tally, part);
      else step.push({ row: part, isTwice });
      if (step.length < BILL_STEP_LINES) continue;
      const stopped = await compareStep(ports, reading, step);
      if (stopped) return { ...stopped, at };
      step = [];
      at = place();
      if (isOver()) return { kind: 'stopped', at };
    }
  }
  if (lines < done) return { kind: 'changed' };
  const stopped = await compareStep(ports, reading, step);
  return stopped ? { ...stopped, at } : { kind: 'whole', numbers, at: place() };
}

/** What a line says, as far as it is compared. */
function textOf(part: Exclude<BillPart, { kind: 'not-whole' }>): string {
  if (part.kind === 'bad-line') return `${part.line} ${part.problem}\n`;
  const { kind, out_trade_no, transaction_id, total_fee, out_refund_no, refund_fee, fee } = part;
  return `${kind} ${out_trade_no} ${transaction_id} ${total_fee} ${out_refund_no} ${refund_fee} ${fee}\n`;
}

/** The first of them calls a human; the others are counted. */
async function noteBadLine(
  ports: BillPorts,
  tally: Tally,
  { line, problem }: { line: number; problem: string },
): Promise<void> {
  if (tally.countBadLine() > 1) return;
  const message = `Line ${line} ${problem}. The other lines were compared; look for this one, and any like it, in the merchant platform.`;
  await tally.raise(ports, { code: 'BILL_UNREADABLE', out_trade_no: tally.dayId, fee: 0, message });
}

/**
 * Payments come first: a refund is of an order whose payment is booked. Answers why the step could not be done to its end;
 * then it is done again.
 */
async function compareStep(
  ports: BillPorts,
  reading: Reading,
  step: readonly Line[],
): Promise<{ readonly kind: 'stopped'; readonly error?: ChannelError } | undefined> {
  const { tally } = reading;
  const orders = await ordersOf(ports, step);
  const payments: Task[] = [];
  const refunds: Task[] = [];
  for (const { row, isTwice } of step) {
    const { out_trade_no } = row;
    const order = row.kind === 'foreign' ? undefined : orders.get(out_trade_no);
    const later = order ? compareLine(ports, reading, { row, order, isTwice }) : stranger(ports, tally, row);
    if (later) (row.kind === 'refund' ? refunds : payments).push({ out_trade_no, run: later });
  }
  try {
    const isDone = (await doInTurn(ports, reading, payments)) && (await doInTurn(ports, reading, refunds));
    if (isDone) {
      // Those that are new are booked by now.
      await noteRefunds(ports, tally, step.map(({ row }) => row).filter(isRefundIn(orders)));
      tally.keep();
      return undefined;
    }
    tally.takeBack();
    return { kind: 'stopped' };
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    tally.takeBack();
    return { kind: 'stopped', error };
  }
}

function isRefundIn(orders: ReadonlyMap<string, BilledOrder>) {
  return ({ kind, out_trade_no }: BillRow) => kind === 'refund' && orders.has(out_trade_no);
}

/** That the bill has them stands in our refunds, so that those which no bill has can be found. */
async function noteRefunds(
  { billedRefunds }: BillPorts,
  { bill_date }: Tally,
  rows: readonly BillRow[],
): Promise<void> {
  const numbers = rows.map(({ out_refund_no }) => out_refund_no);
  for (let at = 0; at < numbers.length; at += ORDERS_A_READ)
    await billedRefunds.note(numbers.slice(at, at + ORDERS_A_READ), bill_date);
}

async function ordersOf(ports: BillPorts, step: readonly Line[]): Promise<ReadonlyMap<string, BilledOrder>> {
  const wanted = [...new Set(step.map(({ row }) => row.out_trade_no))];
  const reads: Promise<ReadonlyMap<string, BilledOrder>>[] = [];
  for (let at = 0; at < wanted.length; at += ORDERS_A_READ) {
    reads.push(ports.billed.among(wanted.slice(at, at + ORDERS_A_READ)));
  }
  return new Map((await Promise.all(reads)).flatMap((read) => [...read]));
}

function compareLine(
  ports: BillPorts,
  { tally, isLast }: Reading,
  line: Line & { readonly order: BilledOrder },
): (() => Promise<void>) | undefined {
  const { row, order } = line;
  if (row.kind === 'refund') return compareRefund(ports, tally, { row, order });
  if (row.kind === 'payment') return comparePayment(ports, tally, { ...line, isLast });
  tally.countOther();
  return undefined;
}

/** No order of ours: somebody else's, unless our environment is written on it. */
function stranger(ports: BillPorts, tally: Tally, row: BillRow): (() => Promise<void>) | undefined {
  const { kind, out_trade_no, attach, total_fee, refund_fee } = row;
  const isOurs = ports.environment !== undefined && attach === ports.environment;
  if (kind === 'foreign' || !isOurs) {
    tally.countOther();
    return undefined;
  }
  const fee = Math.max(total_fee, refund_fee);
  const message = `The bill of ${tally.bill_date} has ${fee} fen of an order of this environment that is not in the database. Was its document deleted?`;
  return () => tally.raise(ports, { code: 'ORDER_UNKNOWN', out_trade_no, fee, message });
}
