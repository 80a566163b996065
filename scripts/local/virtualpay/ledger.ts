/** 0 live, 1 sandbox, as in requests and events. Answers of query_order say 1 and 2. */
export type Env = 0 | 1;

/** query_order's status of a paying order, and of a refund's own order. */
export const STATUS = {
  INITIAL: 0,
  CREATED: 1,
  PAID: 2,
  DELIVERING: 3,
  DELIVERED: 4,
  REFUNDED: 5,
  CLOSED: 6,
  REFUND_FAILED: 7,
  REFUND_DONE: 8,
} as const;

export type Status = (typeof STATUS)[keyof typeof STATUS];

/** A status in the words of WeChat Pay, so that both ways to pay can be compared with what is stored. */
export function tradeStateOf(status: Status): 'NOTPAY' | 'CLOSED' | 'REFUND' | 'SUCCESS' {
  switch (status) {
    case STATUS.INITIAL:
    case STATUS.CREATED:
      return 'NOTPAY';
    case STATUS.CLOSED:
      return 'CLOSED';
    case STATUS.REFUNDED:
    case STATUS.REFUND_DONE:
      return 'REFUND';
    default:
      return 'SUCCESS';
  }
}

/** One time an event was pushed, or should have been. */
export interface PushAttempt {
  readonly at: Date;
  /** `lost` and `reply lost` are faults that were asked for; `unreachable` is no answer. */
  readonly outcome: 'ok' | 'refused' | 'lost' | 'reply lost' | 'unreachable';
  readonly why?: string;
}

/** An event and what became of it. */
export interface EventRecord {
  /** The body as it is pushed the first time; repeats say in RetryTimes how many there were. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly attempts: readonly PushAttempt[];
  /** When it is pushed next, by schedule. */
  readonly next_at: Date | undefined;
}

export interface Refund {
  readonly refund_order_id: string;
  readonly refund_wx_order_id: string;
  /** Fen. */
  readonly refund_fee: number;
  /** What the request said, so that a repeat can be distinguished from another. Absent where WeChat or Apple began it. */
  readonly request?: string;
  readonly created_at: Date;
  readonly state: 'running' | 'done' | 'failed';
  readonly ended_at?: Date;
  readonly event?: EventRecord;
}

/** What came of a payment; present from PAID on. */
export interface Payment {
  readonly paid_at: Date;
  /** The number at WeChat Pay, or at Apple. */
  readonly transaction_id: string;
  /** query_order knows of it from here on. */
  readonly visible_at: Date;
}

/** An order at WeChat: made by the phone, not by a server. Only the ledger changes it. */
export interface LedgerOrder {
  readonly out_trade_no: string;
  readonly openid: string;
  readonly env: Env;
  readonly product_id: string;
  /** Fen: the registered price, and what is paid. */
  readonly orig_price: number;
  readonly price: number;
  readonly attach: string;
  readonly is_apple: boolean;
  readonly wx_order_id: string;
  readonly channel_order_id: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly status: Status;
  readonly payment?: Payment;
  readonly provided_at?: Date;
  readonly refunds: readonly Refund[];
  /** The deliver event. */
  readonly event?: EventRecord;
  /** After a partial refund the status says REFUNDED until here, and what it was before from then on. */
  readonly odd_until?: Date;
}

export type OrderChange = Partial<
  Pick<LedgerOrder, 'status' | 'payment' | 'provided_at' | 'refunds' | 'event' | 'odd_until'>
>;

/** Virtual payment's book of orders. Time passes in it when it is looked into: nothing is scheduled for expiry. */
export class Ledger {
  readonly #now: () => Date;
  readonly #unpaidLifeMs: number;
  readonly #onChange: (order: LedgerOrder) => void;
  readonly #orders = new Map<string, LedgerOrder>();
  readonly #byId = new Map<string, LedgerOrder>();

  /**
   * @param options.unpaidLifeMs an order that is not paid is closed after so long
   * @param options.onChange called with each order as soon as it changed
   */
  constructor(options: {
    readonly now: () => Date;
    readonly unpaidLifeMs: number;
    readonly onChange?: (order: LedgerOrder) => void;
  }) {
    this.#now = options.now;
    this.#unpaidLifeMs = options.unpaidLifeMs;
    this.#onChange = options.onChange ?? (() => {});
  }

  add(order: LedgerOrder): void {
    this.#orders.set(key(order.env, order.out_trade_no), order);
    this.#name(order);
    this.#onChange(order);
  }

  change(order: LedgerOrder, change: OrderChange): void {
    Object.assign(order, change, { updated_at: this.#now() });
    this.#name(order);
    this.#onChange(order);
  }

  changeRefund(order: LedgerOrder, refund: Refund, change: Partial<Refund>): void {
    const refunds = order.refunds.map((each) =>
      each.refund_order_id === refund.refund_order_id ? { ...each, ...change } : each,
    );
    this.change(order, { refunds });
  }

  find(env: Env, out_trade_no: string): LedgerOrder | undefined {
    return this.#aged(this.#orders.get(key(env, out_trade_no)));
  }

  /** By WeChat's number of the order or of one of its refunds, or by a refund's own number. */
  findNamed(env: Env, id: string): LedgerOrder | undefined {
    return this.#aged(this.#byId.get(key(env, id)));
  }

  all(): LedgerOrder[] {
    return [...this.#orders.values()].map((order) => this.#aged(order) ?? order);
  }

  #name(order: LedgerOrder): void {
    const refunds = order.refunds.flatMap((each) => [each.refund_order_id, each.refund_wx_order_id]);
    for (const id of [order.wx_order_id, ...refunds]) this.#byId.set(key(order.env, id), order);
  }

  #aged(order: LedgerOrder | undefined): LedgerOrder | undefined {
    const now = this.#now();
    const isOver =
      order?.status === STATUS.CREATED && now.getTime() - order.created_at.getTime() >= this.#unpaidLifeMs;
    if (isOver) this.change(order, { status: STATUS.CLOSED });
    return order;
  }
}

/** Fen that went back, counting refunds that are done. */
export function refundedFee({ refunds }: LedgerOrder): number {
  return refunds.reduce((sum, { state, refund_fee }) => (state === 'done' ? sum + refund_fee : sum), 0);
}

/** What query_order says of an order now. */
export function shownStatus(order: LedgerOrder, now: Date): Status {
  const { status, payment, odd_until } = order;
  if (payment && now < payment.visible_at) return STATUS.CREATED;
  return odd_until && now < odd_until ? STATUS.REFUNDED : status;
}

function key(env: Env, id: string): string {
  return `${env} ${id}`;
}
