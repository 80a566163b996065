import type { SignType } from './sign.ts';
import type { Message } from './xml.ts';

/** Every state the documents name; REVOKED and ACCEPT belong to other products and are only ever set by a test. */
export type TradeState =
  | 'NOTPAY'
  | 'USERPAYING'
  | 'PAYERROR'
  | 'SUCCESS'
  | 'CLOSED'
  | 'REFUND'
  | 'REVOKED'
  | 'ACCEPT';

/** One posting of a notice, or why it did not happen. */
export interface NoticeAttempt {
  readonly at: Date;
  /** SUCCESS and FAIL are what the merchant replied; the rest is why no reply was read. */
  readonly outcome: 'SUCCESS' | 'FAIL' | 'lost' | 'reply lost' | 'unreachable' | 'refused';
  readonly why?: string;
}

/** A coupon that was used: CASH was paid for by whoever issued it, NO_CASH is a reduction that nobody pays for. */
export interface Coupon {
  readonly coupon_id: string;
  readonly coupon_type: 'CASH' | 'NO_CASH';
  /** Fen. */
  readonly coupon_fee: number;
}

/** What came of a payment; present from SUCCESS on. */
export interface Payment {
  readonly transaction_id: string;
  readonly time_end: Date;
  readonly bank_type: string;
  /** Fen: the order's total_fee without what coupons paid. */
  readonly cash_fee: number;
  readonly is_subscribe: 'Y' | 'N';
  /** Left out when none was used. */
  readonly coupons?: readonly Coupon[];
}

/** A refund of an order. PROCESSING ends by itself; CHANGE is one that failed, and that staff have to go on with. */
export interface LedgerRefund {
  readonly out_refund_no: string;
  readonly refund_id: string;
  /** Fen. */
  readonly refund_fee: number;
  readonly refund_desc?: string;
  readonly notify_url?: string;
  readonly refund_status: 'PROCESSING' | 'SUCCESS' | 'CHANGE' | 'REFUNDCLOSE';
  /** Whether the merchant's program asked for it, or staff in the merchant platform. */
  readonly source: 'API' | 'VENDOR_PLATFORM';
  readonly created_at: Date;
  readonly ended_at?: Date;
  /** What happened to its notices, oldest first, and when the next one goes out. */
  readonly notices: readonly NoticeAttempt[];
  readonly next_notice_at?: Date | undefined;
}

/** An order at WeChat. Only the ledger changes it. */
export interface LedgerOrder {
  readonly mch_id: string;
  readonly appid: string;
  readonly out_trade_no: string;
  /** The parameters of unifiedorder as they came, without nonce_str and sign. */
  readonly parameters: Readonly<Message>;
  readonly sign_type: SignType;
  readonly created_at: Date;
  /** When unifiedorder last named it; closing is measured from here. */
  readonly ordered_at: Date;
  readonly prepays: readonly { readonly prepay_id: string; readonly created_at: Date }[];
  readonly trade_state: TradeState;
  readonly payment?: Payment;
  /** Oldest first; left out when there are none. */
  readonly refunds?: readonly LedgerRefund[];
  /** What happened to its notices, oldest first. */
  readonly notices: readonly NoticeAttempt[];
  /** When the next notice goes out by schedule. */
  readonly next_notice_at: Date | undefined;
}

/** What can become of an order. */
export type OrderChange = Partial<
  Pick<
    LedgerOrder,
    'ordered_at' | 'prepays' | 'trade_state' | 'payment' | 'refunds' | 'notices' | 'next_notice_at'
  >
>;

/** Unpaid orders are closed after seven days. */
const ORDER_LIFE_MS = 7 * 24 * 3_600_000;

/** WeChat Pay's book of orders. Time passes in it when it is looked into: nothing is scheduled for expiry. */
export class Ledger {
  readonly #now: () => Date;
  readonly #onChange: (order: LedgerOrder) => void;
  readonly #orders = new Map<string, LedgerOrder>();
  readonly #byId = new Map<string, LedgerOrder>();
  /** By the numbers of their refunds: WeChat's own, and each merchant's. */
  readonly #byRefund = new Map<string, LedgerOrder>();

  /** @param onChange called with each order as soon as it changed */
  constructor(now: () => Date, onChange: (order: LedgerOrder) => void = () => {}) {
    this.#now = now;
    this.#onChange = onChange;
  }

  add(order: LedgerOrder): void {
    this.#orders.set(key(order.mch_id, order.out_trade_no), order);
    for (const { prepay_id } of order.prepays) this.name(order, prepay_id);
    if (order.payment) this.name(order, order.payment.transaction_id);
    this.#nameRefunds(order);
  }

  change(order: LedgerOrder, change: OrderChange): void {
    Object.assign(order, change);
    if (change.refunds) this.#nameRefunds(order);
    this.#onChange(order);
  }

  /** Writes a refund of an order, new or changed. */
  refund(order: LedgerOrder, refund: LedgerRefund): void {
    const { refunds = [] } = order;
    const isKnown = refunds.some(({ out_refund_no }) => out_refund_no === refund.out_refund_no);
    const next = isKnown
      ? refunds.map((each) => (each.out_refund_no === refund.out_refund_no ? refund : each))
      : [...refunds, refund];
    this.change(order, { refunds: next });
  }

  /** The order of a refund that this merchant made, or that was made for it. */
  findRefunded(mch_id: string, out_refund_no: string): LedgerOrder | undefined {
    return this.#byRefund.get(key(mch_id, out_refund_no));
  }

  /** The order of a refund, by WeChat's number of it. */
  findRefund(refund_id: string): LedgerOrder | undefined {
    return this.#byRefund.get(refund_id);
  }

  find(mch_id: string, out_trade_no: string): LedgerOrder | undefined {
    return this.#aged(this.#orders.get(key(mch_id, out_trade_no)));
  }

  /** Makes an order known by a prepay_id or a transaction_id of its own. */
  name(order: LedgerOrder, id: string): void {
    this.#byId.set(id, order);
  }

  findNamed(id: string): LedgerOrder | undefined {
    return this.#aged(this.#byId.get(id));
  }

  all(): LedgerOrder[] {
    return [...this.#orders.values()].map((order) => this.#aged(order) ?? order);
  }

  #nameRefunds(order: LedgerOrder): void {
    for (const { refund_id, out_refund_no } of order.refunds ?? []) {
      this.#byRefund.set(refund_id, order);
      this.#byRefund.set(key(order.mch_id, out_refund_no), order);
    }
  }

  #aged(order: LedgerOrder | undefined): LedgerOrder | undefined {
    if (order && isUnpaid(order) && this.#now().getTime() >= order.created_at.getTime() + ORDER_LIFE_MS) {
      this.change(order, { trade_state: 'CLOSED' });
    }
    return order;
  }
}

/** Whether money may still come: a failed attempt does not end an order. */
export function isUnpaid({ trade_state }: Pick<LedgerOrder, 'trade_state'>): boolean {
  return trade_state === 'NOTPAY' || trade_state === 'USERPAYING' || trade_state === 'PAYERROR';
}

function key(mch_id: string, out_trade_no: string): string {
  return `${mch_id} ${out_trade_no}`;
}
