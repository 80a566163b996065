import { type AlarmCode, alarm } from '../alarms.ts';
import type { Ports } from '../ports.ts';
import { type BillCursor, type BillDay, type BillDetail, DETAILS_MAX, NUMBERS_MAX } from './day.ts';
import type { BillDayChange } from './ports.ts';

/** A fee in thousandths of a fen. */
const FEN = 1000;

/** What a run has found out about a day so far. It is saved from time to time, and goes on from what is saved. */
export class Tally {
  readonly #day: BillDay;
  /** What is counted anew when a part of the day is done again. */
  #counted: Counted;
  #kept: Counted;
  readonly #differences: { repaired: number; alarmed: number };
  readonly #details: BillDetail[];

  constructor(day: BillDay) {
    const { cursor, differences } = day;
    this.#day = day;
    // From the beginning, what was repaired and alarmed stays: it was, and comes up no second time.
    this.#differences = { repaired: differences.repaired, alarmed: differences.alarmed };
    this.#details = [...day.details];
    const { payments, refunds, awaited, beside, unknown_refunds = [] } = cursor ? day : NOTHING;
    const { fees, bad_lines, unclear } = cursor ?? NOTHING;
    const others = cursor ? differences.others : 0;
    const lists = { awaited, beside, unknown_refunds };
    this.#kept = copyOf({ payments, refunds, ...lists, others, fees, bad_lines, unclear });
    this.#counted = copyOf(this.#kept);
  }

  /** What was counted up to here is not taken back. */
  keep(): void {
    this.#kept = copyOf(this.#counted);
  }

  /** Takes back what was counted since: that part of the day is done again. What was repaired, was. */
  takeBack(): void {
    this.#counted = copyOf(this.#kept);
  }

  countPayment({ total_fee, fee = 0 }: { total_fee: number; fee?: number }): void {
    add(this.#counted.payments, total_fee);
    this.#counted.fees += fee;
  }

  countRefund({ refund_fee, fee = 0 }: { refund_fee: number; fee?: number }): void {
    add(this.#counted.refunds, refund_fee);
    this.#counted.fees += fee;
  }

  countOther(): void {
    this.#counted.others++;
  }

  countUnclear(): void {
    this.#counted.unclear++;
  }

  /** Answers how many there are. */
  countBadLine(): number {
    return ++this.#counted.bad_lines;
  }

  get isClear(): boolean {
    return this.#counted.unclear === 0;
  }

  get bill_date(): string {
    return this.#day.bill_date;
  }

  get dayId(): string {
    return this.#day._id;
  }

  /** Notes an order that is in this day's bill, and was paid here on another day. */
  besides(out_trade_no: string): void {
    const { beside } = this.#counted;
    if (beside.length < NUMBERS_MAX) beside.push(out_trade_no);
  }

  /** Notes a refund that is in this day's bill, and not known here. */
  meets(out_refund_no: string): void {
    const { unknown_refunds } = this.#counted;
    if (unknown_refunds.length < NUMBERS_MAX) unknown_refunds.push(out_refund_no);
  }

  /** Notes an order that was paid here on this day, and is not in its bill. */
  awaits(out_trade_no: string): 'noted' | 'too-many' {
    const { awaited } = this.#counted;
    if (awaited.length >= NUMBERS_MAX) return 'too-many';
    awaited.push(out_trade_no);
    return 'noted';
  }

  repaired(detail: Omit<BillDetail, 'kind'>): void {
    this.#note({ kind: 'repaired', ...detail });
  }

  /** A human has to look; whoever found it out has raised the alarm. */
  alarmed(detail: Omit<BillDetail, 'kind'>): void {
    this.#note({ kind: 'alarmed', ...detail });
  }

  /** Raises an alarm about an order, or about the day itself. */
  async raise(
    { alarms, clock }: Pick<Ports, 'alarms' | 'clock'>,
    { code, message, ...detail }: Omit<BillDetail, 'kind' | 'code'> & { code: AlarmCode; message: string },
  ): Promise<void> {
    this.alarmed({ ...detail, code });
    await alarms.raise(alarm(code, detail.out_trade_no, message, clock.now()));
  }

  /** What is written of the day: with a cursor to go on from, or from its beginning, or at its end. */
  change(
    how:
      | { readonly state: 'OPEN'; readonly cursor: Pick<BillCursor, 'lines' | 'digest' | 'paid_from'> | null }
      | { readonly state: 'DONE'; readonly finished_at: Date },
  ): BillDayChange {
    const { others, fees, bad_lines, unclear, ...sums } = copyOf(this.#counted);
    return {
      ...sums,
      details: [...this.#details],
      differences: { ...this.#differences, others },
      fees: Math.round(fees / FEN),
      state: how.state,
      cursor: how.state === 'OPEN' && how.cursor ? { ...how.cursor, fees, bad_lines, unclear } : null,
      finished_at: how.state === 'DONE' ? how.finished_at : null,
    };
  }

  #note(detail: BillDetail): void {
    if (this.#details.some((each) => isSame(each, detail))) return;
    this.#differences[detail.kind]++;
    if (this.#details.length < DETAILS_MAX) this.#details.push(detail);
  }
}

interface Counted {
  readonly payments: Sum;
  readonly refunds: Sum;
  readonly awaited: string[];
  readonly beside: string[];
  readonly unknown_refunds: string[];
  others: number;
  /** In thousandths of a fen. */
  fees: number;
  bad_lines: number;
  unclear: number;
}

interface Sum {
  count: number;
  fee: number;
}

const NOTHING: Counted = {
  payments: { count: 0, fee: 0 },
  refunds: { count: 0, fee: 0 },
  awaited: [],
  beside: [],
  unknown_refunds: [],
  ...{ others: 0, fees: 0, bad_lines: 0, unclear: 0 },
};

function copyOf({ payments, refunds, awaited, beside, unknown_refunds, ...numbers }: Counted): Counted {
  const lists = { awaited: [...awaited], beside: [...beside], unknown_refunds: [...unknown_refunds] };
  return { payments: { ...payments }, refunds: { ...refunds }, ...lists, ...numbers };
}

function add(sum: Sum, fee: number): void {
  sum.count++;
  sum.fee += fee;
}

function isSame(one: BillDetail, other: BillDetail): boolean {
  return (
    one.kind === other.kind &&
    one.out_trade_no === other.out_trade_no &&
    one.out_refund_no === other.out_refund_no &&
    one.code === other.code
  );
}
