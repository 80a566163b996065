import * as v from 'valibot';
import type { ChannelName } from '../../contract.ts';
import { CHANNELS } from '../order.ts';

const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(0));
/** How many, and how much in fen. */
const sum = () => v.object({ count: wholeNumber, fee: wholeNumber });

/** The most differences that a day lists one by one; what is beyond is counted. */
export const DETAILS_MAX = 200;
/** The most orders that a day notes as paid at midnight. */
export const NUMBERS_MAX = 1000;

/** How far a run came. A run that ends in the middle leaves it, and the next one goes on from here. */
const CursorSchema = v.object({
  /** So many lines of the bill are done, those that cannot be read among them. */
  lines: wholeNumber,
  /** What those lines said. Where the bill says something else the next time, it is read from its beginning. */
  digest: v.string(),
  /** What the payment side keeps of our money, in thousandths of a fen: bills have fees with more decimals than money. */
  fees: v.pipe(v.number(), v.integer()),
  /** How many lines cannot be read. */
  bad_lines: wholeNumber,
  /** Payments and refunds of which the payment side gave no clear answer: the day is read once more. */
  unclear: wholeNumber,
  /** Where the orders that were paid on the day go on; null while the bill is still read. */
  paid_from: v.nullable(v.object({ time_end: v.date(), after_id: v.exactOptional(v.string()) })),
});

/** Something in which the books did not agree. */
const DetailSchema = v.object({
  /** `repaired`: it was missing here, and is booked now. `alarmed`: a human has to look. */
  kind: v.picklist(['repaired', 'alarmed']),
  out_trade_no: v.string(),
  out_refund_no: v.exactOptional(v.string()),
  /** The alarm that was raised. */
  code: v.exactOptional(v.string()),
  /** In fen, as the payment side has it. */
  fee: wholeNumber,
});

/** A document of `bills`: one day of one channel, compared. Amounts in fen. */
export const BillDaySchema = v.object({
  /** `<channel>:<bill_date>`. */
  _id: v.string(),
  channel: v.picklist(CHANNELS),
  /** yyyymmdd in China's time. */
  bill_date: v.string(),
  /** OPEN: not compared to its end. DONE: never read again. */
  state: v.picklist(['OPEN', 'DONE']),
  /** Counts the writes: a run writes only what it read, so that two at once count nothing twice. */
  revision: wholeNumber,
  cursor: v.nullable(CursorSchema),
  /** What was paid of our orders, and given back of them, as the payment side has it. */
  payments: sum(),
  refunds: sum(),
  /** What the payment side keeps of it. */
  fees: v.pipe(v.number(), v.integer()),
  /**
   * How often the books did not agree: booked from the bill, or told to a human. `others` are lines of the bill that are not
   * ours: of another environment, or of another program that uses the merchant number.
   */
  differences: v.object({ repaired: wholeNumber, alarmed: wholeNumber, others: wholeNumber }),
  /** The first of the differences, one by one. */
  details: v.array(DetailSchema),
  /** Paid here on this day, and not in its bill: the bill of the day after may have it, when it was paid at midnight. */
  awaited: v.array(v.string()),
  /** In this day's bill, and paid here on another day. */
  beside: v.array(v.string()),
  /** Refunds in this day's bill that were not known here: one that is still under way is booked later. Absent: none. */
  unknown_refunds: v.exactOptional(v.array(v.string())),
  /** Whether the refunds that ended on this day were looked for in bills. Absent: that this day's bill has a refund was noted nowhere. */
  refunds_judged: v.exactOptional(v.boolean()),
  created_at: v.date(),
  finished_at: v.nullable(v.date()),
});

export type BillDay = v.InferOutput<typeof BillDaySchema>;
export type BillCursor = v.InferOutput<typeof CursorSchema>;
export type BillDetail = v.InferOutput<typeof DetailSchema>;

export function billDayId(channel: ChannelName, bill_date: string): string {
  return `${channel}:${bill_date}`;
}

/**
 * A day of which nothing is known yet.
 * @param hasBill whether the payment side has a bill of it
 */
export function newBillDay({
  channel,
  bill_date,
  now,
  hasBill = true,
}: {
  channel: ChannelName;
  bill_date: string;
  now: Date;
  hasBill?: boolean;
}): BillDay {
  return {
    _id: billDayId(channel, bill_date),
    ...{ channel, bill_date, state: 'OPEN', revision: 0, cursor: null },
    ...{ payments: { count: 0, fee: 0 }, refunds: { count: 0, fee: 0 }, fees: 0 },
    differences: { repaired: 0, alarmed: 0, others: 0 },
    ...{ details: [], awaited: [], beside: [], created_at: now, finished_at: null },
    ...(hasBill && { refunds_judged: false }),
  };
}
