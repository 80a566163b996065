import { fenOf, thousandthsOfFen } from './bill-amount.ts';
import { type Columns, columnsOf } from './bill-columns.ts';
import { type Line, linesOf } from './bill-lines.ts';
import { problemOfSummary, SUMMARY_BEGINS, type Totals } from './bill-summary.ts';

/** One line of a bill about an order. */
export interface BillRow {
  /**
   * `payment`: money came. `refund`: money was asked back. `foreign`: it is another merchant's. `other`: WeChat uses a word that
   * it has not documented for mini-programs (REVOKED belongs to payment codes).
   */
  readonly kind: 'payment' | 'refund' | 'foreign' | 'other';
  readonly line: number;
  readonly out_trade_no: string;
  readonly transaction_id: string;
  /** Of the order, in fen; 0 in a line about a refund. */
  readonly total_fee: number;
  readonly out_refund_no: string;
  /** Of the refund, in fen; 0 in a line about a payment. */
  readonly refund_fee: number;
  /** Undefined where the line leaves open which part of it the attach is. */
  readonly attach: string | undefined;
  /** What WeChat keeps of the money, in thousandths of a fen; below 0 where it gives some back. */
  readonly fee: number;
}

/** A line that cannot be read; the bill goes on behind it. */
export interface BadLine {
  readonly kind: 'bad-line';
  readonly line: number;
  /** What is wrong, without a word of the line. */
  readonly problem: string;
}

/** The bill is no bill, or not the whole of one. Nothing comes after it. */
export interface NotWhole {
  readonly kind: 'not-whole';
  readonly problem: string;
}

export type BillPart = BillRow | BadLine | NotWhole;

/** A bill longer than this is not read to its end. */
export const BILL_LINES_MAX = 500_000;

/**
 * Reads a bill as downloadbill gives it: text with a byte order mark or without, a line of titles, a line for each payment and
 * refund with a backtick before each value, then two lines with the sums. It is read in pieces as they come, and given in
 * pieces; no more than a piece is held. What the lines come to is compared with the sums.
 *
 * A bill is not signed. Whatever it says is a hint, and orderquery and refundquery decide.
 *
 * @param chunks the text, in UTF-8
 * @param mch_id whose bill it is
 */
export async function* readBill(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  mch_id: string,
): AsyncGenerator<readonly BillPart[]> {
  const reader = new Reader(mch_id);
  for await (const lines of linesOf(chunks)) {
    const parts: BillPart[] = [];
    for (const line of lines) {
      if (!reader.take(line, parts)) break;
    }
    yield parts;
    if (reader.isStopped) return;
  }
  const problem = reader.end();
  if (problem !== undefined) yield [{ kind: 'not-whole', problem }];
}

class Reader {
  readonly #mch_id: string;
  readonly #totals: Totals = { count: 0, total_fee: 0, refund_fee: 0 };
  #columns: Columns | undefined;
  /** The two lines with the sums, once they came. Whatever comes behind them shows that they were none. */
  #summary:
    | { readonly line: number; readonly titles: readonly string[]; fields?: readonly string[] }
    | undefined;
  #badLines = 0;
  isStopped = false;

  constructor(mch_id: string) {
    this.#mch_id = mch_id;
  }

  /** Puts what a line says into `parts`. False where there is nothing more to read. */
  take({ number: line, text }: Line, parts: BillPart[]): boolean {
    const bad = (problem: string) => {
      this.#badLines++;
      parts.push({ kind: 'bad-line', line, problem });
      return true;
    };
    if (!this.#columns) {
      if (text === '') return true;
      this.#columns = text === undefined ? undefined : columnsOf(text.split(','));
      return this.#columns ? true : this.#stop(parts, 'its first line does not name the columns of a bill');
    }
    if (line > BILL_LINES_MAX) return this.#stop(parts, `it has more than ${BILL_LINES_MAX} lines`);
    if (text === undefined) return bad('is too long');
    if (text === '') return true;
    if (this.#summary && !this.#summary.fields && text.startsWith('`')) {
      this.#summary.fields = fieldsOf(text);
      return true;
    }
    if (this.#summary) {
      // Somebody's text looked like the end.
      this.#badLines++;
      parts.push({ kind: 'bad-line', line: this.#summary.line, problem: 'looks like the sums, and is none' });
      this.#summary = undefined;
    }
    if (text.startsWith(SUMMARY_BEGINS)) {
      this.#summary = { line, titles: text.split(',') };
      return true;
    }
    const row = text.startsWith('`')
      ? this.#readRow(line, fieldsOf(text), this.#columns)
      : 'has no backtick at its beginning';
    if (typeof row === 'string') return bad(row);
    this.#totals.count++;
    this.#totals.total_fee += row.total_fee;
    this.#totals.refund_fee += row.refund_fee;
    parts.push(row);
    return true;
  }

  /** Why the bill is not whole, once all of it was read. */
  end(): string | undefined {
    if (!this.#columns) return 'it is empty';
    const { titles, fields } = this.#summary ?? {};
    if (!titles || !fields) return 'it ends without its sums';
    // Sums are of every line, and some could not be read.
    return this.#badLines > 0 ? undefined : problemOfSummary(titles, fields, this.#totals);
  }

  #stop(parts: BillPart[], problem: string): false {
    parts.push({ kind: 'not-whole', problem });
    this.isStopped = true;
    return false;
  }

  #readRow(line: number, fields: readonly string[], columns: Columns): BillRow | string {
    if (fields.length < columns.count)
      return `has ${fields.length} values, and the bill ${columns.count} columns`;
    const read = (name: Parameters<Columns['read']>[1]) => columns.read(fields, name);
    const out_trade_no = read('out_trade_no') ?? '';
    if (!NUMBER.test(out_trade_no)) return 'has no out_trade_no';
    const trade_state = read('trade_state');
    const total_fee = fenOf(read('total_fee') ?? '');
    if (total_fee === undefined) return 'has no amount of the order';
    const refund_fee = fenOf(read('refund_fee') ?? '0');
    if (refund_fee === undefined) return 'has no amount of the refund';
    const fee = thousandthsOfFen(read('fee') ?? '0');
    if (fee === undefined) return 'has no fee';
    const out_refund_no = read('out_refund_no') ?? '';
    if (trade_state === 'REFUND' && !NUMBER.test(out_refund_no)) return 'has no out_refund_no';
    const isForeign = (read('mch_id') ?? this.#mch_id) !== this.#mch_id;
    const transaction_id = read('transaction_id') ?? '';
    const attach = read('attach');
    const kind = isForeign ? 'foreign' : kindOf(trade_state);
    return { kind, line, out_trade_no, transaction_id, total_fee, out_refund_no, refund_fee, attach, fee };
  }
}

/** A number of an order or a refund, as WeChat takes them. */
const NUMBER = /^[\w|*@-]{1,64}$/;

function kindOf(trade_state: string | undefined): BillRow['kind'] {
  if (trade_state === 'SUCCESS') return 'payment';
  return trade_state === 'REFUND' ? 'refund' : 'other';
}

/** The values of a line. A comma alone parts none: a product's name may hold one. */
function fieldsOf(text: string): string[] {
  return text.slice(1).split(',`');
}
