/** One line of a bill about an order. Amounts are whole fen. A bill is a hint: what is booked is asked for first. */
export interface BillRow {
  /** `payment`: money came. `refund`: money was asked back. `foreign`: another merchant's. `other`: nobody knows. */
  readonly kind: 'payment' | 'refund' | 'foreign' | 'other';
  readonly line: number;
  readonly out_trade_no: string;
  readonly transaction_id: string;
  /** 0 in a line about a refund. */
  readonly total_fee: number;
  readonly out_refund_no: string;
  /** 0 in a line about a payment. */
  readonly refund_fee: number;
  /** The environment, where the line says it. */
  readonly attach: string | undefined;
  /** What the payment side keeps of it, in thousandths of a fen. */
  readonly fee: number;
}

/** A line that cannot be read; the bill goes on behind it. */
export interface BadLine {
  readonly kind: 'bad-line';
  readonly line: number;
  readonly problem: string;
}

/** The bill is none, or not whole. Nothing comes behind it. */
export interface NotWhole {
  readonly kind: 'not-whole';
  readonly problem: string;
}

export type BillPart = BillRow | BadLine | NotWhole;

/** A day's bill, which can be read as often as need be. */
export interface Bill {
  readonly kind: 'bill';
  parts(): AsyncIterable<readonly BillPart[]>;
}

/** The payment side has not made it yet. */
export interface BillNotReady {
  readonly kind: 'bill-not-ready';
}

/** Where a channel's days come from. */
export interface BillSource {
  /** The merchant whose days they are, as its orders have it. */
  readonly mch_id: string;
  /**
   * The bill of a day (yyyymmdd). Undefined where the payment side has none that could be read: then it is asked about each
   * order that was paid on the day.
   * @throws ChannelError
   */
  readonly download?: (of: {
    readonly appid: string;
    readonly bill_date: string;
  }) => Promise<Bill | BillNotReady>;
}
