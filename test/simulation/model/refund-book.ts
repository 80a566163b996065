import type { Chance } from '../chance.ts';
import type { RefundFailure, RefundTruth } from '../payment-side.ts';
import type { Fields } from './messages.ts';
import type { BookAnswer, OrderBook } from './order-book.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const APART_MS = MINUTE_MS;
const PARTS_MAX = 50;

interface BookedRefund {
  readonly out_trade_no: string;
  readonly out_refund_no: string;
  readonly refund_id: string;
  readonly fee: number;
  readonly created: number;
  /** When it is through, and how it is then; WeChat works on it until then. */
  through: number;
  end: 'SUCCESS' | 'CHANGE' | 'REFUNDCLOSE';
  readonly isByStaff: boolean;
}

/** The refunds of one merchant, as the documents of refund and refundquery describe them. */
export class RefundBook {
  readonly #refunds: BookedRefund[] = [];
  readonly #orders: OrderBook;
  readonly #now: () => number;
  readonly #chance: Chance;
  readonly #failure: RefundFailure;

  constructor(
    orders: OrderBook,
    { now, chance, failure }: { now: () => number; chance: Chance; failure: RefundFailure },
  ) {
    this.#orders = orders;
    this.#now = now;
    this.#chance = chance;
    this.#failure = failure;
  }

  refund(request: Readonly<Fields>): BookAnswer {
    const { out_trade_no = '', out_refund_no = '', refund_fee = '', total_fee } = request;
    const order = this.#orders.find(out_trade_no);
    if (!order?.payment) return { err_code: 'ORDERNOTEXIST' };
    if (total_fee !== order.parameters.total_fee || !/^[1-9]\d*$/.test(refund_fee))
      return { err_code: 'PARAM_ERROR' };
    const known = this.#refunds.find((each) => each.out_refund_no === out_refund_no);
    if (known && (known.out_trade_no !== out_trade_no || String(known.fee) !== refund_fee))
      return { err_code: 'REFUND_FEE_MISMATCH' };
    const isLeft = Number(refund_fee) <= this.leftOf(out_trade_no);
    if (known) return this.#again(known, isLeft);
    const earlier = this.#of(out_trade_no);
    if (!isLeft || earlier.length >= PARTS_MAX) return { err_code: 'ERROR' };
    const last = Math.max(0, ...earlier.map(({ created }) => created));
    if (this.#now() - last < APART_MS) return { err_code: 'FREQUENCY_LIMITED' };
    return answerOf(this.#book({ out_trade_no, out_refund_no, fee: Number(refund_fee), isByStaff: false }));
  }

  /** The same number is the same refund; one that came to nothing begins again, where as much is still left. */
  #again(known: BookedRefund, isLeft: boolean): BookAnswer {
    if (this.#stateOf(known) !== 'REFUNDCLOSE') return answerOf(known);
    if (!isLeft) return { err_code: 'ERROR' };
    known.end = 'SUCCESS';
    known.through = this.#now() + MINUTE_MS;
    return answerOf(known);
  }

  refundquery({ out_trade_no = '', out_refund_no = '', offset = '0' }: Readonly<Fields>): BookAnswer {
    const found = this.#refunds.filter((each) =>
      out_refund_no ? each.out_refund_no === out_refund_no : each.out_trade_no === out_trade_no,
    );
    const page = found.slice(Number(offset), Number(offset) + 10);
    const [first] = page;
    if (!first) return { err_code: 'REFUNDNOTEXIST' };
    const listed = page.map((each, place) => ({
      [`out_refund_no_${place}`]: each.out_refund_no,
      [`refund_id_${place}`]: each.refund_id,
      [`refund_fee_${place}`]: String(each.fee),
      [`refund_status_${place}`]: this.#stateOf(each),
    }));
    return Object.assign({ out_trade_no: first.out_trade_no, refund_count: String(page.length) }, ...listed);
  }

  /** Staff give money back; the order is one that was refunded from then on. */
  byStaff(out_trade_no: string, fee: number): void {
    if (fee < 1 || fee > this.leftOf(out_trade_no)) return;
    const out_refund_no = `50${this.#chance.whole(10 ** 10, 10 ** 11)}`;
    this.#book({ out_trade_no, out_refund_no, fee, isByStaff: true });
  }

  leftOf(out_trade_no: string): number {
    const order = this.#orders.find(out_trade_no);
    if (!order?.payment) return 0;
    const taken = this.#of(out_trade_no).filter((each) => this.#stateOf(each) !== 'REFUNDCLOSE');
    return taken.reduce((left, { fee }) => left - fee, Number(order.parameters.total_fee));
  }

  refundedOf(out_trade_no: string): number {
    const through = this.#of(out_trade_no).filter((each) => this.#stateOf(each) === 'SUCCESS');
    return through.reduce((sum, { fee }) => sum + fee, 0);
  }

  all(): readonly RefundTruth[] {
    return this.#refunds.map((each) => {
      const { out_refund_no, fee: refund_fee, isByStaff } = each;
      return { out_refund_no, refund_fee, state: this.#stateOf(each), isByStaff };
    });
  }

  #book(asked: Pick<BookedRefund, 'out_trade_no' | 'out_refund_no' | 'fee' | 'isByStaff'>): BookedRefund {
    const created = this.#now();
    const refund_id = `50${this.#chance.whole(10 ** 10, 10 ** 11)}`;
    // To a balance it takes minutes.
    const through = created + this.#chance.whole(SECOND_MS, 20 * MINUTE_MS);
    const end = asked.isByStaff ? 'SUCCESS' : (this.#failure() ?? 'SUCCESS');
    const refund: BookedRefund = { ...asked, created, refund_id, through, end };
    this.#refunds.push(refund);
    const order = this.#orders.find(asked.out_trade_no);
    if (order) order.state = 'REFUND';
    return refund;
  }

  #of(out_trade_no: string): BookedRefund[] {
    return this.#refunds.filter((each) => each.out_trade_no === out_trade_no);
  }

  /** Staff go on with those that failed. */
  endFailed(): void {
    for (const refund of this.#refunds)
      if (this.#stateOf(refund) === 'CHANGE')
        refund.end = this.#chance.happens(0.5) ? 'SUCCESS' : 'REFUNDCLOSE';
  }

  #stateOf({ through, end }: BookedRefund): 'PROCESSING' | BookedRefund['end'] {
    return this.#now() < through ? 'PROCESSING' : end;
  }
}

function answerOf({ out_trade_no, out_refund_no, refund_id, fee }: BookedRefund): Fields {
  return { out_trade_no, out_refund_no, refund_id, refund_fee: String(fee) };
}
